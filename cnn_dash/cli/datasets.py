"""What data sets there are, and which of them are on this machine."""

from pathlib import Path
from typing import Any

from rich.table import Table

from cnn_dash.cli.tables import table
from cnn_dash.datasets import catalogue


def describe(data_dir: Path) -> list[dict[str, Any]]:
    """The catalogue as plain JSON; `counts` of pictures before any are set aside for validation."""
    return [
        {
            "name": entry.name,
            "title": entry.title,
            "description": entry.description,
            "class_names": list(entry.class_names),
            "counts": {"train": entry.train_count, "test": entry.test_count},
            "local": catalogue.is_local(entry.name, data_dir),
            "download_mb": entry.download_mb,
            "licence": entry.licence,
            "source": entry.source,
        }
        for entry in catalogue.CATALOGUE.values()
    ]


def datasets_table(datasets: list[dict[str, Any]]) -> Table:
    """One row for each of them."""
    made = table("name", "title", "training", "test", "where", right=("training", "test"))
    for one in datasets:
        where = "on this machine" if one["local"] else f"to be downloaded, {one['download_mb']} MB"
        made.add_row(one["name"], one["title"], *(f"{one['counts'][part]:,}" for part in ("train", "test")), where)
    return made
