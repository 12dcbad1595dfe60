"""The prediction for one picture, beside the image that the model got."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
from PIL.Image import Image, fromarray

from cnn_dash.errors import BlankPicture, StoreError
from cnn_dash.inference.answers import DOUBTS, Answer, read
from cnn_dash.plots import probabilities
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.probability_bars import bars_html
from cnn_dash.ui.components.thumbnails import Thumbnail, render_thumbnails
from cnn_dash.ui.predict.choice import region_of, render_choice
from cnn_dash.ui.predict.correction import render_correction
from cnn_dash.ui.predict.network import loaded_network
from cnn_dash.ui.predict.several import render_several
from cnn_dash.ui.predict.side_by_side import render_side_by_side
from cnn_dash.ui.predict.steps import as_read, chosen_steps, render_steps, render_steps_off
from cnn_dash.ui.predict.summary import BROKEN, Summary, is_finite, summary_of

MODEL_INPUT_PX = 96
GAP_PX = 10


def render_answer(
    runs: Sequence[Run], picture: Image | np.ndarray, digest: str, place: str, *, drawn: bool = False
) -> None:
    """Draw prediction, probabilities and model input; a picture on which there is nothing gets no prediction.

    Of several runs, what each says is drawn above the details of the first.

    Args:
        runs: Whose networks predict.
        picture: What was drawn or uploaded.
        digest: Stands for its content: what was chosen on it is remembered under this name.
        place: Part of the page, for the keys of what is in it.
        drawn: Whether the picture is the drawing on the canvas, which is on the page already; then it is shown again
            only if there is something to choose.

    Raises:
        PictureError: If the picture cannot be used.
        StoreError: If the network cannot be opened, and there is no other run.
    """
    upright = as_read(picture)
    render_steps_off(drawn=drawn)
    if len(runs) == 1:
        _render_details(runs[0], picture, upright, digest, place, drawn)
        return
    above = st.container()
    try:
        loaded_network(runs[0])
    except StoreError as error:  # the others answer all the same
        first = Summary("", error=str(error))
    else:
        st.caption(f"Run {runs[0].id} in detail")
        first = _render_details(runs[0], picture, upright, digest, place, drawn)
    with above:
        render_side_by_side(runs, first, upright, digest, drawn=drawn)


def render_pages(pages: int) -> None:
    """Say which page of a document is read; nothing if there is but one."""
    if pages > 1:
        st.caption(f":material/description: {page_of(pages)} is read.")


def page_of(pages: int) -> str:
    """Return which page of a document is read; empty if there is but one."""
    return f"Page 1 of {pages:,}" if pages > 1 else ""


def _render_details(
    run: Run, picture: Image | np.ndarray, upright: Image, digest: str, place: str, drawn: bool
) -> Summary:
    """Draw the answer of one run with all that belongs to it; return it in short."""
    network = loaded_network(run)
    names = network.model_input.class_names
    try:
        reading = read(network, upright, chosen_steps(drawn=drawn), region_of(digest))
    except BlankPicture as error:
        st.caption(str(error))
        if not drawn or region_of(digest):
            render_choice(upright, None, names, digest, place)
        render_steps(None, network.model_input, picture, upright, drawn=drawn)
        return Summary("", error=str(error))
    if not is_finite(reading):
        st.error(BROKEN)
        return Summary("", error=BROKEN)
    boxed = reading.answers[0].prepared.box is not None
    if len(reading.answers) > 1:
        render_several(run, reading, upright, names)
    else:
        _render_one(reading.answers[0], names, drawn or boxed)
        cut_out = bool(reading.others or region_of(digest))  # there is more on the picture than what was read
        render_correction(run, reading.answers[0], upright, names, cut_out=cut_out)
    if boxed and not (drawn and len(reading.answers) == 1 and not reading.others and not region_of(digest)):
        render_choice(upright, reading, names, digest, place)
    if len(reading.answers) == 1:
        st.html(bars_html(probabilities.probability_info(reading.answers[0].probabilities, names)))
    render_steps(reading.answers[0].prepared, network.model_input, picture, upright, drawn=drawn)
    return summary_of(reading, names)


def _render_one(answer: Answer, class_names: tuple[str, ...], seen: bool) -> None:
    info = probabilities.probability_info(answer.probabilities, class_names)
    # Side by side on a phone as well, so that the prediction for a drawing is seen without scrolling.
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", wrap=False):
        name, confidence = info.class_names[answer.label], info.labels[answer.label]
        st.metric("Prediction", name, confidence, delta_color="off", delta_arrow="off", width="content")
        images = [Thumbnail(answer.prepared.pixels, "Model input: the image that the network got", ("Model input",))]
        if not seen:
            images.insert(0, Thumbnail(_small(answer.prepared.picture), "The picture as brought", ("As brought",)))
        with st.container(width=len(images) * (MODEL_INPUT_PX + GAP_PX)):
            render_thumbnails(images, width_px=MODEL_INPUT_PX)
    if answer.doubt:
        st.markdown(f":material/help: **Not sure:** {DOUBTS[answer.doubt]}.")


def _small(pixels: np.ndarray) -> np.ndarray:
    """Return a picture no larger than it is drawn on a screen with small pixels."""
    picture = fromarray(pixels)
    picture.thumbnail((2 * MODEL_INPUT_PX, 2 * MODEL_INPUT_PX))
    return np.asarray(picture)
