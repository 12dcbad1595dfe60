"""What several commands share: their options, the store, and following a run to its end."""

from typing import TYPE_CHECKING, Annotated

import typer

from cnn_dash.cli.terminal import OUT, print_json, say
from cnn_dash.settings import Settings

if TYPE_CHECKING:
    from cnn_dash.runs.records import Run
    from cnn_dash.runs.store import RunStore

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON value on stdout instead of text.")]
Detach = Annotated[
    bool, typer.Option("--detach", help="Only put it into the queue, for a worker of a server or of another command.")
]
WhichRun = Annotated[str, typer.Argument(metavar="RUN", help="Number of a run, or latest.", show_default=False)]


def open_store() -> "RunStore":
    """Return the run store that the environment names."""
    from cnn_dash.runs.store import RunStore

    return RunStore(Settings.from_environment())


def train_and_print(store: "RunStore", run: "Run", *, as_json: bool, detach: bool = False) -> None:
    """Follow a queued run to its end, unless it is left to others, and print it."""
    from cnn_dash.cli.follow import succeeded, train_to_the_end
    from cnn_dash.cli.tables import run_head
    from cnn_dash.runs.describe import summary
    from cnn_dash.runs.status import Status

    if not detach:
        run = train_to_the_end(store, run)
    print_json(summary(run)) if as_json else OUT.print(run_head(run))
    if detach:
        say(f"Run {run.id} waits. The next worker trains it: that of a server (streamlit run app.py), or of a command.")
    elif run.status is Status.PAUSED:
        say(f"Run {run.id} is paused. To continue: python -m cnn_dash resume {run.id}.")
    elif not succeeded(run):
        say(run.message or f"Run {run.id} is {run.status}.")
        raise typer.Exit(1)
