"""What a reader gets from the store: frozen snapshots that never change under the reader's hands."""

from dataclasses import dataclass
from datetime import datetime

from cnn_dash.config import RunConfig
from cnn_dash.runs.status import Request, Status


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
class MetricSummary:
    """One value of each tracked metric of a run, as in `EpochRecord`; None where there is none (yet)."""

    loss: float | None = None
    accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    val_auc: float | None = None


@dataclass(frozen=True)
class StepMetrics:
    """Running figures within an epoch: means over the batches since the point before.

    `step` counts the batches of the whole run from 1; `position` is the same in epochs, e.g. 1.5 in the middle of
    the second one. `images_per_second` is 0 where the speed is not known, as at the first point. `cpu` and `gpu` are
    the use of the whole machine in 0–1, `memory_bytes` is that of the worker; None where it cannot be measured.
    """

    step: int
    position: float
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float
    cpu: float | None = None
    gpu: float | None = None
    memory_bytes: int | None = None


@dataclass(frozen=True)
class TestResult:
    """What the finished network does on the test set, and what it cost.

    `seconds` are those of all workers that trained the run together. `folder` is the name of the folder, in that of the
    run, with the network and its answers; "." means the run's own. `steps` counts the batches that the network was
    trained with.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    accuracy: float
    loss: float
    best_epoch: int
    seconds: float
    images_per_second: float
    weights_sha256: str
    folder: str = "."
    steps: int = 0


@dataclass(frozen=True)
class Run:
    """One run as the store knows it.

    `epoch` counts finished epochs, `batch` the finished batches of the current one. Times are UTC; `queued_at` is also
    the place in the queue, and changes each time the run is put into it. `last` are the figures of the last finished
    epoch, `best` the best of all epochs, each by itself.
    """

    id: int
    config: RunConfig
    status: Status
    message: str | None
    request: Request | None
    requested_at: datetime | None
    heard_at: datetime | None
    queued_at: datetime
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
    crashes: int
    checkpoint: str | None
    checkpoint_before: str | None
    train_images: int | None
    batches: int | None
    epoch: int
    batch: int
    images_per_second: float | None
    last: MetricSummary
    best: MetricSummary
    result: TestResult | None
    title: str | None
    notes: str
    tags: tuple[str, ...]
    favourite: bool
    deleted_at: datetime | None

    @property
    def name(self) -> str:
        """What a list calls the run: the title somebody gave it, else `compact-valid on mnist-5k`."""
        return self.title or f"{self.config.preset or 'own network'} on {self.config.data.dataset}"

    @property
    def untrained(self) -> bool:
        """Whether there is nothing yet that could be tested or gone on from."""
        return self.checkpoint is None and self.result is None

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
