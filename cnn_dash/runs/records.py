"""What a reader gets from the store: frozen snapshots that never change under the reader's hands."""

from dataclasses import dataclass
from datetime import datetime

from cnn_dash.config import RunConfig
from cnn_dash.runs.status import Status


@dataclass(frozen=True)
class EpochRecord:
    """One finished epoch.

    Losses are means over the pictures (natural logarithm); accuracies and the macro one-vs-rest area under the ROC
    curve are in 0–1; `learning_rate` is the one of the epoch's last step. `seconds` is the whole epoch's time,
    `images_per_second` the speed of its training part, 0 as long as it is not known: the first call into the graph,
    which traces it, does not count.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    val_auc: float | None
    learning_rate: float
    seconds: float
    images_per_second: float


@dataclass(frozen=True)
class Point:
    """Running figures within an epoch: means over the batches since the point before.

    `step` counts the batches of the whole run from 1; `position` is the same in epochs, e.g. 1.5 in the middle of
    the second one. `images_per_second` is 0 where the speed is not known, as at the first point.
    """

    step: int
    position: float
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float


@dataclass(frozen=True)
class TestResult:
    """What the finished network does on the test set, and what it cost."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    accuracy: float
    loss: float
    best_epoch: int
    seconds: float
    images_per_second: float
    weights_sha256: str


@dataclass(frozen=True)
class Run:
    """One run as the store knows it.

    `epoch` counts finished epochs, `batch` the finished batches of the current one. Times are UTC.
    """

    id: int
    config: RunConfig
    status: Status
    message: str | None
    stop_requested: bool
    parameters: int
    multiply_adds: int
    created_at: datetime
    claimed_at: datetime | None
    first_metric_at: datetime | None
    ended_at: datetime | None
    attempt: int
    worker_id: str | None
    worker_pid: int | None
    worker_host: str | None
    heartbeat_at: datetime | None
    train_images: int | None
    batches: int | None
    epoch: int
    batch: int
    images_per_second: float | None
    result: TestResult | None

    @property
    def name(self) -> str:
        """What a list calls the run: `compact-valid on mnist-5k`."""
        return f"{self.config.preset or 'own network'} on {self.config.data.dataset}"

    @property
    def progress(self) -> float:
        """Share of the planned batches that are done, 0–1."""
        if not self.batches:
            return 0.0
        return min(1.0, (self.epoch * self.batches + self.batch) / (self.config.train.epochs * self.batches))

    @property
    def first_metric_seconds(self) -> float | None:
        """Seconds from the start of the run until its first figure was recorded."""
        return None if self.first_metric_at is None else (self.first_metric_at - self.created_at).total_seconds()
