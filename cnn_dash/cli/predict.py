"""Runs a trained network on pictures in files. Importing this imports TensorFlow."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from cnn_dash.cli.tables import table
from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture
from cnn_dash.inference.answers import DOUBTS, Answer, read
from cnn_dash.inference.pictures import MAX_BYTES
from cnn_dash.inference.predictor import Predictor
from cnn_dash.metrics import percent
from cnn_dash.runs.folder import ResultFolder


def answers(folder: ResultFolder, files: Iterable[str]) -> list[dict[str, Any]]:
    """Return the prediction of a run's network for each file, in order.

    Returns:
        For each file `file`, `label` (the name of the class), `confidence` in 0–1, `probabilities` in the order of the
        classes, `doubt` (why the answer is doubtful: "strange" or "undecided", else None) and `boxes`, one for each
        character: `box` in pixels of the upright picture, `label`, `confidence` and `doubt`. For several characters
        `label` is the text, `confidence` the least, and there are no `probabilities`. Or `file` and `error`, a
        sentence, for one that cannot be answered.

    Raises:
        StoreError: If the run has no network, or its file is damaged.
    """
    predictor = Predictor(folder)
    return [_answer(predictor, file) for file in files]


def answers_table(found: Iterable[dict[str, Any]]) -> Table:
    """Return a table with one row for each file."""
    made = table("file", "prediction", "confidence", "note", right=("confidence",))
    for one in found:
        if "error" in one:
            made.add_row(one["file"], "–", "–", one["error"])
        else:
            made.add_row(one["file"], one["label"], percent(one["confidence"]), DOUBTS.get(one.get("doubt") or "", ""))
    return made


def _answer(predictor: Predictor, file: str) -> dict[str, Any]:
    names = predictor.model_input.class_names
    try:
        reading = read(predictor, open_picture(_read(file), file))
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


def _read(file: str) -> bytes:
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # one more than allowed is enough to be refused
    except OSError as error:
        raise PictureError(f"{file} cannot be read. Received: {error.strerror or error}. Check the name.") from error
