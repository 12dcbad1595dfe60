"""The life of a run: its statuses and the one table of allowed transitions."""

from enum import StrEnum

from cnn_dash.errors import IllegalTransition


class Status(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def active(self) -> bool:
        """Whether the run is still to change by itself: it waits, trains, or continues once its worker is given up."""
        return self in ACTIVE

    @property
    def waiting(self) -> bool:
        """Whether the run waits for a worker."""
        return self in WAITING


WAITING = (Status.QUEUED, Status.INTERRUPTED)
ACTIVE = (Status.RUNNING, *WAITING)

ALLOWED: dict[Status, frozenset[Status]] = {
    # Stopped or paused while it waits: there is nothing to be told to a worker.
    Status.QUEUED: frozenset({Status.RUNNING, Status.STOPPED, Status.PAUSED, Status.FAILED}),
    Status.RUNNING: frozenset({Status.FINISHED, Status.STOPPED, Status.PAUSED, Status.FAILED, Status.INTERRUPTED}),
    Status.INTERRUPTED: frozenset({Status.RUNNING, Status.STOPPED, Status.PAUSED, Status.FAILED}),
    # Back to the queue: resumed, stopped with something to be tested, continued, retried, trained longer.
    Status.PAUSED: frozenset({Status.QUEUED, Status.STOPPED}),
    Status.STOPPED: frozenset({Status.QUEUED}),
    Status.FAILED: frozenset({Status.QUEUED}),
    Status.FINISHED: frozenset({Status.QUEUED}),
}


class Source(StrEnum):
    """Who trains a run: we do, by its recipe, or another program that records it here."""

    RECIPE = "recipe"
    EXTERNAL = "external"


class Request(StrEnum):
    """What a person asked of a run that a worker holds; the worker does it as soon as it reads the request."""

    STOP = "stop"
    PAUSE = "pause"

    @property
    def progress(self) -> str:
        """What a page says while the worker does it."""
        return {Request.STOP: "stopping…", Request.PAUSE: "pausing…"}[self]


def check(before: Status, after: Status) -> None:
    """Refuse a transition that is not in the table.

    Raises:
        IllegalTransition: Naming both statuses and what would be allowed.
    """
    if after not in ALLOWED[before]:
        allowed = ", ".join(sorted(ALLOWED[before]))
        raise IllegalTransition(f"A run that is {before} cannot become {after}. Allowed: {allowed}.")
