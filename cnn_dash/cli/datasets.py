"""Lists the data sets, and which of them are on this machine."""

from pathlib import Path
from typing import Any

from rich.table import Table

from cnn_dash.cli.tables import table
from cnn_dash.datasets import catalogue


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
            "download_mb": info.download_mb,
            "licence": info.licence,
            "source": info.source,
        }
        for info in map(catalogue.get, catalogue.SOURCES)
    ]


def datasets_table(datasets: list[dict[str, Any]]) -> Table:
    """Return a table with one row for each data set."""
    made = table("name", "title", "training", "test", "where", right=("training", "test"))
    for one in datasets:
        where = "on this machine" if one["local"] else f"to be downloaded, {one['download_mb']} MB"
        made.add_row(one["name"], one["title"], *(f"{one['counts'][part]:,}" for part in ("train", "test")), where)
    return made
