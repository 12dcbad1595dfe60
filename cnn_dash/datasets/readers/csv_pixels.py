"""Tables of pixels: a row for each image, its label and then its grey values, as Kaggle has digits.

With a header (`label,pixel0,pixel1,…`) or without; then the label is the first column, or the last one if only that
leaves a square. In a folder or a ZIP archive, a file with `test` in its name is the test set, if it has labels.
"""

import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np

from cnn_dash.datasets.readers.example import Part, Value
from cnn_dash.datasets.readers.limits import LONGEST_CLASS_NAME, MOST_EXAMPLES, refused
from cnn_dash.datasets.readers.store import Store
from cnn_dash.datasets.readers.tables import Picture, TablePart, TableReader
from cnn_dash.errors import DataError

_LABELS = ("label", "class", "target", "y", "digit", "labels")
_LONGEST_LINE = 4_000_000
_LOOKED_AT = 50  # rows, to tell 0–1 from 0–255
_LOOKED_AT_CHARACTERS = 1_000_000  # of long rows fewer: cells that are split take some fifty times their text
_ALLOWED = "label,pixel0,pixel1,…: a label and the grey values of a square image in each row"
_NEXT = "Save it with one image a row and the label in the first column."


def is_csv(path: str) -> bool:
    """Return whether a file is called as one."""
    return path.lower().endswith((".csv", ".csv.gz"))


def csv_reader(store: Store) -> TableReader:
    """Return the reader of one table, or of one for training and one for the test.

    Raises:
        DataError: If there is no such table.
    """
    paths = [path for path in store.paths if is_csv(path)] or list(store.paths)
    tests = [path for path in paths if "test" in path.rpartition("/")[2].lower()]
    tables = [(path, "test" if path in tests and len(paths) > 1 else "train") for path in paths]
    parts: list[TablePart] = []
    notes: list[str] = []
    splits: tuple[Part, ...] = ("train", "test")
    for split in splits:
        for path in [path for path, part in tables if part == split]:
            labelled = any(word in path.lower() for word in ("train", "label")) or len(paths) == 1 or split == "test"
            if split == "train" and not labelled:  # as `sample_submission.csv`
                notes.append(f"{path} is passed over: its name says neither train nor test.")
                continue
            try:
                table = _Table.of(store, path)
            except DataError:
                if not parts:
                    raise
                notes.append(f"{path} is passed over: it has other columns, perhaps no labels.")
                continue
            parts.append(TablePart(split, path, table.labels(), _Rows(table)))
    if not parts:
        raise refused(store.name, f"{', '.join(paths[:5])}, none of them for training", _ALLOWED, "Call it train.csv.")
    test = ", with train and test" if len({part.split for part in parts}) > 1 else ""
    return TableReader(store.name, f"a table of pixels{test}", parts, None, tuple(notes))


@dataclass(frozen=True)
class _Table:
    """One table.

    Attributes:
        store: Where it is.
        path: Its name there.
        header: Whether its first line names the columns.
        label: Place of the label's column.
        columns: Number of columns.
        side: Height and width of the images.
        factor: By which values are multiplied: 255 if they are from 0 to 1.
    """

    store: Store
    path: str
    header: bool
    label: int
    columns: int
    side: int
    factor: float

    @classmethod
    def of(cls, store: Store, path: str) -> "_Table":
        """Look at the first rows."""
        where = path if path == store.name else f"{path} in {store.name}"
        with store.open(path) as file:
            lines = _first(_lines(file, where))
        if not lines:
            raise refused(where, "a table without a row", _ALLOWED, _NEXT)
        first = [one.strip().strip('"') for one in lines[0].split(",")]
        header = not any(map(_is_number, first[1:-1] or first))
        columns = len(first)
        side = math.isqrt(columns - 1) if columns > 1 else 0
        if side * side != columns - 1 or side < 2:
            received = f"{columns:,} columns, so {columns - 1:,} pixels, which is no square"
            raise refused(where, received, _ALLOWED, _NEXT)
        named = [place for place, one in enumerate(first) if header and one.lower() in _LABELS]
        label = named[0] if named else 0
        sample = [line.split(",") for line in lines[header:]]
        if not named and any(not _is_number(row[-1]) for row in sample if len(row) == columns):
            label = columns - 1
        values = [one for row in sample for place, one in enumerate(row) if place != label]
        small = [float(one) for one in values if _is_number(one)]
        unit = bool(small) and max(small) <= 1 and any("." in one for one in values)
        return cls(store, path, header, label, columns, side, 255.0 if unit else 1.0)

    def lines(self) -> Iterator[str]:
        """Yield the rows without the header."""
        where = self.path if self.path == self.store.name else f"{self.path} in {self.store.name}"
        with self.store.open(self.path) as file:
            found = _lines(file, where)
            if self.header:
                next(found, None)
            yield from found

    def labels(self) -> Sequence[int | str | None]:
        """Return the label of every row; None where there is none."""
        found: list[int | str | None] = []
        known: dict[str, int | str | None] = {}
        last = self.label == self.columns - 1
        for line in self.lines():
            cells = line.rpartition(",")[2:] if last else line.split(",", self.label + 1)[self.label :]
            text = cells[0] if cells else ""
            if text not in known:
                if len(known) > 100_000:
                    break  # no labels; too many classes are refused
                known[text] = _label(text)
            found.append(known[text])
            if len(found) > MOST_EXAMPLES:
                break
        return found


class _Rows:
    """Yields the images of a table."""

    def __init__(self, table: _Table) -> None:
        self.table = table

    def __call__(self) -> Iterator[tuple[Picture, dict[str, Value]]]:
        for line in self.table.lines():
            yield self._image(line), {}

    def _image(self, line: str) -> Picture:
        table = self.table
        cells = line.split(",")
        if len(cells) != table.columns:
            return f"has {len(cells):,} columns instead of {table.columns:,}"
        del cells[table.label]
        try:
            values = np.array(array("d", map(float, cells))) * table.factor
        except ValueError:
            return "has a value that is no number"
        if not (np.isfinite(values).all() and values.min() >= 0 and values.max() <= 255):
            return "has a value beyond 0 to 255"
        return np.rint(values).astype(np.uint8).reshape(table.side, table.side)


def _lines(file: IO[bytes], where: str) -> Iterator[str]:
    while line := file.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise refused(where, f"a line of more than {_LONGEST_LINE / 1e6:.0f} MB", _ALLOWED, _NEXT)
        text = line.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r\n")
        if "\0" in text:
            raise refused(where, "bytes that are no text", _ALLOWED, _NEXT)
        if text.strip():
            yield text


def _first(lines: Iterator[str]) -> list[str]:
    """Return the first rows, two at least if there are so many."""
    found: list[str] = []
    for line in lines:
        found.append(line)
        if len(found) >= _LOOKED_AT or (len(found) > 1 and sum(map(len, found)) > _LOOKED_AT_CHARACTERS):
            break
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _label(text: str) -> int | str | None:
    text = text.strip().strip('"')
    if not text or len(text) > LONGEST_CLASS_NAME:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and abs(number) < 1e9 else text
