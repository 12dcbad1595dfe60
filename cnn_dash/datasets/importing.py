"""Brings what a source holds into the internal form, once."""

import logging
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets import internal_format
from cnn_dash.datasets.info import DatasetInfo
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.datasets.sources.fold import FoldSource
from cnn_dash.datasets.sources.protocol import DatasetSource, MappedSource, OnProgress, SourceArrays
from cnn_dash.datasets.splits import hold_out
from cnn_dash.errors import DataError

log = logging.getLogger(__name__)


def import_dataset(
    source: DatasetSource, data_dir: Path, imported_dir: Path | None, progress: OnProgress | None = None
) -> Imported:
    """Return a data set in the internal form, from `imported_dir` if it was imported before.

    Args:
        source: Where it comes from.
        data_dir: Folder in which its files are looked for, and to which they are downloaded.
        imported_dir: Folder of the imported sets, one folder each; None to keep it in memory only. If it cannot be
            written, the set is in memory too.
        progress: Called again and again during a download.

    Raises:
        DataNotFound: If the set is neither on this machine nor to be downloaded.
        DataError: If a file is damaged or something else.
    """
    if isinstance(source, FoldSource):  # kept once, whole
        return source.cut(import_dataset(source.whole, data_dir, imported_dir, progress))
    if isinstance(source, MappedSource):
        return source.mapped(data_dir)
    source.fetch(data_dir, progress)
    try:
        made_from = internal_format.stamps(source.files(data_dir))
    except OSError:  # gone this moment: reading says which
        made_from = ()
    if not made_from:
        imported_dir = None
    if imported_dir and (kept := internal_format.read(imported_dir, source.info, made_from)):
        return kept
    made = to_internal(source.read(data_dir), source.info)
    if imported_dir:
        try:
            internal_format.write(imported_dir, made, source.info, made_from)
        except OSError as error:
            log.info("%s stays in memory: %s cannot be written (%s)", source.info.title, imported_dir, error)
    return made


def to_internal(arrays: SourceArrays, info: DatasetInfo) -> Imported:
    """Give a source's arrays the internal form; a test set is held out if the source has none.

    Raises:
        DataError: If images and labels do not belong together, or are not those that `info` tells of.
    """
    images, labels = _images(arrays.images), _labels(arrays.labels)
    if arrays.test is not None:
        test_images, test_labels = _images(arrays.test[0]), _labels(arrays.test[1])
    else:
        pool, held_out = hold_out(labels, info.test_count, len(info.class_names))
        test_images, test_labels = images[held_out], labels[held_out]
        images, labels = images[pool], labels[pool]
    made = (images, labels, test_images, test_labels)
    counts = [len(one) for one in made]
    expected = [info.train_count] * 2 + [info.test_count] * 2
    if counts != expected or {images.shape[1:], test_images.shape[1:]} != {info.image_shape}:
        raise DataError(
            f"{info.title} does not hold what is known of it. Received: {counts[0]} images and {counts[1]} labels of "
            f"{images.shape[1:]}, for the test {counts[2]} and {counts[3]} of {test_images.shape[1:]}. Allowed: "
            f"{info.train_count} and {info.test_count} of {info.image_shape}. Next: get its files from {info.source}."
        )
    return Imported(info.class_names, *made, internal_format.content_hash(info.class_names, made))


def _images(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return images[..., None] if images.ndim == 3 else images


def _labels(labels: NDArray[np.integer]) -> NDArray[np.int64]:
    return labels.astype(np.int64)
