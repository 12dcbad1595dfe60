"""Keeps a temperature for the network of a run, and says which one is kept."""

import streamlit as st

from cnn_dash.errors import CnnDashError
from cnn_dash.evaluation.report import Report
from cnn_dash.inference import kept_temperature
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.session import evaluate_keys
from cnn_dash.ui.session.resources import picture_answers, predictor, result_folder, told_report

_ERROR = "evaluate_temperature_error"
STEP = 0.05


def kept_of(run: Run) -> float | None:
    """Return the temperature that is kept for a run; None if there is none."""
    return None if run.network_folder is None else kept_temperature.kept(result_folder(run.id, run.network_folder))


def as_told(run: Run, report: Report) -> Report:
    """Return the predictions of a run with the confidences that are told of it: by the kept temperature, if any."""
    temperature = kept_of(run)
    if temperature is None or run.result is None:
        return report
    return told_report(run.id, run.result.folder, temperature)


def render_kept(run: Run) -> None:
    """Say which temperature confidences are told by, if one is kept."""
    if temperature := kept_of(run):
        st.caption(f"Confidences by the kept temperature, {temperature:.4g}.")


def choose_temperature(run: Run, fitted: float) -> float:
    """Draw the choice of a temperature, and what is kept; return the one to show.

    Args:
        run: The run on show, whose network is here.
        fitted: The temperature that was fitted on its validation images.
    """
    assert run.network_folder is not None  # a temperature was fitted for it
    folder = result_folder(run.id, run.network_folder)
    if error := st.session_state.pop(_ERROR, None):
        render_error(error)
    known = kept_temperature.kept(folder)
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        if known is not None:
            st.markdown(
                f":material/check: The temperature **{known:.4g}** is kept with run {run.id}: it tells confidences "
                "here, on Predict, by `predict` and `serve`, in the exported page and in the model card.",
                width="stretch",
            )
            st.button(
                "Undo",
                key=evaluate_keys.EVALUATE_TEMPERATURE_UNDO,
                icon=":material/undo:",
                on_click=_forget,
                args=(run, folder),
                help=f"Back to {fitted:.4g}, which was fitted, on Predict, and to confidences as trained here.",
            )
            return known
        chosen = st.number_input(
            "Temperature",
            kept_temperature.LOWEST,
            kept_temperature.HIGHEST,
            round(fitted, 2),
            STEP,
            key=f"{evaluate_keys.EVALUATE_TEMPERATURE}_{run.id}",
            width=160,
            help=f"{fitted:.4g} was fitted on the validation images. Another one is drawn below at once.",
        )
        st.button(
            "Keep it",
            key=evaluate_keys.EVALUATE_TEMPERATURE_KEEP,
            icon=":material/thermostat:",
            on_click=_keep,
            args=(run, folder, chosen),
            help="With the run, until you undo it: for the confidences on this page, on Predict, by `predict` and "
            "`serve`, in the exported page and in the model card.",
        )
    return float(chosen)


def _keep(run: Run, folder: ResultFolder, temperature: float) -> None:
    try:
        kept_temperature.keep(folder, temperature)
    except CnnDashError as error:
        st.session_state[_ERROR] = str(error)
    _tell_again(run)


def _forget(run: Run, folder: ResultFolder) -> None:
    try:
        kept_temperature.forget(folder)
    except CnnDashError as error:
        st.session_state[_ERROR] = str(error)
    _tell_again(run)


def _tell_again(run: Run) -> None:
    """Have the Predict page ask the network anew."""
    assert run.network_folder is not None  # see above
    predictor.clear(run.id, run.network_folder)
    picture_answers.clear()
