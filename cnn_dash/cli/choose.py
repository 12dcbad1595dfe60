"""Which run is meant by RUN: its number, or `latest`."""

from collections.abc import Iterable

import typer

from cnn_dash.errors import RunNotFound
from cnn_dash.parsing import whole_number
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import ACTIVE, Status
from cnn_dash.runs.store import RunStore

LATEST = "latest"


def any_run(store: RunStore, text: str) -> Run:
    """Return the run of this number, or the newest.

    Raises:
        RunNotFound: If there is none.
        typer.BadParameter: If it is neither a number nor `latest`.
    """
    return _chosen(store.latest(), "No run yet.") if text == LATEST else store.run(_number(text))


def active_run(store: RunStore, text: str) -> Run:
    """Return the run of this number, or the newest that waits or trains; raise as `any_run` does."""
    return run_in(store, text, ACTIVE, "No run waits or trains.")


def run_in(store: RunStore, text: str, statuses: Iterable[Status], none: str) -> Run:
    """Return the run of this number, or the newest in one of these statuses; raise as `any_run` does.

    Args:
        store: Where to look.
        text: What a person wrote: a number or `latest`.
        statuses: Those among which to look for the latest.
        none: What to say if there is no such run.
    """
    return _chosen(store.latest(*statuses), none) if text == LATEST else store.run(_number(text))


def trained_run(store: RunStore, text: str) -> Run:
    """Return the run of this number, else the newest finished or stopped one; raise as `any_run` does.

    Raises:
        StoreError: If the run of this number has no network.
    """
    if text == LATEST:
        trained = [store.trained_runs(1, status) for status in (Status.FINISHED, Status.STOPPED)]
        return _chosen(next((run for found in trained for run in found), None), "No network has been trained yet.")
    run = store.run(_number(text))
    ResultFolder.of(store.settings, run)
    return run


def _chosen(run: Run | None, none: str) -> Run:
    if run is None:
        raise RunNotFound(f"{none} Received: {LATEST!r}. Next: python -m cnn_dash train.")
    return run


def _number(text: str) -> int:
    number = whole_number(text)
    if number is None:
        raise typer.BadParameter(f"RUN is the number of a run, or {LATEST}. Received: {text!r}.")
    return number
