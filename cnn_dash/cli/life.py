"""The commands that ask something of a run: stop, pause, resume, retry, longer."""

from typing import TYPE_CHECKING, Annotated

import typer

from cnn_dash.cli.common import AsJson, Detach, WhichRun, open_store, train_and_print
from cnn_dash.cli.terminal import OUT, in_words, print_json

if TYPE_CHECKING:
    from cnn_dash.runs.records import Run


@in_words
def stop(run: WhichRun, as_json: AsJson = False) -> None:
    """Ask a run to stop; what it has learned is tested and kept. `latest` is the newest that waits or trains."""
    from cnn_dash.cli.choose import active_run
    from cnn_dash.runs import actions

    store = open_store()
    asked = actions.stop(store, active_run(store, run).id)
    _asked(asked, "stop. What it has learned is tested and kept.", as_json=as_json)


@in_words
def pause(run: WhichRun, as_json: AsJson = False) -> None:
    """Pause a run, exactly as it is, until it is resumed. `latest` is the newest that waits or trains."""
    from cnn_dash.cli.choose import active_run
    from cnn_dash.runs import actions

    store = open_store()
    asked = actions.pause(store, active_run(store, run).id)
    _asked(asked, f"pause. It keeps everything; to continue: python -m cnn_dash resume {asked.id}.", as_json=as_json)


@in_words
def resume(run: WhichRun, detach: Detach = False, as_json: AsJson = False) -> None:
    """Resume a run that was paused or stopped, as if nothing had happened. Ctrl-C stops it again."""
    from cnn_dash.cli.choose import run_in
    from cnn_dash.runs import actions
    from cnn_dash.runs.status import Status

    store = open_store()
    chosen = run_in(store, run, (Status.PAUSED, Status.STOPPED), "No run is paused or stopped.")
    train_and_print(store, actions.resume(store, chosen.id), detach=detach, as_json=as_json)


@in_words
def retry(run: WhichRun, detach: Detach = False, as_json: AsJson = False) -> None:
    """Retry a run that failed, from its last checkpoint if it has one. Ctrl-C stops it."""
    from cnn_dash.cli.choose import run_in
    from cnn_dash.runs import actions
    from cnn_dash.runs.status import Status

    store = open_store()
    chosen = run_in(store, run, (Status.FAILED,), "No run has failed.")
    train_and_print(store, actions.retry(store, chosen.id), detach=detach, as_json=as_json)


@in_words
def longer(
    run: WhichRun,
    epochs: Annotated[int, typer.Option(min=1, help="How many more.", show_default=False)],
    detach: Detach = False,
    as_json: AsJson = False,
) -> None:
    """Give a run that has finished more epochs, from where it ended. Ctrl-C stops it."""
    from cnn_dash.cli.choose import run_in
    from cnn_dash.runs import actions
    from cnn_dash.runs.status import Status

    store = open_store()
    chosen = run_in(store, run, (Status.FINISHED,), "No run has finished.")
    train_and_print(store, actions.train_longer(store, chosen.id, epochs), detach=detach, as_json=as_json)


def _asked(run: "Run", request: str, *, as_json: bool) -> None:
    """Print a run that was just asked something."""
    from cnn_dash.runs.describe import summary

    if as_json:
        print_json(summary(run))
    elif run.request is not None:
        OUT.print(f"Run {run.id} is asked to {request}", soft_wrap=True)
    else:
        OUT.print(f"Run {run.id} is {run.status}.")


COMMANDS = (stop, pause, resume, retry, longer)
