"""Lets a person tell the class of a picture, and keeps it as a labelled image; all of them can be downloaded."""

import hashlib

import numpy as np
import streamlit as st
from PIL.Image import Image

from cnn_dash.datasets.corrections import Correction, Corrections
from cnn_dash.errors import DataError
from cnn_dash.inference.answers import Answer
from cnn_dash.inference.pictures import to_rgb
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.downloads import api_url
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_store

_TOLD = "predict_told"
_MOST_TOLD = 200  # answers of which a session remembers what was told
_FEW = 12  # classes: so many are seen at a glance
_MARGIN = 0.3  # of the longer side of a character, around what is cut out


def render_correction(
    run: Run,
    answer: Answer,
    picture: Image | np.ndarray,
    class_names: tuple[str, ...],
    *,
    cut_out: bool = False,
    character: int | None = None,
) -> None:
    """Draw what corrects an answer with one click; once it is told, what was kept and the way back.

    Args:
        run: Whose network answered.
        answer: The answer.
        picture: What was drawn or uploaded.
        class_names: The classes of the network.
        cut_out: Whether only the character is kept and not all of the picture, as when there are several on it.
        character: Which of several characters it is, from 1: then there is little room.
    """
    key = widget_keys.of_run(f"{widget_keys.PREDICT_CORRECT}_{_digest(answer)}", run.id)
    told: dict[str, Correction] = st.session_state.setdefault(_TOLD, {})
    # Here, and not in a callback of the widget: Streamlit would hold on to the picture that it is given, one for each
    # answer of each session.
    chosen: int | None = st.session_state.get(key)
    if chosen is not None and key not in told:
        try:
            told[key] = _keep(run, answer, picture, class_names, chosen, cut_out)
            st.toast(f"Kept as **{plain(class_names[chosen])}**", icon=":material/check:")
        except DataError as error:
            st.session_state[key] = None
            render_error(error)
        while len(told) > _MOST_TOLD:
            del told[next(iter(told))]
    if key in told:
        _render_told(key, told[key], narrow=character is not None)
    else:
        _render_question(key, class_names, "It was a …" if character is None else f"Character {character} was a …")


def render_corrections() -> None:
    """Draw the place where all corrections are downloaded; nothing as long as there is none."""
    try:
        count = len(_corrections().all())
    except DataError as error:
        render_error(error)
        return
    if count == 0:
        return
    with st.expander(f"Corrections: {count:,}", icon=":material/rate_review:", key=widget_keys.PREDICT_CORRECTIONS):
        st.caption(
            "Pictures whose class was told here, by anybody, in one folder per class, as brought and as model input. "
            f"They lie in {plain(str(_corrections().folder))}."
        )
        st.link_button("Download all", api_url("corrections.zip"), icon=":material/download:")


def _render_told(key: str, correction: Correction, *, narrow: bool) -> None:
    with st.container(
        horizontal=not narrow,
        horizontal_alignment="center" if narrow else "left",
        vertical_alignment="center",
        gap="xxsmall" if narrow else "small",
    ):
        kept = "" if narrow else "Kept as "
        st.markdown(f":material/check: {kept}**{plain(correction.label)}**", width="content")
        st.button("Undo", key=f"{key}_undo", icon=":material/undo:", type="tertiary", on_click=_undo, args=(key,))


def _render_question(key: str, class_names: tuple[str, ...], question: str) -> None:
    with st.popover("Right?", key=f"{key}_popover", type="tertiary", icon=":material/rate_review:"):
        labels, name = range(len(class_names)), lambda label: plain(class_names[label])
        if len(class_names) <= _FEW:
            st.pills(question, labels, format_func=name, key=key)
        else:
            st.selectbox(question, labels, format_func=name, index=None, placeholder="Class", key=key)
        st.caption("The picture is kept on this machine with this class, to train on later.")


def _keep(
    run: Run,
    answer: Answer,
    picture: Image | np.ndarray,
    class_names: tuple[str, ...],
    label: int,
    cut_out: bool,
) -> Correction:
    upright = to_rgb(picture)
    if cut_out and answer.prepared.box is not None:
        top, left, bottom, right = answer.prepared.box
        margin = round(_MARGIN * max(bottom - top, right - left))
        upright = upright.crop(
            (
                max(left - margin, 0),
                max(top - margin, 0),
                min(right + margin, upright.width),
                min(bottom + margin, upright.height),
            )
        )
    return _corrections().add(
        np.asarray(upright), answer.prepared.pixels, label, class_names, run.id, answer.label, answer.confidence
    )


def _undo(key: str) -> None:
    told: dict[str, Correction] = st.session_state.get(_TOLD, {})
    try:
        if key in told:
            _corrections().remove(told[key])
            del told[key]
    except DataError as error:
        st.toast(plain(str(error)), icon=":material/error:")
    st.session_state.pop(key, None)


def _digest(answer: Answer) -> str:
    """Return what tells an answer from others on the page: what the network got, and where that was."""
    seen = answer.prepared.pixels.tobytes() + repr(answer.prepared.box).encode()
    return hashlib.sha256(seen).hexdigest()[:12]


def _corrections() -> Corrections:
    return Corrections(open_store().settings.corrections_dir)
