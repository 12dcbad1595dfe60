"""Examples whose labels stand beside them in an array or a column: what `npz`, `idx`, `csv` and `parquet` share."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.readers.example import Example, Listing, Part, Value
from cnn_dash.datasets.readers.few import few
from cnn_dash.datasets.readers.folders import class_name, natural
from cnn_dash.datasets.readers.limits import MOST_EXAMPLES, refused, require_classes

Picture = bytes | NDArray[np.uint8] | str
Rows = Callable[[], Iterator[tuple[Picture, dict[str, Value]]]]


@dataclass(frozen=True, eq=False)
class TablePart:
    """The examples of one array or table.

    Attributes:
        split: Where they belong.
        where: What they are called, as `x_train`; a row is `x_train[12]`.
        labels: Their classes: whole numbers, or texts; None where there is none.
        rows: Returns an iterator over picture and further columns, in the order of the labels.
    """

    split: Part
    where: str
    labels: Sequence[int | str | None]
    rows: Rows


@dataclass(frozen=True, eq=False)
class TableReader:
    """Reads examples from parts of arrays or tables.

    Attributes:
        name: What was brought.
        layout: In words.
        parts: Training first.
        class_names: By label, if somebody told them.
        notes: How it was understood.
    """

    name: str
    layout: str
    parts: Sequence[TablePart]
    class_names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    _names: dict[int | str, str] = field(init=False)

    def __post_init__(self) -> None:
        found = {label for part in self.parts for label in part.labels if label is not None}
        if sum(len(part.labels) for part in self.parts) > MOST_EXAMPLES:
            raise refused(self.name, f"more than {MOST_EXAMPLES:,} images", "up to that", "Bring fewer images.")
        object.__setattr__(self, "_names", self._named(found))
        require_classes(self.name, self._in_order())

    def listing(self) -> Listing:
        """Return the classes and their counts."""
        counts: dict[Part, Counter[str]] = {"train": Counter(), "test": Counter()}
        for part in self.parts:
            counts[part.split].update(self._names[label] for label in part.labels if label is not None)
        return Listing(
            self.layout,
            self._in_order(),
            counts,
            has_test=any(part.split == "test" for part in self.parts),
            ordered=True,
            notes=self.notes,
        )

    def examples(self) -> Iterator[Example]:
        """Yield all rows in their order."""
        for part in self.parts:
            for number, (label, (picture, columns)) in enumerate(zip(part.labels, part.rows(), strict=False)):
                yield self._example(part, number, label, picture, columns)

    def samples(self, most: int) -> list[Example]:
        """Return a few images of each class, of those for training."""
        part = self.parts[0]
        chosen = few(["" if one is None else self._names[one] for one in part.labels[:100_000]], most)
        found: list[Example] = []
        if chosen:
            wanted = set(chosen)
            for number, (label, (picture, columns)) in enumerate(zip(part.labels, part.rows(), strict=False)):
                if number in wanted:
                    found.append(self._example(part, number, label, picture, columns))
                if number >= chosen[-1]:
                    break
        return found

    def _example(
        self, part: TablePart, number: int, label: int | str | None, picture: Picture, columns: dict[str, Value]
    ) -> Example:
        where = f"{part.where}[{number}]"
        if label is None:
            return Example(part.split, "", "has no label", where)
        return Example(part.split, self._names[label], picture, where, columns)

    def _named(self, found: set[int | str]) -> dict[int | str, str]:
        """Return the shown name of each label, in the order of the labels."""
        if self.class_names is None:
            texts = {one: str(one) if isinstance(one, int) else class_name(one) for one in found}
            return {one: texts[one] for one in sorted(found, key=lambda one: natural(texts[one]))}
        names: dict[int | str, str] = {}
        for one in sorted(found, key=lambda one: (str(type(one)), one)):
            if not isinstance(one, int) or not 0 <= one < len(self.class_names):
                raise refused(
                    self.name,
                    f"the label {one!r} beside {len(self.class_names)} class names",
                    "labels that count from 0, one name for each",
                    "Correct labels or names.",
                )
            names[one] = class_name(self.class_names[one])
        return names

    def _in_order(self) -> tuple[str, ...]:
        names = tuple(self._names.values())
        if len(set(names)) < len(names):
            twice = next(one for one in names if names.count(one) > 1)
            raise refused(
                self.name, f"two classes that both read {twice!r}", "names that differ", "Rename one of them."
            )
        return names
