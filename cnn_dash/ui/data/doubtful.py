"""Images of doubtful quality, by reason."""

from collections import Counter
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.datasets.exploration import image_quality, positions
from cnn_dash.datasets.exploration.class_images import class_images
from cnn_dash.datasets.exploration.image_quality import Doubt
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.jobs import Job
from cnn_dash.ui.components.waiting import result_of
from cnn_dash.ui.data.pages_of_images import render_image_pages
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_explorations

_ABOUT = {
    image_quality.EMPTY: "Nothing but one grey value.",
    image_quality.DARK: "Mean brightness far below that of the other images.",
    image_quality.BRIGHT: "Mean brightness far above that of the other images.",
    image_quality.BLURRED: "Fewer edges than the other images: variance of the Laplacian.",
    image_quality.UNLIKE: "Further from the mean image of its class than the others: unusual, or with a wrong label.",
    image_quality.ODD_SIZE: "Width, height or their proportion far from those of the other pictures.",
}


def render_doubtful(data: Imported, sizes: NDArray[np.int64] | None) -> None:
    """Draw images of one reason, the most doubtful first.

    Args:
        data: The data set.
        sizes: int (N, 2), width and height of each picture before it was resized, if that is known.
    """
    key = "doubts", data.content_hash
    found = result_of(open_explorations(), key, partial(_doubts, data, sizes), "Measuring images")
    if found is None:
        return
    if not found:
        st.success(
            "No image stands out: none is empty, much darker, brighter or less sharp than the others, or unlike its "
            "class.",
            icon=":material/check_circle:",
        )
        return
    counts = Counter(doubt.reason for doubt in found)
    reasons = [reason for reason in image_quality.REASONS if counts[reason]]
    if st.session_state.get(widget_keys.DATA_REASON) not in reasons:
        st.session_state[widget_keys.DATA_REASON] = reasons[0]
    reason = str(
        st.segmented_control(
            "Reason",
            reasons,
            required=True,
            format_func=lambda one: f"{one.capitalize()} · {counts[one]:,}",
            key=widget_keys.DATA_REASON,
            label_visibility="collapsed",
        )
    )
    shown = [doubt for doubt in found if doubt.reason == reason]
    st.caption(
        f"{_ABOUT[reason]} The number is the modified z-score (Iglewicz and Hoaglin, 1993); "
        f"{image_quality.LIMIT} and more stand out."
    )
    notes = ["" if np.isinf(doubt.score) else f"z {doubt.score:.1f}" for doubt in shown]
    render_image_pages(data, np.array([doubt.position for doubt in shown]), widget_keys.DATA_REASON_PAGE, notes)


def _doubts(data: Imported, sizes: NDArray[np.int64] | None, job: Job[tuple[Doubt, ...]]) -> tuple[Doubt, ...]:
    mean = class_images(data, lambda share: job.tell_share(share / 3)).mean
    measured = image_quality.image_quality(data, mean, lambda share: job.tell_share((1 + 2 * share) / 3))
    return image_quality.doubts(measured, positions.labels(data), sizes)
