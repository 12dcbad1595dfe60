"""Parquet with pictures, as Hugging Face keeps data sets: a column of `{bytes, path}` or of bytes, and one of labels.

Names of classes come from what Hugging Face writes into the file's description. Other columns are kept as they are.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cnn_dash.datasets.arrow import arrow, parquet
from cnn_dash.datasets.readers.example import Part, Value
from cnn_dash.datasets.readers.limits import (
    LONGEST_CLASS_NAME,
    MOST_EXAMPLES,
    MOST_PICTURE_BYTES,
    Meter,
    refused,
)
from cnn_dash.datasets.readers.store import Store
from cnn_dash.datasets.readers.tables import Picture, TablePart, TableReader
from cnn_dash.errors import DataError

_LABELS = ("label", "labels", "class", "target", "fine_label", "coarse_label", "character", "y")
_ALLOWED = "a column of pictures, {bytes, path} or bytes, and one of labels, whole numbers or texts"
_NEXT = "Save it with Hugging Face's datasets: dataset.to_parquet(file)."
_BATCH = 32
_MOST_COLUMNS = 20
_LONGEST_TEXT = 500
_MOST_GROUP_BYTES = 2_000_000_000


def is_parquet(path: str) -> bool:
    """Return whether a file is called as one."""
    return path.lower().endswith(".parquet")


def parquet_reader(store: Store) -> TableReader:
    """Return the reader of one file, or of a folder of them: those with `test` in their name are the test set.

    Raises:
        DataError: If one is damaged, or has no such columns.
    """
    if store.in_zip:
        raise refused(store.name, "Parquet files in an archive", "a Parquet file, or a folder of them", "Unpack it.")
    paths = sorted(path for path in store.paths if is_parquet(path)) or list(store.paths)
    tests = {path for path in paths if "test" in path.rpartition("/")[2].lower() and len(paths) > 1}
    tables = [_Table(store, path) for path in sorted(paths, key=lambda path: path in tests)]
    names = {table.names for table in tables}
    if len(names) > 1 or len({table.label for table in tables}) > 1:
        raise refused(store.name, "files whose labels differ", "files of one data set", "Bring one at a time.")
    splits: dict[bool, Part] = {True: "test", False: "train"}
    parts = [TablePart(splits[table.path in tests], table.path, table.labels(), table.rows) for table in tables]
    notes = []
    if any("val" in path.rpartition("/")[2].lower() for path in paths):
        notes.append("Its validation images join those for training: every run sets its own aside, by its seed.")
    test = ", with train and test" if tests and len(tests) < len(paths) else ""
    if tests and len(tests) == len(paths):
        raise refused(store.name, f"only {', '.join(sorted(tests))}", "a file for training among them", "Add it.")
    return TableReader(store.name, f"Parquet with pictures{test}", parts, names.pop(), tuple(notes))


class _Table:
    """One file, of which only the description is read at first."""

    def __init__(self, store: Store, path: str) -> None:
        self.path = path
        self._file, self._name = store.real(path), path if path == store.name else f"{path} in {store.name}"
        try:
            with parquet().ParquetFile(self._file) as opened:
                schema, meta = opened.schema_arrow, opened.metadata
                rows = meta.num_rows
                largest = max((meta.row_group(one).total_byte_size for one in range(meta.num_row_groups)), default=0)
        except DataError:
            raise
        except Exception as error:  # Arrow raises errors of its own, and others, for what is damaged
            raise self._damaged(error) from error
        if not 0 < rows <= MOST_EXAMPLES or largest > _MOST_GROUP_BYTES:
            received = f"{rows:,} rows, in groups of up to {largest / 1e6:,.0f} MB"
            allowed = f"1 to {MOST_EXAMPLES:,} rows, in groups of up to {_MOST_GROUP_BYTES / 1e6:,.0f} MB"
            raise refused(self._name, received, allowed, "Save it with smaller row groups.")
        self.image = self._find_image(schema)
        self.label = self._find_label(schema)
        self.names = _class_names(schema, self.label)
        self._others = _others(schema, {self.image, self.label})

    def labels(self) -> Sequence[int | str | None]:
        """Return the label of every row."""
        found: list[int | str | None] = []
        for batch in self._batches([self.label]):
            found += [_label(one, named=self.names is not None) for one in batch.column(0).to_pylist()]
        return found

    def rows(self) -> Iterator[tuple[Picture, dict[str, Value]]]:
        """Yield pictures and other columns."""
        meter = Meter(self._name, self._file.stat().st_size)
        for batch in self._batches([self.image, *self._others]):
            pictures = batch.column(batch.schema.get_field_index(self.image))
            others = {one: batch.column(batch.schema.get_field_index(one)).to_pylist() for one in self._others}
            for number, one in enumerate(pictures.to_pylist()):
                picture = _content(one)
                meter.add(len(picture))
                yield picture, {name: _value(column[number]) for name, column in others.items()}

    def _batches(self, columns: list[str]) -> Iterator[Any]:
        try:
            with parquet().ParquetFile(self._file) as opened:
                yield from opened.iter_batches(batch_size=_BATCH if self.image in columns else 8_192, columns=columns)
        except DataError:
            raise
        except Exception as error:
            raise self._damaged(error) from error

    def _find_image(self, schema: Any) -> str:
        types = arrow().types
        for field in schema:
            if types.is_struct(field.type) and field.type.get_field_index("bytes") >= 0:
                return str(field.name)
        for field in schema:
            if types.is_binary(field.type) or types.is_large_binary(field.type):
                return str(field.name)
        raise refused(self._name, f"the columns {_named(schema)}", _ALLOWED, _NEXT)

    def _find_label(self, schema: Any) -> str:
        types = arrow().types
        fit = [
            field.name
            for field in schema
            if types.is_integer(field.type)
            or types.is_string(field.type)
            or types.is_large_string(field.type)
            or (types.is_dictionary(field.type) and types.is_string(field.type.value_type))
        ]
        named = [one for known in _LABELS for one in fit if one.lower() == known]
        if not named and len(fit) != 1:
            raise refused(self._name, f"the columns {_named(schema)}", f"{_ALLOWED}, called label", _NEXT)
        return str((named or fit)[0])

    def _damaged(self, error: Exception) -> DataError:
        said = " ".join(str(error).split())[:200] or type(error).__name__
        return refused(self._name, f"a damaged Parquet file ({said})", "a whole one", "Download it again.")


def _class_names(schema: Any, label: str) -> tuple[str, ...] | None:
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
        names = features[label].get("names")
        return tuple(map(str, names)) if isinstance(names, list) and names else None
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def _others(schema: Any, used: set[str]) -> list[str]:
    types = arrow().types
    kinds = (types.is_integer, types.is_floating, types.is_boolean, types.is_string, types.is_large_string)
    found = [field.name for field in schema if field.name not in used and any(fits(field.type) for fits in kinds)]
    return [str(one) for one in found if found.count(one) == 1][:_MOST_COLUMNS]


def _content(value: Any) -> bytes | str:
    if isinstance(value, dict):
        value = value.get("bytes")
    if not isinstance(value, bytes):
        return "has no picture in its row"
    return value if len(value) <= MOST_PICTURE_BYTES else f"is too large: {len(value) / 1e6:,.1f} MB"


def _label(value: Any, *, named: bool) -> int | str | None:
    if isinstance(value, str):
        return value if 0 < len(value) <= LONGEST_CLASS_NAME else None
    return None if value is None or (named and value < 0) else int(value)  # -1: Hugging Face's "not labelled"


def _value(value: Any) -> Value:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value


def _named(schema: Any) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)[:300]
