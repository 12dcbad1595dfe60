"""The answers for many uploads: a count, a file with all of them, and a card for each."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.errors import PictureError
from cnn_dash.inference import open_picture
from cnn_dash.inference.answers import DOUBTS
from cnn_dash.metrics import percent
from cnn_dash.runs.records import Run
from cnn_dash.text import isolated, printable
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.picture_cards import Card, render_picture_cards
from cnn_dash.ui.predict.answer import render_answer
from cnn_dash.ui.predict.digests import digest_of
from cnn_dash.ui.predict.steps import render_steps_off
from cnn_dash.ui.predict.summary import Summary, as_csv
from cnn_dash.ui.session import widget_keys

OPEN = "predict_open"
"""Not a widget: the upload whose details are to be shown next."""


def render_overview(summaries: Sequence[Summary]) -> None:
    """Draw how many pictures were read, how many of them with doubt, and the file with all answers."""
    doubtful = sum(one.doubt is not None for one in summaries)
    failed = sum(bool(one.error) for one in summaries)
    render_steps_off()
    with st.container(horizontal=True, gap="large"):
        st.metric("Pictures", f"{len(summaries):,}", width="content")
        st.metric("Not sure", f"{doubtful:,}", width="content", help="They come first: look at them.")
        if failed:
            st.metric("Not read", f"{failed:,}", width="content")
    st.caption("A click on a picture shows how it was read, and lets you choose what is meant.")
    st.download_button(
        "All answers, CSV",
        as_csv(summaries),
        "answers.csv",
        "text/csv",
        key=widget_keys.PREDICT_DOWNLOAD,
        icon=":material/download:",
        on_click="ignore",
    )


def render_cards(run: Run, files: Sequence[UploadedFile], summaries: Sequence[tuple[str, Summary]]) -> None:
    """Draw a card for each answer, and the details of the one that was clicked."""
    cards = [_card(key, summary) for key, summary in summaries]
    render_picture_cards(cards, on_open=_ask_for, key=widget_keys.PREDICT_CARDS)
    asked = st.session_state.pop(OPEN, None)
    file = next((file for file in files if file.file_id == asked), None)
    if file is not None:
        st.dialog(plain(file.name), width="medium", on_dismiss="rerun")(_render_details)(run, file)


def _ask_for(key: str) -> None:
    st.session_state[OPEN] = key


def _render_details(run: Run, file: UploadedFile) -> None:
    try:
        picture = open_picture(file.getvalue(), file.name)
        render_answer(run, picture, digest_of(file), "details")
    except PictureError as error:
        render_error(error)


def _card(key: str, summary: Summary) -> Card:
    doubt = f"Not sure: {DOUBTS[summary.doubt]}" if summary.doubt else ""
    return Card(
        key=key,
        name=isolated(printable(summary.name)),
        picture=summary.picture,
        model_input=summary.model_input,
        answer=summary.answer,
        confidence="" if summary.error else percent(summary.confidence),
        note=doubt or printable(summary.error),
        doubtful=summary.doubt is not None,
    )
