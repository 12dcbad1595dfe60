"""The check of an exported file: its own answers against those that the run recorded when it was tested."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn_dash.errors import CnnDashError, DataError
from cnn_dash.evaluation.changed_data import check_test_images
from cnn_dash.exporters.export_format import EXACT, Answer, OnStep
from cnn_dash.exporters.source import ExportSource, spread
from cnn_dash.runs.status import Source

CHECKED = 500
EXACT_WITH_BASE = 1e-4
"""The same for a network with a pretrained base: rounding adds up over its 54 convolutions, to 1.5e-5 as measured."""
_AT_ONCE = 50


@dataclass(frozen=True)
class Check:
    """How far a file agrees with its run.

    Attributes:
        checked: How many test images it was asked about; 0 if it could not be checked.
        max_difference: Largest difference of a probability, 0–1; None if it was not checked.
        changed_answers: For how many of the images another class is the most probable one.
        note: Why it was not checked, or what is to be known of the check; empty if nothing.
        rounding: How far probabilities may be off by rounding.
    """

    checked: int = 0
    max_difference: float | None = None
    changed_answers: int | None = None
    note: str = ""
    rounding: float = EXACT

    @property
    def same(self) -> bool:
        """Whether it agrees but for rounding."""
        return self.max_difference is not None and self.max_difference <= self.rounding and not self.changed_answers


def check(source: ExportSource, answer: Answer, on_step: OnStep) -> Check:
    """Ask a file about test images, and compare.

    Args:
        source: The run.
        answer: The file, opened.
        on_step: Called with what is being done, and which share of all that is.
    """
    try:
        images, expected = _test(source)
    except CnnDashError as error:
        return Check(note=f"Not checked. {error}")
    parts = []
    for begin in range(0, len(images), _AT_ONCE):
        on_step(f"Checking {begin} of {len(images)} images", 0.7 + 0.3 * begin / len(images))
        parts.append(answer(images[begin : begin + _AT_ONCE]))
    found = np.concatenate(parts)
    return Check(
        checked=len(images),
        max_difference=float(np.abs(found - expected).max()),
        changed_answers=int((found.argmax(axis=1) != expected.argmax(axis=1)).sum()),
        rounding=EXACT if source.run.config is None or source.run.config.model.base == "none" else EXACT_WITH_BASE,
    )


def _test(source: ExportSource) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return test images uint8 (N, H, W, C) and what the run answered for them, float32 (N, classes).

    Raises:
        CnnDashError: If there are none, or they are not those that the run was tested on.
    """
    report = source.report
    if source.run.source is Source.RECIPE:
        if changed := check_test_images(source.run, report, source.dataset):
            raise DataError(changed)
        images = source.dataset.test.images
    else:
        images = source.left_images.images
    if not len(images):
        raise DataError("There are no test images here.")
    if images.shape[1:] != source.model_input.image_shape:
        raise DataError(f"The test images have another shape than the network takes: {images.shape[1:]}.")
    which = spread(len(images), CHECKED)
    chosen, expected = images[which], report.probabilities[which]
    if source.run.source is not Source.RECIPE:
        own = np.asarray(source.model.predict_on_batch(chosen.astype(np.float32)))
        if np.abs(own - expected).max() > EXACT:
            raise DataError(
                "The test images that its program left are not exactly what its network was tested on (they are "
                "rounded to bytes, or scaled in a way of their own), so its answers cannot be repeated from them."
            )
    return chosen, expected
