"""Lists the data sets, and which of them are on this machine."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table

from cnn_dash.cli.tables import table
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.own import library

_SHOWN = 20  # skipped files


def describe(data_dir: Path) -> list[dict[str, Any]]:
    """Return all data sets as plain JSON; `counts` of images before any are set aside for validation."""
    return [
        {
            "name": info.name,
            "title": info.title,
            "description": info.description,
            "class_names": list(info.class_names),
            "counts": {"train": info.train_count, "test": info.test_count},
            "local": catalogue.is_local(info.name, data_dir),
            "problem": catalogue.problem(info.name, data_dir),
            "download_mb": info.download_mb,
            "licence": info.licence,
            "source": info.source,
        }
        for info in (source.info for source in catalogue.sources(data_dir).values())
    ]


def datasets_table(datasets: list[dict[str, Any]]) -> Table:
    """Return a table with one row for each data set."""
    made = table("name", "title", "training", "test", "where", right=("training", "test"))
    for one in datasets:
        where = "on this machine" if one["local"] else f"to be downloaded, {one['download_mb']} MB"
        where = one["problem"] or where
        made.add_row(one["name"], one["title"], *(f"{one['counts'][part]:,}" for part in ("train", "test")), where)
    return made


def own_details(name: str, data_dir: Path) -> dict[str, Any]:
    """Return what is known of an own data set, as plain JSON.

    Raises:
        ConfigError: If no own data set can be called so.
        DataError: If there is none, or its manifest is damaged.
    """
    found = library.manifest(name, data_dir)
    about = library.about(found.name, data_dir, found)
    known = asdict(found)
    del known["arrays"], known["format"]
    return known | {"name": name, "title": about.title, "licence": about.licence, "total": found.total}


def own_view(known: dict[str, Any]) -> Group:
    """Return a table of the classes of an own data set, and sentences around it."""
    made = table("class", "training", "test", right=("training", "test"))
    for label, one in enumerate(known["class_names"]):
        made.add_row(one, *(f"{known['counts'][part][label]:,}" for part in ("train", "test")))
    when = datetime.fromtimestamp(known["created"]).strftime("%Y-%m-%d %H:%M")
    size = " × ".join(map(str, known["image_shape"]))
    lines = [
        f"{known['title']} ({known['name']}), {size}, imported {when} from {known['source']}: {known['layout']}",
        f"Licence: {known['licence'] or 'not recorded'}",
        f"SHA-256 {known['content_hash']}",
        *known["changes"],
        *known["notes"],
    ]
    if known["skipped_count"]:
        lines.append(f"{known['skipped_count']:,} files were skipped:")
        lines += [f"  {one['file']}: {one['reason']}" for one in known["skipped"][:_SHOWN]]
    return Group(lines[0], made, *lines[1:])
