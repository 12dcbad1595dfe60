"""Runs a trained network on pictures in files. Importing this imports TensorFlow."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from rich.table import Table

from cnn_dash.cli.picture_files import STANDARD_INPUT, read_picture
from cnn_dash.cli.tables import table
from cnn_dash.errors import PictureError
from cnn_dash.inference.answers import DOUBTS, Answer, read
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
        For each file `file`, `pages` (of how many the first was read), `label` (the name of the class), `confidence` in
        0–1, `probabilities` in the order of the classes, `doubt` (why the answer is doubtful: "strange" or "undecided",
        else None) and `boxes`, one for each character: `box` in pixels of the upright picture, `label`, `confidence`
        and `doubt`. For several characters `label` is the text, `confidence` the least, and there are no
        `probabilities`. Or `file` and `error`, a sentence, for one that cannot be answered.

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
    names = predictor.model_input.class_names
    try:
        name = "standard input" if file == STANDARD_INPUT else file
        picture, pages = open_first_page(read_picture(file), name)
        reading = read(predictor, picture)
    except PictureError as error:
        return {"file": file, "error": str(error)}
    if not all(np.isfinite(answer.probabilities).all() for answer in reading.answers):
        return {
            "file": file,
            "error": "The network's output is not a number. Train it again with a lower learning rate.",
        }
    least_sure = min(reading.answers, key=lambda answer: answer.confidence)
    found = {
        "file": file,
        "pages": pages,
        "label": reading.text(names),
        "confidence": least_sure.confidence,
        "doubt": next((answer.doubt for answer in reading.answers if answer.doubt), None),
        "boxes": [_box(answer, names) for answer in reading.answers],
    }
    if len(reading.answers) == 1:
        found["probabilities"] = reading.answers[0].probabilities.tolist()
    return found


def _box(answer: Answer, names: Sequence[str]) -> dict[str, Any]:
    box = answer.prepared.box
    place = None if box is None else dict(zip(("top", "left", "bottom", "right"), box, strict=True))
    return {"box": place, "label": names[answer.label], "confidence": answer.confidence, "doubt": answer.doubt}
