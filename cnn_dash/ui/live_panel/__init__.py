"""The live panel: draws a run while it trains, without a rerun of the page.

A component of our own. It takes its points from `/api/runs/{id}/events` and draws them with `Plotly.extendTraces`, so
zoom, hidden lines and hover survive while the curves grow, and a watcher costs the server almost nothing.
"""

from pathlib import Path

import plotly
import streamlit as st

from cnn_dash.figures import palette
from cnn_dash.ui import keys

_HERE = Path(__file__).parent

_panel = st.components.v2.component(
    "cnn_dash_live_panel",
    html=(_HERE / "panel.html").read_text("utf-8"),
    css=(_HERE / "panel.css").read_text("utf-8"),
    js=(_HERE / "panel.js").read_text("utf-8"),
)


def render_live_panel(run_id: int, *, come_into_view: bool = False) -> None:
    """Show a run as it goes; the panel asks for one rerun when the run has ended.

    Args:
        run_id: The run.
        come_into_view: Move the page to the panel when it first shows this run.
    """
    base = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")
    api = base.rstrip("/") + "/api"
    _panel(
        key=keys.TRAIN_LIVE,
        data={
            "run": run_id,
            "comeIntoView": come_into_view,
            "api": api,
            "plotly": f"{api}/plotly.js?v={plotly.__version__}",
            "colors": {"train": palette.TRAIN, "validation": palette.VALIDATION, "batches": palette.MUTED},
            "dashes": {"train": palette.TRAIN_DASH, "validation": palette.VALIDATION_DASH},
        },
        on_ended_change=lambda: None,
        width="stretch",
        height="content",
    )
