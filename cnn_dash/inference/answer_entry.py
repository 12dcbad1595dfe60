"""What a network reads on a picture as plain JSON: the same for the command line and for `serve`."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_dash.inference.answers import Answer, Reading

NOT_A_NUMBER = "The network's output is not a number. Train it again with a lower learning rate."


def entry_of(reading: Reading, class_names: tuple[str, ...]) -> dict[str, Any]:
    """Return a reading as plain JSON.

    Returns:
        `label` (the name of the class), `confidence` in 0–1, `doubt` (why the answer is doubtful: "strange" or
        "undecided", else None), `boxes`, one for each character (`box` in pixels of the upright picture, `label`,
        `confidence` and `doubt`), and `probabilities` in the order of the classes. For several characters `label` is
        the text, `confidence` the least, and there are no `probabilities`. Or `error`, a sentence.
    """
    if not all(np.isfinite(answer.probabilities).all() for answer in reading.answers):
        return {"error": NOT_A_NUMBER}
    found = {
        "label": reading.text(class_names),
        "confidence": min(answer.confidence for answer in reading.answers),
        "doubt": next((answer.doubt for answer in reading.answers if answer.doubt), None),
        "boxes": [_box(answer, class_names) for answer in reading.answers],
    }
    if len(reading.answers) == 1:
        found["probabilities"] = reading.answers[0].probabilities.tolist()
    return found


def _box(answer: Answer, names: Sequence[str]) -> dict[str, Any]:
    box = answer.prepared.box
    place = None if box is None else dict(zip(("top", "left", "bottom", "right"), box, strict=True))
    return {"box": place, "label": names[answer.label], "confidence": answer.confidence, "doubt": answer.doubt}
