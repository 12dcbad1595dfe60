"""The live panel: draws a run while it trains, without a rerun of the page.

A component of our own. What it draws, and how the metrics are called and written, comes from `/api/runs/{id}/events`
(`api/live_charts.py`). It draws with `Plotly.extendTraces`, so zoom, hidden lines and hover survive while the curves
grow, and a watcher costs the server almost nothing.
"""

from pathlib import Path

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.components.downloads import api_url
from cnn_dash.ui.components.shared import BAR, LIFECYCLE, PLOTLY, library_url
from cnn_dash.ui.session import widget_keys

_HERE = Path(__file__).parent

_panel = st.components.v2.component(
    "cnn_dash_live_panel",
    html=(_HERE / "panel.html").read_text("utf-8"),
    css=BAR + (_HERE / "panel.css").read_text("utf-8"),
    js="\n".join(
        (
            LIFECYCLE,
            PLOTLY,
            *((_HERE / f"{name}.js").read_text("utf-8") for name in ("words", "curves", "epoch_images", "panel")),
        )
    ),
)


def render_live_panel(run: Run, *, come_into_view: bool = False) -> None:
    """Show a run as it goes; the panel asks for a rerun whenever the run is in another state than the page shows.

    Args:
        run: The run as the page shows it.
        come_into_view: Move the page to the panel when it first shows this run.
    """
    _panel(
        key=widget_keys.TRAIN_LIVE,
        data={
            "run": run.id,
            "queued": run.queued_at.timestamp(),  # another time: it continues, so that there is something to follow
            "shown": f"{run.status}/{run.request_text or ''}",
            "comeIntoView": come_into_view,
            "api": api_url(),
            "plotly": library_url(),
        },
        on_changed_change=lambda: None,
        width="stretch",
        height="content",
    )
