"""The answers for many uploads: a count, a file with all of them, and a card for each."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.errors import CnnDashError
from cnn_dash.inference.answers import DOUBTS
from cnn_dash.inference.pictures import open_first_page
from cnn_dash.plots.layout import percent
from cnn_dash.runs.records import Run
from cnn_dash.text import isolated, printable
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.picture_cards import Card, Said, render_picture_cards
from cnn_dash.ui.predict.answer import page_of, render_answer, render_pages
from cnn_dash.ui.predict.digests import digest_of
from cnn_dash.ui.predict.opinions import Opinions, as_csv, differ
from cnn_dash.ui.predict.steps import render_steps_off
from cnn_dash.ui.predict.summary import Summary
from cnn_dash.ui.session import widget_keys

OPEN = "predict_open"
"""Not a widget: the upload whose details are to be shown next."""


def render_overview(opinions: Sequence[Opinions]) -> None:
    """Draw how many pictures were read, how many of them with doubt, and the file with all answers."""
    doubtful = sum(one.first.doubt is not None for one in opinions)
    failed = sum(bool(one.first.error) for one in opinions)
    chosen, *others = opinions[0].by_run
    render_steps_off()
    with st.container(horizontal=True, gap="small" if others else "large"):  # four in a row, on a phone as well
        st.metric("Pictures", f"{len(opinions):,}", width="content")
        of_which = f"Run {chosen} is not sure about them. " if others else ""
        st.metric("Not sure", f"{doubtful:,}", width="content", help=f"{of_which}They are listed first: check them.")
        if others:
            differing = sum(one.differ for one in opinions)
            about = "The runs predict different classes. Listed after those that are not sure."
            st.metric("Disagree", f"{differing:,}", width="content", help=about)
        if failed:
            st.metric("Not read", f"{failed:,}", width="content")
    order = "First those that are not sure, then those on which the runs disagree. " if others else ""
    st.caption(f"{order}A click on a picture shows how it was read, and lets you choose what is meant.")
    st.download_button(
        "All answers, CSV",
        as_csv(opinions),
        "answers.csv",
        "text/csv",
        key=widget_keys.PREDICT_DOWNLOAD,
        icon=":material/download:",
        on_click="ignore",
    )


def render_cards(runs: Sequence[Run], files: Sequence[UploadedFile], opinions: Sequence[Opinions]) -> None:
    """Draw a card for each picture, and the details of the one that was clicked."""
    render_picture_cards([_card(one) for one in opinions], on_open=_ask_for, key=widget_keys.PREDICT_CARDS)
    asked = st.session_state.pop(OPEN, None)
    file = next((file for file in files if file.file_id == asked), None)
    if file is not None:
        st.dialog(plain(file.name), width="medium", on_dismiss="rerun")(_render_details)(runs, file)


def _ask_for(key: str) -> None:
    st.session_state[OPEN] = key


def _render_details(runs: Sequence[Run], file: UploadedFile) -> None:
    try:
        picture, pages = open_first_page(file.getvalue(), file.name)
        render_pages(pages)
        render_answer(runs, picture, digest_of(file), "details")
    except CnnDashError as error:
        render_error(error)


def _card(opinions: Opinions) -> Card:
    first, several = opinions.first, len(opinions.by_run) > 1
    notes = [
        f"Not sure: {DOUBTS[first.doubt]}" if first.doubt else "",
        "The runs disagree" if opinions.differ else "",
        page_of(first.pages),
    ]
    said = [_said(f"Run {run_id}" if several else "", one, first) for run_id, one in opinions.by_run.items()]
    failed = all(one.error for one in opinions.by_run.values())
    return Card(
        key=opinions.key,
        name=isolated(printable(first.name)),
        picture=first.picture,
        model_input=first.model_inputs[0] if first.model_inputs else "",
        said=() if failed else tuple(said),
        note=printable(first.error) or ". ".join(filter(None, notes)),
        doubtful=first.doubt is not None,
        differ=opinions.differ,
    )


def _said(run: str, one: Summary, first: Summary) -> Said:
    """Return the answer of a run; where there are several, a doubtful one has a question mark, as at a box."""
    return Said(
        run=run,
        answer=one.answer + (" ?" if run and one.doubt else "") or "–",
        confidence="" if one.error else percent(one.confidence),
        differs=differ((first, one)),
    )
