"""The row with the Train button: what it will start, and how long that takes."""

import streamlit as st

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.runs import batch
from cnn_dash.runs.batch import Batch
from cnn_dash.runs.preview import Preview
from cnn_dash.sweep import sweep
from cnn_dash.ui.session import sweep_state, widget_keys
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import finished_runs, open_store
from cnn_dash.ui.train.run_panel import watch
from cnn_dash.ui.train.sweep_form import render_sweep

BUTTON_PX = 150  # room for "Train 200 runs", so that what stands beside it stays where it is
# Whether a setting has several values → what stands beside a button that cannot be pressed.
NOT_NOW = {False: "This network cannot be trained.", True: "These values cannot be trained."}


def render_start(config: RunConfig, shown: Preview | None) -> None:
    """Draw the button that starts a run, or several; where it can start none, the reason instead of the time.

    Args:
        config: What the form says.
        shown: The same, checked; None if it cannot be trained, which is said elsewhere.
    """
    several = sweep_state.read(config)
    planned, refused = _planned(config, several) if several else (Batch((shown,)) if shown else None, None)
    count = len(planned.previews) if planned else 1
    label = "Train" if count == 1 else f"Train {count} runs"
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            label,
            key=widget_keys.TRAIN_START,
            type="primary",
            icon=":material/play_arrow:",
            disabled=planned is None,
            width=BUTTON_PX,
        )
        render_sweep(config, refused)
    st.caption(_expected(planned) if planned else NOT_NOW[bool(several)])
    if pressed and planned is not None:
        _start(planned)


def _planned(config: RunConfig, several: dict[str, str]) -> tuple[Batch | None, str | None]:
    """Return the runs that several values make, or why they cannot be trained."""
    try:
        return batch.plan(open_store().settings, sweep(config, several), finished_runs()), None
    except ConfigError as error:
        return None, str(error)


def _expected(planned: Batch) -> str:
    """Say how much it is: `5 epochs, about 10 s on this machine`, `6 runs, about 2 min on this machine`."""
    count, epochs = len(planned.previews), planned.previews[0].config.train.epochs
    what = f"{count} runs" if count > 1 else f"{epochs} epoch{'s' if epochs > 1 else ''}"
    first = f", after {planned.download_mb:g} MB of data" if planned.download_mb else ""
    return f"{what}, {planned.estimate}{first}"


def _start(planned: Batch) -> None:
    runs = batch.submit_all(open_store(), planned)
    if len(runs) == 1:
        watch(runs[0])
    go("runs", search=f"tag={runs[0].tags[0]}")
