"""One run in progress: a link with its name, and its progress as text and as a bar."""

import streamlit as st

from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import plain
from cnn_dash.ui.components.progress_line import render_progress_line
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import pages

_UNMARKED = "other_run"
# Streamlit marks every link to the page on show. Here all links lead to Train, where one run is on show. A name that is
# too long for the sidebar ends in an ellipsis.
LINKS_CSS = f"""<style>
[class*="_{_UNMARKED}_"] [data-testid="stPageLink-NavLink"]:not(:hover, :focus-visible) {{ background: transparent }}
[class*="_{_UNMARKED}_"] [data-testid="stPageLink-NavLink"] * {{ font-weight: normal }}
[class*="_run_"] [data-testid="stPageLink-NavLink"] * {{ min-width: 0; overflow: hidden; text-overflow: ellipsis }}
</style>"""


def render_in_progress(run: Run, place: str) -> None:
    """Draw a run that trains, waits or is paused; `place` is the key of the part of the page that it is in."""
    label = f"Run {run.id} · {plain(run.name)}"
    about = "Its curves, and what can be done with it"
    on_show = st.query_params.get(widget_keys.RUN) == str(run.id)
    with st.container(key=widget_keys.of_run(f"{place}_{'run' if on_show else _UNMARKED}", run.id)):
        st.page_link(pages()["train"], label=label, help=about, query_params={widget_keys.RUN: str(run.id)})
    render_progress_line(run, place)
