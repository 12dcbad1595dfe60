"""What is known of one version of an own data set: the content of its `manifest.json`."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from cnn_dash.datasets.internal_format import ARRAYS, FileStamp
from cnn_dash.errors import DataError, DataNotFound

FORMAT = 1
MANIFEST = "manifest.json"
EXAMPLES = "examples.parquet"
MOST_LISTED = 1_000
"""Of the skipped files, that are named; all are counted."""


@dataclass(frozen=True)
class ImportOptions:
    """How pictures become images.

    Attributes:
        size: Height and width in pixels.
        colour: "grey" or "rgb".
        fit: "fit" shows the whole picture, with a border in the colour of its edge; "fill" cuts its longer side.
        test_fraction: Share of each class that is held out for the test where none was brought.
    """

    size: int = 28
    colour: str = "grey"
    fit: str = "fit"
    test_fraction: float = 0.2

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the images."""
        return self.size, self.size, 1 if self.colour == "grey" else 3


DEFAULT_OPTIONS = ImportOptions()


@dataclass(frozen=True)
class SkippedFile:
    """A file that is not among the images, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    """One version of a data set.

    Attributes:
        format: Of the folder.
        name: Name of the set, without a version.
        version: From 1.
        parent: Full name of the version that it was derived from; empty for an import.
        changes: What differs from the parent, a sentence each.
        title: As it was imported; `about.json` has the present one.
        licence: Who made it and what may be done with it, as it was imported.
        source: Name of the file that was imported.
        layout: What that held, in words.
        class_names: The index is the label.
        counts: Number of images by split ("train", "test") and class, in the order of the classes.
        image_shape: Height, width, channels.
        options: How pictures became images.
        content_hash: As in `internal_format`.
        created: When, in seconds since 1970.
        notes: Sentences on how the file was understood.
        skipped: Bad pictures and other files, the first of them.
        skipped_count: How many there are.
        arrays: Size and times of the arrays' files.
    """

    format: int
    name: str
    version: int
    parent: str
    changes: tuple[str, ...]
    title: str
    licence: str
    source: str
    layout: str
    class_names: tuple[str, ...]
    counts: dict[str, tuple[int, ...]]
    image_shape: tuple[int, int, int]
    options: ImportOptions
    content_hash: str
    created: float
    notes: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]
    skipped_count: int
    arrays: tuple[FileStamp, ...]

    @property
    def total(self) -> dict[str, int]:
        """Number of images by split."""
        return {split: sum(counts) for split, counts in self.counts.items()}


_ADAPTER = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it into the folder of a version."""
    (folder / MANIFEST).write_bytes(_ADAPTER.dump_json(manifest, indent=2))


def read_manifest(folder: Path) -> Manifest:
    """Read it from the folder of a version.

    Raises:
        DataNotFound: If there is none.
        DataError: If it is damaged.
    """
    file = folder / MANIFEST
    try:
        status = file.stat()
        return _read(file, status.st_mtime_ns, status.st_size)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataNotFound(f"There is no data set in {folder}. Received: no {MANIFEST}. Import it again.") from error
    except (OSError, ValidationError) as error:
        raise DataError(
            f"{file} cannot be read. Received: {type(error).__name__}. Allowed: the file as it was written. Delete the "
            "data set and import it again."
        ) from error


def array_stamps(folder: Path) -> tuple[FileStamp, ...]:
    """Return size and content time of the arrays, by names alone; other times change when a folder is copied."""
    found = (FileStamp.of(folder / f"{name}.npy") for name in ARRAYS)
    return tuple(FileStamp(Path(one.path).name, one.size_bytes, one.modified_ns, 0) for one in found)


@lru_cache(maxsize=256)  # some kB each; every drawing of a page asks for all of them
def _read(file: Path, modified_ns: int, size: int) -> Manifest:
    return _ADAPTER.validate_json(file.read_bytes())
