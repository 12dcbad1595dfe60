"""Makes the next version of an own data set: some images get another class, some are left out, some a tag.

The version it is derived from stays as it is, so the runs that were trained on it do too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from cnn_dash.datasets.arrow import parquet
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.manifest import EXAMPLES, Manifest
from cnn_dash.datasets.own.source import OwnSource
from cnn_dash.datasets.own.version_writer import Row, VersionWriter
from cnn_dash.datasets.readers.example import Value
from cnn_dash.errors import ConfigError, DataError
from cnn_dash.text import one_line

TAGS = "tags"
"""The column of `examples.parquet` with the tags of an image, separated by spaces."""
_OURS = {"split", "index", "label", "file", "width", "height"}
_LISTED = 1_000
_LONGEST_TAG = 40

Place = tuple[str, int]
"""Split ("train" or "test") and index of an image."""


@dataclass(frozen=True)
class Changes:
    """What a next version differs by.

    Attributes:
        relabel: The new class of an image, by its place.
        exclude: Images that are left out.
        tag: Tags that images get, a word each, by place.
    """

    relabel: Mapping[Place, int] = field(default_factory=dict)
    exclude: Collection[Place] = ()
    tag: Mapping[Place, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.relabel or self.exclude or self.tag)


def derive(name: str, data_dir: Path, changes: Changes) -> Manifest:
    """Make the next version of a data set.

    Args:
        name: Full name of the version it is derived from.
        data_dir: Folder of all data sets.
        changes: What becomes different.

    Returns:
        What is known of the new version; its full name is that of `names.full_name`.

    Raises:
        ConfigError: If no own data set is called so, or an image, class or tag of the changes does not exist.
        DataError: If there is no such version, it is damaged, a class or a split would be empty, or it cannot be
            written.
    """
    parent = library.manifest(name, data_dir)
    _check(changes, parent)
    made = OwnSource.of(name, data_dir).mapped(data_dir)
    rows = read_rows(library.folder_of(name, data_dir))
    excluded, relabel, tags = set(changes.exclude), dict(changes.relabel), dict(changes.tag)
    with VersionWriter(data_dir, parent.name, parent.image_shape) as writer:
        writer.require_room(sum(parent.total.values()))
        orders: dict[str, list[int]] = {"train": [], "test": []}
        for split, images in (("train", made.train_images), ("test", made.test_images)):
            for index, row in enumerate(rows[split]):
                place = (split, index)
                if place in excluded:
                    continue
                orders[split].append(len(writer.rows))
                writer.add(images[index], _changed(row, relabel.get(place), tags.get(place)))
        train, test = (np.array(orders[split], np.intp) for split in ("train", "test"))
        _require_some(name, np.array([writer.rows[one].label for one in train]), len(test), parent)
        version = library.next_version(parent.name, data_dir)
        found = replace(parent, version=version, parent=name, changes=describe(changes, parent, rows))
        return writer.finish(train, test, found)


def describe(changes: Changes, parent: Manifest, rows: Mapping[str, list[Row]]) -> tuple[str, ...]:
    """Return what changed, a sentence for each image, after one that counts them."""
    counts = ((len(changes.relabel), "relabelled"), (len(changes.exclude), "left out"), (len(changes.tag), "tagged"))
    said = [", ".join(f"{count:,} {what}" for count, what in counts if count) + "."]
    names = parent.class_names
    for place, label in sorted(changes.relabel.items()):
        row = rows[place[0]][place[1]]
        said.append(f"{_named(place, row)}: {names[row.label]} is now {names[label]}.")
    said += [f"{_named(place, rows[place[0]][place[1]])}: left out." for place in sorted(changes.exclude)]
    said += [f"{_named(place, rows[place[0]][place[1]])}: tagged {tag}." for place, tag in sorted(changes.tag.items())]
    rest = len(said) - _LISTED
    return (*said[:_LISTED], f"And {rest:,} more.") if rest > 0 else tuple(said)


def read_rows(folder: Path) -> dict[str, list[Row]]:
    """Read `examples.parquet` of a version, by split, in the order of the arrays.

    Raises:
        DataError: If it is damaged.
    """
    try:
        table: dict[str, list[Any]] = parquet().read_table(folder / EXAMPLES).to_pydict()
        found: dict[str, list[Row]] = {"train": [], "test": []}
        others = [name for name in table if name not in _OURS]
        for number, split in enumerate(table["split"]):
            columns: dict[str, Value] = {name: table[name][number] for name in others}
            label, file, width, height = (table[name][number] for name in ("label", "file", "width", "height"))
            found[split].append(Row(label, split == "test", file, width, height, columns))
        return found
    except Exception as error:  # Arrow raises errors of its own, and others, for what is damaged
        raise DataError(
            f"{folder / EXAMPLES} cannot be read. Received: {type(error).__name__}. Allowed: the file as it was "
            "written. Import the data set again under another name."
        ) from error


def _check(changes: Changes, parent: Manifest) -> None:
    if not changes:
        raise ConfigError("Nothing changes. Received: no image to relabel, leave out or tag. Choose some first.")
    counts = parent.total
    for split, index in (*changes.relabel, *changes.exclude, *changes.tag):
        if split not in counts or not 0 <= index < counts[split]:
            raise ConfigError(
                f"There is no such image. Received: {split!r}, {index}. Allowed: train 0 to {counts['train'] - 1:,}, "
                f"test 0 to {counts['test'] - 1:,}."
            )
    for label in changes.relabel.values():
        if not 0 <= label < len(parent.class_names):
            raise ConfigError(
                f"There is no such class. Received: {label}. Allowed: 0 to {len(parent.class_names) - 1}."
            )
    for tag in changes.tag.values():
        if tag != one_line(tag) or not tag or " " in tag or len(tag) > _LONGEST_TAG:
            raise ConfigError(f"A tag is one word. Received: {tag!r}. Allowed: 1 to {_LONGEST_TAG} characters.")


def _changed(row: Row, label: int | None, tag: str | None) -> Row:
    columns = dict(row.columns)
    if tag is not None:
        words = str(columns.get(TAGS) or "").split()
        columns[TAGS] = " ".join(dict.fromkeys([*words, tag]))
    return replace(row, label=row.label if label is None else label, columns=columns)


def _require_some(name: str, labels: "np.ndarray", test: int, parent: Manifest) -> None:
    counts = np.bincount(labels.astype(np.int64), minlength=len(parent.class_names))
    if not counts.all() or not test:
        empty = "the test" if not test else f"the class {parent.class_names[int(np.argmin(counts))]!r}"
        raise DataError(
            f"{name} gets no next version. Received: changes that leave no image for {empty}. Allowed: at least one to "
            "train with of each class, and one to test. Leave fewer out."
        )


def _named(place: Place, row: Row) -> str:
    return f"{place[0]} {place[1]} ({row.file})"
