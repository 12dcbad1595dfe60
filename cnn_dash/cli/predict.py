"""Runs a trained network on pictures in files. Importing this imports TensorFlow."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from cnn_dash.cli.tables import table
from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture, prepare
from cnn_dash.inference.pictures import MAX_BYTES
from cnn_dash.inference.predictor import Predictor
from cnn_dash.metrics import percent
from cnn_dash.runs.folder import ResultFolder


def answers(folder: ResultFolder, files: Iterable[str]) -> list[dict[str, Any]]:
    """Return the prediction of a run's network for each file, in order.

    Returns:
        For each file `file`, `label` (the name of the class), `confidence` in 0–1 and `probabilities` in the order of
        the classes; or `file` and `error`, a sentence, for one that cannot be answered.

    Raises:
        StoreError: If the run has no network, or its file is damaged.
    """
    predictor = Predictor(folder)
    return [_answer(predictor, file) for file in files]


def answers_table(found: Iterable[dict[str, Any]]) -> Table:
    """Return a table with one row for each file."""
    made = table("file", "prediction", "confidence", right=("confidence",))
    for one in found:
        if "error" in one:
            made.add_row(one["file"], "–", one["error"])
        else:
            made.add_row(one["file"], one["label"], percent(one["confidence"]))
    return made


def _answer(predictor: Predictor, file: str) -> dict[str, Any]:
    model_input = predictor.model_input
    try:
        picture = open_picture(_read(file), file)
        pixels = prepare(picture, model_input.image_shape, model_input.framing)
    except PictureError as error:
        return {"file": file, "error": str(error)}
    probabilities = predictor.probabilities(pixels[None])[0]
    if not np.isfinite(probabilities).all():
        return {
            "file": file,
            "error": "The network's output is not a number. Train it again with a lower learning rate.",
        }
    best = int(probabilities.argmax())
    return {
        "file": file,
        "label": model_input.class_names[best],
        "confidence": float(probabilities[best]),
        "probabilities": probabilities.tolist(),
    }


def _read(file: str) -> bytes:
    try:
        with Path(file).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)  # one more than allowed is enough to be refused
    except OSError as error:
        raise PictureError(f"{file} cannot be read. Received: {error.strerror or error}. Check the name.") from error
