"""Runs a trained network on pictures in files. Importing this imports TensorFlow."""

from collections.abc import Iterable, Iterator
from typing import Any

from rich.table import Table

from cnn_dash.cli.picture_files import STANDARD_INPUT, read_picture
from cnn_dash.cli.tables import table
from cnn_dash.errors import PictureError
from cnn_dash.inference.answer_entry import entry_of
from cnn_dash.inference.answers import DOUBTS, read
from cnn_dash.inference.pictures import open_first_page
from cnn_dash.inference.predictor import Predictor
from cnn_dash.metrics import percent
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.text import printable


def answers(folder: ResultFolder, files: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Give the prediction of a run's network for each file, in order; one picture at a time is in memory.

    Args:
        folder: Where the network is; it is loaded before this returns.
        files: Names of files; "-" is standard input.

    Returns:
        For each file `file`, `pages` (of how many the first was read) and what `entry_of` gives; or `file` and `error`,
        a sentence, for one that cannot be answered.

    Raises:
        StoreError: If the run has no network, or its file is damaged.
    """
    predictor = Predictor(folder)
    return (_answer(predictor, file) for file in files)


def answers_table(found: Iterable[dict[str, Any]]) -> Table:
    """Return a table with one row for each file."""
    made = table("file", "prediction", "confidence", "note", right=("confidence",))
    for one in found:
        name = printable(one["file"])  # a terminal obeys control characters, and cannot print half a character
        if "error" in one:
            made.add_row(name, "–", "–", printable(one["error"]))
        else:
            made.add_row(name, one["label"], percent(one["confidence"]), "; ".join(_notes(one)))
    return made


def _notes(answer: dict[str, Any]) -> Iterator[str]:
    if answer["doubt"]:
        yield f"doubtful: {DOUBTS[answer['doubt']]}"
    if answer["pages"] > 1:
        yield f"page 1 of {answer['pages']:,}"


def _answer(predictor: Predictor, file: str) -> dict[str, Any]:
    try:
        name = "standard input" if file == STANDARD_INPUT else file
        picture, pages = open_first_page(read_picture(file), name)
        found = entry_of(read(predictor, picture), predictor.model_input.class_names)
    except PictureError as error:
        return {"file": file, "error": str(error)}
    return {"file": file} | ({} if "error" in found else {"pages": pages}) | found
