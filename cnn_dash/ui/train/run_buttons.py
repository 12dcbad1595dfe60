"""What can be done with a run, as buttons that fit its status."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.errors import CnnDashError, ConfigError, DataError
from cnn_dash.hyperparameters import bounds
from cnn_dash.runs import actions
from cnn_dash.runs.estimate import each_epoch, estimate
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Request, Source, Status
from cnn_dash.ui.components.export_dialog import render_export_button
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.session import settings_state, widget_keys
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import open_activity, open_store

_PROBLEM = "live_problem"


def render_run_actions(run: Run) -> None:
    """Draw the buttons; what one does is in the store before the page is drawn again."""
    with st.container(horizontal=True, horizontal_alignment="right", width="content"):
        if run.source is Source.EXTERNAL:
            if run.status is Status.RUNNING:
                _of_another_program(run)
        elif run.active:
            _under_way(run)
        elif run.status is Status.PAUSED:
            _button("Resume", widget_keys.LIVE_RESUME, ":material/play_arrow:", actions.resume, run, primary=True)
            _stop(run)
        elif run.status is Status.STOPPED:
            _button("Resume", widget_keys.LIVE_RESUME, ":material/play_arrow:", actions.resume, run)
        elif run.status is Status.FAILED:
            _button("Retry", widget_keys.LIVE_RETRY, ":material/refresh:", actions.retry, run, primary=True)
        elif run.status is Status.FINISHED:
            _longer(run)
        if not run.active:
            _look_at(run)
        if run.source is Source.RECIPE:
            st.button(
                "Use these settings",
                key=widget_keys.LIVE_CLONE,
                icon=":material/content_copy:",
                help="Puts the settings of this run into the form above, as a start for the next one.",
                on_click=_clone,
                args=(run,),
            )
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        render_error(problem)


def _of_another_program(run: Run) -> None:
    """Pause, resume and stop: the program reads what was asked, and does it between two batches."""
    if run.held:
        _button("Resume", widget_keys.LIVE_RESUME, ":material/play_arrow:", actions.resume, run, primary=True)
    elif run.request is not Request.STOP:
        pausing = run.request is Request.PAUSE
        label = Request.PAUSE.progress if pausing else "Pause"
        _button(label, widget_keys.LIVE_PAUSE, ":material/pause:", actions.pause, run, disabled=pausing)
    _stop(run)


def _under_way(run: Run) -> None:
    """Pause and stop; what was asked already is said, and not asked again."""
    asked = run.request
    if asked is not Request.STOP:
        pausing = asked is Request.PAUSE
        label = Request.PAUSE.progress if pausing else "Pause"
        _button(label, widget_keys.LIVE_PAUSE, ":material/pause:", actions.pause, run, disabled=pausing)
    _stop(run)
    if actions.is_editable(run) and st.button(
        "Edit", key=widget_keys.LIVE_EDIT, icon=":material/edit:", help="Change its settings while it waits."
    ):
        go("train", run=run.id, edit=run.id)


def _stop(run: Run) -> None:
    stopping = run.request is Request.STOP
    label = Request.STOP.progress if stopping else "Cancel" if run.status is Status.QUEUED and run.untrained else "Stop"
    with st.container(key=widget_keys.TRAIN_STOP, width="content"):  # its former name, which links and tests may know
        _button(label, widget_keys.LIVE_STOP, ":material/stop:", actions.stop, run, disabled=stopping)


def _longer(run: Run) -> None:
    """Ask for how many more epochs, and say about how long they take."""
    most = int(bounds("train.epochs")[1]) - run.epoch
    if most < 1:
        return
    with st.popover("Train longer", key=widget_keys.LIVE_LONGER, icon=":material/more_time:"):
        usual = presets.get(run.preset or presets.DEFAULT_PRESET).train.epochs
        more = st.number_input(
            "More epochs",
            min_value=1,
            max_value=most,
            value=min(usual, most),
            key=widget_keys.LIVE_LONGER_EPOCHS,
            help="The run continues from where it ended, for so many epochs more.",
        )
        st.caption(f"{run.epoch} trained so far, {run.epoch + more} in all{_cost(run, more)}.")
        st.button(
            "Continue training",
            key=widget_keys.LIVE_LONGER_START,
            type="primary",
            icon=":material/play_arrow:",
            on_click=_train_longer,
            args=(run.id,),
        )


def _cost(run: Run, more: int) -> str:
    try:
        data_dir = Path(run.data_dir) if run.data_dir else None
        images = catalogue.get(run.recipe.data.dataset, data_dir).train_count
    except (ConfigError, DataError):  # a data set that this version does not know; to continue is refused by the worker
        return ""
    train = run.recipe.train.model_copy(update={"epochs": more})
    work = each_epoch(run.multiply_adds, run.config) if run.multiply_adds else 0
    return f", {estimate(train, train_images=images, multiply_adds=work, earlier=[run])}"


def _look_at(run: Run) -> None:
    if run.has_predictions and st.button(
        "Show mistakes", key=widget_keys.TRAIN_TO_EVALUATE, icon=":material/fact_check:"
    ):
        go("evaluate", run=run.id)
    if run.has_network and st.button("Predict", key=widget_keys.TRAIN_TO_PREDICT, icon=":material/draw:"):
        go("predict", run=run.id)
    render_export_button(run, widget_keys.EXPORT_FROM_TRAIN)


def _button(
    label: str,
    key: str,
    icon: str,
    action: Callable[..., object],
    run: Run,
    *,
    primary: bool = False,
    disabled: bool = False,
) -> None:
    st.button(
        label,
        key=key,
        icon=icon,
        type="primary" if primary else "secondary",
        disabled=disabled,
        on_click=_do,
        args=(action, run.id),
    )


def _do(action: Callable[..., object], run_id: int, *values: object) -> None:
    """Do it; if it cannot be done (any more), the next drawing says why."""
    try:
        action(open_store(), run_id, *values)
    except CnnDashError as error:
        st.session_state[_PROBLEM] = str(error)
    open_activity().forget()


def _train_longer(run_id: int) -> None:
    _do(actions.train_longer, run_id, int(st.session_state[widget_keys.LIVE_LONGER_EPOCHS]))


def _clone(run: Run) -> None:
    settings_state.take(run.recipe)
    st.rerun()  # the form is another part of the page
