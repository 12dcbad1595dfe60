"""One labelled picture as it was brought, and what a reader of such pictures is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Part = Literal["train", "test"]
Value = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class Example:
    """A picture with its class.

    Attributes:
        split: Where it was brought to; "train" if nothing was said.
        label: Name of its class.
        picture: The content of a picture's file, or its pixels: uint8 (H, W), (H, W, 3) or (H, W, 4). A text instead
            says why there is none.
        file: Name of its file, or its place in an array or a table.
        columns: What else was said of it.
    """

    split: Part
    label: str
    picture: bytes | NDArray[np.uint8] | str
    file: str
    columns: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Skipped:
    """A file that is not among the images, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Listing:
    """What a file holds, seen without decoding a picture.

    Attributes:
        layout: In words: `class folders in a ZIP archive, with train and test`.
        class_names: In the order of their labels.
        counts: Number of examples by split and class name.
        has_test: Whether a test set was brought.
        ordered: Whether the order of the examples is that of an array, which is kept.
        notes: Sentences on how it was understood.
        passed_over: Files that no picture was expected in.
    """

    layout: str
    class_names: tuple[str, ...]
    counts: dict[Part, Counter[str]]
    has_test: bool
    ordered: bool = False
    notes: tuple[str, ...] = ()
    passed_over: tuple[Skipped, ...] = ()

    @property
    def total(self) -> int:
        """Number of examples."""
        return sum(sum(one.values()) for one in self.counts.values())


class Reader(Protocol):
    """Reads one layout of files."""

    @property
    def name(self) -> str:
        """The file's name, for messages."""

    def listing(self) -> Listing:
        """Look through the file without decoding pictures.

        Raises:
            DataError: If it is not what it should be; the sentence names the file.
        """

    def examples(self) -> Iterator[Example]:
        """Yield all examples, always in the same order. A bad picture is one with a text instead of a picture.

        Raises:
            DataError: If the file as a whole cannot be read on.
        """

    def samples(self, most: int) -> list[Example]:
        """Return up to so many examples, some of each class, without reading the others where that can be.

        Raises:
            DataError: As `examples`.
        """
