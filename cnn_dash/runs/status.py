"""The life of a run: its statuses and the one table of allowed transitions."""

from enum import StrEnum

from cnn_dash.errors import IllegalTransition


class Status(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def active(self) -> bool:
        """Whether the run is still to change by itself: it waits or it trains."""
        return self in (Status.QUEUED, Status.RUNNING)


ALLOWED: dict[Status, frozenset[Status]] = {
    # A queued run that is stopped was never trained.
    Status.QUEUED: frozenset({Status.RUNNING, Status.STOPPED}),
    Status.RUNNING: frozenset({Status.FINISHED, Status.STOPPED, Status.FAILED, Status.INTERRUPTED}),
    Status.FINISHED: frozenset(),
    Status.STOPPED: frozenset(),
    Status.FAILED: frozenset(),
    Status.INTERRUPTED: frozenset(),
}


def check(before: Status, after: Status) -> None:
    """Refuse a transition that is not in the table.

    Raises:
        IllegalTransition: Naming both statuses and what would be allowed.
    """
    if after not in ALLOWED[before]:
        allowed = ", ".join(sorted(ALLOWED[before])) or "none, the run has ended"
        raise IllegalTransition(f"A run that is {before} cannot become {after}. Allowed: {allowed}.")
