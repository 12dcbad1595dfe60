"""The training images of a data set without one part, which takes the place of the test set (k-fold cross-validation).

`flowers.fold2of5` is the second of five: its network never sees the second fifth of the training images of `flowers`,
and is tested on it. Together, the networks of all five say what each training image is taken for by one that has not
learned from it. The test images of `flowers` are in none of them.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.datasets.sources.protocol import DatasetSource, OnProgress, SourceArrays
from cnn_dash.datasets.splits import HELD_OUT_SEED, Indices, permutation

_NAME = re.compile(r"(.+)\.fold([1-9])of([2-9])")


@dataclass(frozen=True)
class Fold:
    """One of the parts into which training images are divided.

    Attributes:
        whole: Name of the data set.
        number: Which part is held out, from 1.
        folds: How many parts there are, 2 to 9.
    """

    whole: str
    number: int
    folds: int

    @classmethod
    def of(cls, name: str) -> "Fold | None":
        """Return what a name of a data set says: `flowers.fold2of5`; None if it names a whole data set."""
        match = _NAME.fullmatch(name)
        if match is None or int(match[2]) > int(match[3]):
            return None
        return cls(match[1], int(match[2]), int(match[3]))

    @property
    def name(self) -> str:
        """Its name as a data set."""
        return f"{self.whole}.fold{self.number}of{self.folds}"

    def held_out(self, labels: NDArray[np.integer]) -> Indices:
        """Return the positions of the images that are held out, in rising order.

        The parts have equally many images of each class, and of all, give or take one; they depend on nothing else.

        Args:
            labels: int (N,), those of all training images.
        """
        shuffled = permutation(len(labels), HELD_OUT_SEED)
        by_class = shuffled[np.argsort(labels[shuffled], kind="stable")]
        return np.sort(by_class[self.number - 1 :: self.folds])

    def size(self, count: int) -> int:
        """Return how many of `count` training images are held out."""
        return len(range(self.number - 1, count, self.folds))


@dataclass(frozen=True)
class FoldSource:
    """A data set of which a part of the training images takes the place of the test set.

    Attributes:
        fold: Which part.
        whole: Where the data set comes from.
    """

    fold: Fold
    whole: DatasetSource

    @property
    def info(self) -> DatasetInfo:
        """Name, origin, classes and size."""
        info, fold = self.whole.info, self.fold
        held_out = fold.size(info.train_count)
        return replace(
            info,
            name=fold.name,
            title=f"{info.title}, without part {fold.number} of {fold.folds}",
            description=f"{info.description} Part {fold.number} of {fold.folds} of its training images is held out as "
            "the test set.",
            train_count=info.train_count - held_out,
            test_count=held_out,
            content_hash=self._hash(info.content_hash) if info.content_hash else "",
        )

    def is_local(self, data_dir: Path) -> bool:
        """Return whether the whole set can be read without a download."""
        return self.whole.is_local(data_dir)

    def problem(self, data_dir: Path) -> str | None:
        """Say which files of the whole set cannot be used."""
        return self.whole.problem(data_dir)

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None:
        """Download what is missing of the whole set."""
        self.whole.fetch(data_dir, progress)

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        """Return the files of the whole set."""
        return self.whole.files(data_dir)

    def read(self, data_dir: Path) -> SourceArrays:
        """Read the whole set; `cut` makes this one of it."""
        return self.whole.read(data_dir)

    def cut(self, made: Imported) -> Imported:
        """Return this part of the whole set in its internal form."""
        held_out = self.fold.held_out(made.train_labels)
        learned = np.delete(np.arange(len(made.train_labels)), held_out)
        return Imported(
            made.class_names,
            made.train_images[learned],
            made.train_labels[learned],
            made.train_images[held_out],
            made.train_labels[held_out],
            self._hash(made.content_hash),
        )

    def _hash(self, of_whole: str) -> str:
        return hashlib.sha256(f"{of_whole} {self.fold.number} of {self.fold.folds}".encode()).hexdigest()
