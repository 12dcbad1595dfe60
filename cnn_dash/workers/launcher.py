"""What the supervisor needs of whoever starts workers: processes of this machine now, a cluster next."""

from dataclasses import dataclass
from typing import Protocol

from cnn_dash.runs.store import Worker


@dataclass(frozen=True)
class WorkerExit:
    """How a worker ended.

    Attributes:
        reason: In words that follow "Its worker": `ended unexpectedly (signal 9)`.
        clean: Whether it ended as a worker should that has done its work, or found none.
    """

    reason: str
    clean: bool = False


class Launcher(Protocol):
    """Starts and ends workers.

    A worker runs `cnn_dash.workers` with its id and the settings of the store; it claims one run, trains it and ends.
    It outlives the launcher while it trains. A spare one is ready but claims nothing before it is admitted.

    What is known of a worker beyond its id (`Worker`) is what it has written into the run that it claimed; it may have
    been started by another launcher, or on another machine.
    """

    def start(self, worker_id: str, *, spare: bool = False) -> None:
        """Start a worker.

        Raises:
            OSError: If it cannot be started now.
        """

    def admit(self, worker_id: str) -> None:
        """Let a spare worker that this launcher has started claim a run."""

    def exit_of(self, worker: Worker) -> WorkerExit | None:
        """Return how a worker ended; None while it lives, or if this launcher cannot know."""

    def end(self, worker: Worker) -> bool:
        """End a worker, whatever it does; returns False if it is none that this launcher can reach."""

    def close(self) -> None:
        """Let the workers that wait leave; those that train finish their runs."""
