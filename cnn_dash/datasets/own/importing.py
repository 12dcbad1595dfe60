"""Imports what a person brings as version 1 of a data set of their own."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.decoding import Decoded
from cnn_dash.datasets.own.manifest import DEFAULT_OPTIONS, FORMAT, MOST_LISTED, ImportOptions, Manifest, SkippedFile
from cnn_dash.datasets.own.names import check_name
from cnn_dash.datasets.own.pool import decoded
from cnn_dash.datasets.own.version_writer import Indices, Row, VersionWriter
from cnn_dash.datasets.readers.example import Listing, Reader
from cnn_dash.datasets.readers.folders import natural
from cnn_dash.datasets.splits import HELD_OUT_SEED, permutation
from cnn_dash.errors import ConfigError, DataError
from cnn_dash.text import paragraphs

SIZES = (8, 512)
FEWEST_TRAIN = 10
"""Of fewer none could be set aside for validation."""
MOST_BAD = 0.10
"""Share of bad pictures that are skipped; more are an error."""
_REPORT_S = 0.2


@dataclass(frozen=True)
class ImportProgress:
    """How far an import is.

    Attributes:
        done: Pictures looked at so far.
        total: All of them.
        seconds_left: About how long the rest takes; None at first.
    """

    done: int
    total: int
    seconds_left: float | None


OnImport = Callable[[ImportProgress], None]


def import_from(
    reader: Reader,
    name: str,
    data_dir: Path,
    options: ImportOptions = DEFAULT_OPTIONS,
    *,
    title: str = "",
    licence: str = "",
    progress: OnImport | None = None,
    processes: int | None = None,
    part: Path | None = None,
) -> Manifest:
    """Import all examples of a reader. It is cancelled by an exception that `progress` raises.

    Args:
        reader: What was brought.
        name: Of the new data set.
        data_dir: Folder of all data sets.
        options: How pictures become images.
        title: What a person reads; empty for the name.
        licence: Who made the pictures, and what may be done with them.
        progress: Called several times a second.
        processes: That decode; see `pool.decoded`.
        part: Folder to write into until it is whole; see `VersionWriter`.

    Raises:
        ConfigError: If the name or an option cannot be used.
        DataError: If the file cannot be read, too many pictures are bad, or there is no room. Nothing is left then.
    """
    check_name(name)
    check_options(options)
    title = library.checked_title(title or name)
    if library.taken(name, data_dir):
        raise ConfigError(
            f"There is a data set {name} already. Received: the same name for another one. Choose another name, or "
            "delete that one first."
        )
    listing = reader.listing()
    labels = {one: label for label, one in enumerate(listing.class_names)}
    with VersionWriter(data_dir, name, options.image_shape, part) as writer:
        writer.require_room(listing.total)
        bad = _add_all(reader, listing, labels, options, writer, progress, processes)
        train, test = _orders(reader.name, writer.rows, listing, options)
        passed = [SkippedFile(one.file, one.reason) for one in listing.passed_over]
        skipped = (*bad, *passed)
        return writer.finish(
            train,
            test,
            Manifest(
                format=FORMAT,
                name=name,
                version=1,
                parent="",
                changes=(),
                title=title,
                licence=paragraphs(licence),
                source=reader.name,
                layout=listing.layout,
                class_names=listing.class_names,
                counts={},
                image_shape=options.image_shape,
                options=options,
                content_hash="",
                created=0.0,
                notes=(*listing.notes, *_notes(listing, options)),
                skipped=skipped[:MOST_LISTED],
                skipped_count=len(skipped),
                arrays=(),
            ),
        )


def check_options(options: ImportOptions) -> None:
    """Refuse options that make no images.

    Raises:
        ConfigError: If one is out of bounds.
    """
    low, high = SIZES
    checks = (
        (low <= options.size <= high, "size", options.size, f"{low} to {high} pixels"),
        (options.colour in ("grey", "rgb"), "colour", options.colour, "grey or rgb"),
        (options.fit in ("fit", "fill"), "fit", options.fit, "fit or fill"),
        (0.01 <= options.test_fraction <= 0.9, "test share", options.test_fraction, "0.01 to 0.9"),
    )
    for right, what, received, allowed in checks:
        if not right:
            raise ConfigError(
                f"The {what} of the images cannot be used. Received: {received!r}. Allowed: {allowed}. Choose another."
            )


def _add_all(
    reader: Reader,
    listing: Listing,
    labels: dict[str, int],
    options: ImportOptions,
    writer: VersionWriter,
    progress: OnImport | None,
    processes: int | None,
) -> list[SkippedFile]:
    bad: list[SkippedFile] = []
    began = reported = time.monotonic()
    total = max(1, listing.total)
    seen = 0
    for seen, (example, made) in enumerate(decoded(reader.examples(), options, total, processes), 1):
        if isinstance(made, Decoded):
            row = Row(labels[example.label], example.split == "test", example.file, made.width, made.height)
            row.columns = example.columns
            writer.add(made.image, row)
        else:
            bad.append(SkippedFile(example.file, made))
            if len(bad) > MOST_BAD * max(total, seen):
                raise _too_many_bad(reader.name, bad, seen, total)
        now = time.monotonic()
        if progress and now - reported > _REPORT_S:
            reported = now
            progress(ImportProgress(seen, max(total, seen), (now - began) / seen * max(0, total - seen)))
    if progress:
        progress(ImportProgress(seen, max(total, seen), 0.0))
    return bad


def _too_many_bad(name: str, bad: Sequence[SkippedFile], seen: int, total: int) -> DataError:
    return DataError(
        f"{name} cannot be imported: too many of its pictures cannot be read. Received: {len(bad):,} bad ones among "
        f"the first {seen:,} of {total:,}; the first is {bad[0].file}: {bad[0].reason.rstrip('.')}. Allowed: up to "
        f"{MOST_BAD:.0%} of all. "
        "Take them out or save them anew."
    )


def _orders(name: str, rows: Sequence[Row], listing: Listing, options: ImportOptions) -> tuple[Indices, Indices]:
    """Return the places of training and test images, in an order that does not hang on how they were packed.

    An array's own order is kept if it has a test set. Else images are shuffled, always in the same way, so that the
    first ten are not of one class; and of each class the same share is held out.
    """
    labels = np.array([row.label for row in rows], np.int64)
    is_test = np.array([row.test for row in rows], bool)
    order = np.arange(len(rows), dtype=np.intp)
    if not listing.ordered:
        order = np.array(sorted(range(len(rows)), key=lambda place: natural(rows[place].file)), np.intp)
    if not (listing.ordered and listing.has_test):
        order = order[permutation(len(order), HELD_OUT_SEED)]
    if not listing.has_test:
        is_test = _held_out(labels, order, options.test_fraction, len(listing.class_names))
    train, test = order[~is_test[order]], order[is_test[order]]
    _require_some(name, labels[train], labels[test], listing)
    return train, test


def _held_out(labels: NDArray[np.int64], order: Indices, fraction: float, classes: int) -> NDArray[np.bool_]:
    """Hold out a share of each class, at least one image if there are two: bool (N,), by place."""
    held = np.zeros(len(labels), bool)
    for label in range(classes):
        of_it = order[labels[order] == label]
        count = min(max(1, round(len(of_it) * fraction)), len(of_it) - 1)
        held[of_it[: max(0, count)]] = True
    return held


def _require_some(name: str, train: NDArray[np.int64], test: NDArray[np.int64], listing: Listing) -> None:
    """Refuse a set that nothing can be learned from, or that cannot be tested.

    Raises:
        DataError: If a class has no training image, or there is too little in a split.
    """
    counts = np.bincount(train, minlength=len(listing.class_names))
    if not counts.all():
        missing = listing.class_names[int(np.argmin(counts))]
        raise DataError(
            f"{name} cannot be imported. Received: no image to train with of the class {missing!r}. Allowed: at least "
            "one of each class. Add some, or leave the class out."
        )
    if len(train) < FEWEST_TRAIN or not len(test):
        raise DataError(
            f"{name} cannot be imported. Received: {len(train)} images to train with and {len(test)} to test. Allowed: "
            f"{FEWEST_TRAIN} and 1 at least. Add some."
        )


def _notes(listing: Listing, options: ImportOptions) -> list[str]:
    if listing.has_test:
        return []
    return [f"No test set was brought: {options.test_fraction:.0%} of each class are held out, always the same."]
