"""The progress of a run, and the length of the queue, as lines that update in the browser.

`live_updates` hands the server's answers to all of them in the browser, so no part of the page is drawn again while a
run only makes progress. That is what twenty browsers would otherwise cost the run that they watch.
"""

from cnn_dash.runs.activity import ActivitySnapshot, progress_share, progress_text, queue_text
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.shared import BAR, component
from cnn_dash.ui.session import widget_keys

_line = component(
    "progress_line",
    '<p class="words"></p><div class="bar" role="progressbar" aria-valuemin="0" aria-valuemax="100"><div></div></div>',
    css=BAR,
)


def render_progress_line(run: Run, place: str) -> None:
    """Show the progress of a run that trains, waits or is paused.

    Args:
        run: The run.
        place: A key of its own for each part of the page that says it of the same run.
    """
    _line(
        key=widget_keys.of_run(f"{place}_progress_line", run.id),
        data={"run": run.id, "words": progress_text(run), "progress": progress_share(run)},
        height="content",
    )


def render_queue_line(snapshot: ActivitySnapshot, place: str) -> None:
    """Say how many runs wait, and until when."""
    _line(key=f"{place}_queue", data={"run": None, "words": queue_text(snapshot), "progress": None}, height="content")
