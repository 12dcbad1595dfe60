"""A data set as one `.npz` file, as Keras stores MNIST: for programs outside of CNN Dash."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.sources.protocol import OnProgress


def write_npz(
    name: str,
    data_dir: Path,
    file: Path | BinaryIO,
    imported_dir: Path | None = None,
    progress: OnProgress | None = None,
) -> None:
    """Write a data set, downloading first what is not on this machine.

    The file has `x_train` and `x_test`, uint8 (N, H, W), or (N, H, W, 3) in colour, and `y_train` and `y_test`, whole
    numbers (N,) in the smallest unsigned type. The images for validation are among those for training, in our order.

    Args:
        name: Name of the data set.
        data_dir: Folder in which its files are looked for, and to which they are downloaded.
        file: Where to; a path must end with `.npz`, and what is there is replaced.
        imported_dir: Folder in which imported sets are kept.
        progress: Called again and again during a download.

    Raises:
        ConfigError: If there is no such data set.
        DataError: If it cannot be had, or a file of it is damaged.
        OSError: If the file cannot be written.
    """
    made = import_dataset(catalogue.source(name, data_dir), data_dir, imported_dir, progress)
    label = np.min_scalar_type(len(made.class_names) - 1)
    np.savez_compressed(
        file,
        x_train=_images(made.train_images),
        y_train=made.train_labels.astype(label),
        x_test=_images(made.test_images),
        y_test=made.test_labels.astype(label),
    )


def _images(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return images[..., 0] if images.shape[-1] == 1 else images
