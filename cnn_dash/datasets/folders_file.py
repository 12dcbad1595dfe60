"""A data set as a ZIP archive of class folders, `train/rose/00001.png`: what most programs read."""

import io
import zipfile
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.corrections_zip import folder_name
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.sources.protocol import OnProgress


def write_folders(
    name: str,
    data_dir: Path,
    file: Path | BinaryIO,
    imported_dir: Path | None = None,
    progress: OnProgress | None = None,
) -> None:
    """Write a data set, downloading first what is not on this machine. The arguments are those of `write_npz`.

    Raises:
        ConfigError: If there is no such data set.
        DataError: If it cannot be had, or a file of it is damaged.
        OSError: If the file cannot be written.
    """
    made = import_dataset(catalogue.source(name, data_dir), data_dir, imported_dir, progress)
    folders = list(map(folder_name, made.class_names))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # PNG is compressed already
        for split, images, labels in (
            ("train", made.train_images, made.train_labels),
            ("test", made.test_images, made.test_labels),
        ):
            for number, label in enumerate(labels):
                archive.writestr(f"{split}/{folders[label]}/{number:06}.png", _png(images[number]))


def _png(image: NDArray[np.uint8]) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).save(file, "PNG")
    return file.getvalue()
