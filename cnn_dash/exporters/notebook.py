"""The recipe of a run as a Jupyter notebook: the code of the script, in cells."""

import json
from pathlib import Path
from typing import Any

from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.exporters.plain_keras.program import NOT_ASKED, imports, sections
from cnn_dash.exporters.source import ExportSource


def notebook(source: ExportSource) -> dict[str, Any]:
    """Return the notebook as JSON of nbformat 4.5; raise as `sections` does."""
    about, *parts = sections(source)
    cells = [_cell("markdown", f"# {about.title}", *map(_escaped, about.text)), _cell("code", imports(parts))]
    for one in parts:
        cells += [_cell("markdown", f"## {one.title}", *one.text), _cell("code", one.code)]
    return {
        "cells": [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells, start=1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(kind: str, *paragraphs: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "metadata": {}, "source": "\n\n".join(paragraphs).splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _escaped(text: str) -> str:
    """Return text in which a name that somebody chose is no Markdown or HTML."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|$~&" else char for char in text)


def _write(source: ExportSource, file: Path) -> None:
    file.write_text(json.dumps(notebook(source), indent=1, ensure_ascii=False) + "\n", "utf-8")


NOTEBOOK = ExportFormat(
    name="notebook",
    label="Notebook",
    suffix=".ipynb",
    about="The same script as a notebook for Jupyter or Colab, one cell per step.",
    media_type="application/x-ipynb+json",
    write=_write,
    not_asked=NOT_ASKED,
    needs_recipe=True,
)
