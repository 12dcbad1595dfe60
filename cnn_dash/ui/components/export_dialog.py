"""Takes the network of a run away: a dialog with the formats, what each is for, and how far a file agrees."""

from functools import partial

import streamlit as st

from cnn_dash.exporters.check_text import check_text
from cnn_dash.exporters.export import Exported
from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.exporters.kept import kept
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.jobs import Job
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.downloads import api_url
from cnn_dash.ui.components.messages import plain, render_error
from cnn_dash.ui.components.waiting import render_progress
from cnn_dash.ui.formatting import size
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import open_exports, open_store

LOOK_EVERY_S = 1.0

# The jobs that this session has asked for, by run, network and format: what went wrong is told to whoever asked.
_ASKED = "export_asked"


def render_export_button(run: Run, key: str) -> None:
    """Draw the button that opens the dialog, if the run has a network.

    Args:
        run: The run.
        key: Key of the button on this page.
    """
    if run.has_network and st.button(
        "Export",
        key=key,
        icon=":material/download:",
        help="The network as a file (Keras, ONNX, LiteRT, SavedModel), as an HTML page, or the script that trains it.",
    ):
        st.session_state.pop(_ASKED, None)
        _dialog(run.id)


# Without the rerun, the rows of a dialog that was closed would go on looking.
@st.dialog("Export", icon=":material/download:", width="medium", on_dismiss="rerun")
def _dialog(run_id: int) -> None:
    run = open_store().run(run_id)
    st.markdown(f"**Run {run.id}** · {plain(run.name)}")
    st.caption(
        "A network takes raw pixels 0–255 and returns probabilities; its file contains the pixel scaling. **Make** "
        "writes the file, and compares its predictions with those of the run on up to 500 test images."
    )
    _formats(run_id)


@st.fragment(key=widget_keys.EXPORT_FORMATS)
def _formats(run_id: int) -> None:
    run = open_store().run(run_id)
    for form in (one for one in FORMATS.values() if one.offered(run)):
        with st.container(key=widget_keys.export_row(form.name), border=True):
            about, state = st.columns([7, 4], vertical_alignment="center")
            with about, st.container(gap="xsmall"):
                st.markdown(f"**{form.label}** · `{form.extension}`")
                st.caption(form.about)
            job = _job(run, form)
            # A row looks again by itself only if its file was being made when the rows were drawn. To wait here instead
            # would hold up all else that this session shows.
            busy = job is not None and not job.future.done()
            with state, st.container(gap="xsmall"):
                st.fragment(_state, run_every=LOOK_EVERY_S if busy else None)(run, form)


def _job(run: Run, form: ExportFormat) -> Job[None] | None:
    """Return the job that makes a file just now, or else the one that this session asked for."""
    asked: dict[tuple[int, str | None, str], Job[None]] = st.session_state.get(_ASKED, {})
    return open_exports().under_way(run, form) or asked.get(_key(run, form))


def _state(run: Run, form: ExportFormat) -> None:
    job = _job(run, form)
    if job is not None and not job.future.done():
        render_progress(job)
        return
    error = None if job is None else job.future.exception()
    if error is not None:
        render_error(str(error))
    made = None if form.open is None else kept(open_store().settings, run, form)
    if form.open is None or made is not None:
        _download(run, form, made)
        return
    about = f" · about {size(run.parameters * form.bytes_per_parameter)}" if run.parameters else ""
    st.button(
        "Try again" if error else f"Make{about}",
        key=widget_keys.export_make(form.name),
        icon=":material/refresh:" if error else ":material/build:",
        on_click=partial(_start, run, form),
        width="stretch",
    )


def _download(run: Run, form: ExportFormat, made: Exported | None) -> None:
    label = "Download" if made is None else f"Download · {size(made.bytes)}"
    address = api_url(f"runs/{run.id}/exports/{form.name}")
    st.link_button(label, address, icon=":material/download:", width="stretch")
    if made is None:
        return
    said = check_text(made.check, form)
    if made.check.max_difference is None or (form.exact and not made.check.same):
        st.warning(plain(said), icon=":material/warning:")
    else:
        st.caption(f":material/verified: {plain(said)}")


def _start(run: Run, form: ExportFormat) -> None:
    st.session_state.setdefault(_ASKED, {})[_key(run, form)] = open_exports().start(run, form)
    st.rerun([widget_keys.EXPORT_FORMATS])  # all rows: this one begins to look, those whose file is there stop


def _key(run: Run, form: ExportFormat) -> tuple[int, str | None, str]:
    return run.id, run.network_folder, form.name
