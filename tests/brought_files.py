"""One small data set in every form in which people bring them: thirty pictures of 8×8, three classes."""

import gzip
import io
import json
import struct
import tarfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.class_folders import SHAPES, files, pack, picture

IMAGES = np.random.default_rng(5).integers(0, 256, (30, 8, 8), dtype=np.uint8)
LABELS = np.arange(30, dtype=np.uint8) % 3


def tar(path: Path, contents: Mapping[str, bytes], mode: str = "w") -> Path:
    """Write a tar archive; `mode` "w:gz" packs it."""
    with tarfile.open(path, mode) as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def on_disk(path: Path, contents: Mapping[str, bytes]) -> Path:
    """Write a folder of files."""
    for name, content in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def npz(path: Path, **arrays: np.ndarray) -> Path:
    """Write a NumPy file; without arrays, that of the data set."""
    arrays = arrays or {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES[:9], "y_test": LABELS[:9]}
    np.savez_compressed(path, **arrays)
    return path


def idx_images(images: np.ndarray = IMAGES) -> bytes:
    """Return an IDX file of images."""
    return struct.pack(">4B3I", 0, 0, 8, 3, *images.shape) + images.tobytes()


def idx_labels(labels: np.ndarray = LABELS) -> bytes:
    """Return an IDX file of labels."""
    return struct.pack(">4BI", 0, 0, 8, 1, len(labels)) + labels.tobytes()


def idx_files() -> dict[str, bytes]:
    """Return the four files, named and packed in several ways."""
    return {
        "train-images-idx3-ubyte.gz": gzip.compress(idx_images(), mtime=0),
        "train-labels-idx1-ubyte": idx_labels(),
        "t10k-images.idx3-ubyte": idx_images(IMAGES[:9]),
        "t10k-labels.idx1-ubyte.gz": gzip.compress(idx_labels(LABELS[:9]), mtime=0),
    }


def csv(*, header: bool = True, last: bool = False) -> str:
    """Return a table of pixels."""
    rows = []
    for image, label in zip(IMAGES, LABELS, strict=True):
        pixels = list(map(str, image.ravel()))
        rows.append(",".join([*pixels, SHAPES[label]] if last else [str(label), *pixels]))
    names = ",".join(["label", *(f"pixel{number}" for number in range(64))])
    return "\n".join([names, *rows] if header else rows) + "\n"


def parquet(path: Path, table: pa.Table | None = None) -> Path:
    """Write a Parquet file as Hugging Face's library does."""
    if table is None:
        features = {"image": {"_type": "Image"}, "label": {"names": list(SHAPES), "_type": "ClassLabel"}}
        table = pa.table(
            {
                "image": [{"bytes": picture(SHAPES[one % 3], one), "path": f"{one}.png"} for one in range(30)],
                "label": [one % 3 for one in range(30)],
                "writer": [f"w{one % 4}" for one in range(30)],
            }
        ).replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, path)
    return path


def every_form(folder: Path) -> dict[str, Path]:
    """Write the data set in every form; return the paths by name."""
    contents = files(10)
    return {
        "zip": pack(folder / "a.zip", contents),
        "tar": tar(folder / "a.tar", contents),
        "tar.gz": tar(folder / "a.tar.gz", contents, "w:gz"),
        "folder": on_disk(folder / "pictures", contents),
        "npz": npz(folder / "a.npz"),
        "idx in a zip": pack(folder / "idx.zip", {f"MNIST/raw/{name}": one for name, one in idx_files().items()}),
        "idx in a folder": on_disk(folder / "idx", idx_files()),
        "csv": _written(folder / "train.csv", csv().encode()),
        "csv.gz": _written(folder / "a.csv.gz", gzip.compress(csv(header=False).encode())),
        "csv in a zip": pack(folder / "csv.zip", {"train.csv": csv().encode(), "test.csv": csv().encode()}),
        "parquet": parquet(folder / "a.parquet"),
    }


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
