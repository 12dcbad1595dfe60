"""A data set of any shape and number of classes, from a source of another kind than those that come with CNN Dash."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.sources.protocol import OnProgress, SourceArrays


@dataclass
class FolderSource:
    """A person's own arrays in a folder."""

    info: DatasetInfo
    folder: Path
    reads: list[Path] = field(default_factory=list)

    def is_local(self, data_dir: Path) -> bool:
        return self.folder.is_dir()

    def problem(self, data_dir: Path) -> str | None:
        return None

    def fetch(self, data_dir: Path, progress: OnProgress | None = None) -> None: ...

    def files(self, data_dir: Path) -> tuple[Path, ...]:
        return tuple(sorted(self.folder.iterdir()))

    def read(self, data_dir: Path) -> SourceArrays:
        self.reads.append(self.folder)
        return SourceArrays(np.load(self.folder / "images.npy"), np.load(self.folder / "labels.npy"))


def own_dataset(folder: Path, shape: tuple[int, int, int], classes: int, of_each: int = 7) -> FolderSource:
    """So many images of each class, of which one in seven is held out for the test: a colour or grey level, in noise.

    Args:
        folder: Where to put it; it is made.
        shape: Height, width and channels.
        classes: Number of classes.
        of_each: Images of each class, a multiple of seven.
    """
    folder.mkdir()
    random = np.random.default_rng(3)
    labels = np.arange(of_each * classes).astype(np.uint16) % classes
    level = random.integers(60, 196, (classes, 1, 1, shape[2]))
    level[:3, ..., 0] = np.array([60, 195, 128])[:classes, None, None]
    images = (level[labels] + random.integers(-60, 61, (len(labels), *shape))).astype(np.uint8)
    np.save(folder / "images.npy", images if shape[2] > 1 else images[..., 0])
    np.save(folder / "labels.npy", labels)
    names = tuple(f"class {number}" for number in range(classes))
    test = classes * of_each // 7
    info = DatasetInfo("own", "Own", "Noise.", names, len(labels) - test, test, "none", "http://localhost/", shape)
    return FolderSource(info, folder)
