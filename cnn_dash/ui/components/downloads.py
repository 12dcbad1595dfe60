"""Links to runs and curves as files."""

from collections.abc import Sequence

import streamlit as st

from cnn_dash.ui.session import widget_keys

_FILES = (
    ("runs.csv", "Runs, CSV", "Settings and results, one row a run, for a spreadsheet."),
    ("runs.json", "Runs, JSON", "Settings and results, for a program."),
    ("curves.csv", "Curves, CSV", "Every epoch, one row each, for a spreadsheet or pandas."),
    ("curves.json", "Curves, JSON", "Every epoch, for a program."),
)


def api_url(path: str = "") -> str:
    """Return the address of a route on this server: `/api/runs.csv`, below the server's base path if it has one."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return "/" + "/".join(filter(None, (base, "api", path)))


def render_exports(ids: Sequence[int] | None) -> None:
    """Offer the files of some runs, or of all (None)."""
    query = "" if ids is None else f"?ids={','.join(map(str, ids))}"
    key = widget_keys.RUNS_EXPORT if ids is not None else f"{widget_keys.RUNS_EXPORT}_all"
    with st.popover("Download" if ids is not None else "Download all runs", icon=":material/download:", key=key):
        for file, label, about in _FILES:
            st.link_button(label, api_url(file) + query, help=about, width="stretch", icon=":material/table:")
