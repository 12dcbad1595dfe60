"""What a reader gets from the store: frozen snapshots that never change under the reader's hands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from cnn_dash.config import RunConfig
from cnn_dash.errors import IllegalTransition
from cnn_dash.hyperparameters import flatten
from cnn_dash.runs.status import Request, Source, Status


@dataclass(frozen=True)
class EpochMetrics:
    """One finished epoch.

    Attributes:
        epoch: Its number, from 1.
        metrics: Its metrics by name, as `cnn_dash.metrics` describes them. Losses are means over the images (natural
            logarithm), accuracies and AUC are in 0–1, `learning_rate` is that of the last step. Values may be NaN or
            infinite; a metric that the epoch does not have is not in it.
        seconds: Time of the whole epoch; None if not known.
    """

    epoch: int
    metrics: Mapping[str, float]
    seconds: float | None = None


@dataclass(frozen=True)
class StepMetrics:
    """Metrics within an epoch: means over the batches since the `StepMetrics` before.

    Attributes:
        step: Batches of the whole run so far, from 1.
        position: The same in epochs: 1.5 in the middle of the second one.
        metrics: As in `EpochMetrics`; also `images_per_second`, and `cpu` and `gpu` (use of the machine, 0–1) and
            `memory_bytes` (of the worker), where they are known.
    """

    step: int
    position: float
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class MetricSummary:
    """A metric over all epochs of a run.

    Attributes:
        last: Its value in the last epoch that has it.
        best: The best of all epochs; None if the metric has no direction or no epoch a number.
        best_epoch: The first epoch in which it was best.
    """

    last: float
    best: float | None = None
    best_epoch: int | None = None


@dataclass(frozen=True)
class TestResult:
    """Result of the trained network on the test set, and what it cost.

    Attributes:
        accuracy: Share of right predictions, 0–1.
        loss: Mean cross-entropy in nats.
        best_epoch: The epoch whose monitored metric was best.
        seconds: Time of all workers that trained the run together.
        images_per_second: Training speed.
        weights_sha256: SHA-256 over the weights; empty if another program has not left its network here.
        folder: Folder within that of the run, with network and predictions; "." means the run's own.
        steps: Batches that the network was trained with.
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
    the place in the queue, and changes each time the run is put into it. A run whose `source` is `recipe` has a
    `config`; an external one has `params`, as another program told them, and may know less of everything else.
    `data_sha256` is the content hash of its data set, None until a worker has loaded it. `network_folder` is the
    folder, within its own, with its network; None if there is none, or another program keeps it.
    """

    id: int
    source: Source
    config: RunConfig | None
    params: Mapping[str, Any]
    layers: tuple[Mapping[str, Any], ...]
    status: Status
    message: str | None
    request: Request | None
    requested_at: datetime | None
    acknowledged_at: datetime | None
    queued_at: datetime
    data_dir: str | None
    parameters: int | None
    multiply_adds: int | None
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
    result: TestResult | None
    title: str | None
    notes: str
    tags: tuple[str, ...]
    favourite: bool
    deleted_at: datetime | None
    planned_epochs: int | None = None
    data_sha256: str | None = None
    network_folder: str | None = None
    metrics: Mapping[str, MetricSummary] = field(default_factory=dict)

    @property
    def recipe(self) -> RunConfig:
        """The configuration of a run of ours.

        Raises:
            IllegalTransition: If another program recorded the run: it cannot be trained here.
        """
        if self.config is None:
            raise IllegalTransition(
                f"Run {self.id} was recorded by another program. Received: a run whose source is {self.source}. "
                "Allowed: a run that CNN Dash trains itself. Train it again where it came from."
            )
        return self.config

    @property
    def dataset(self) -> str | None:
        """Name of the data set; None if another program recorded the run and did not say."""
        if self.config is not None:
            return self.config.data.dataset
        return _text(self.params.get("dataset"))

    @property
    def preset(self) -> str | None:
        """Name of the preset that the settings started from."""
        return None if self.config is None else self.config.preset

    @property
    def epochs(self) -> int | None:
        """Planned epochs; None if not known."""
        return self.planned_epochs if self.config is None else self.config.train.epochs

    @property
    def monitor(self) -> str:
        """The metric by which the best epoch is chosen."""
        return _text(self.params.get("monitor")) or "val_loss" if self.config is None else self.config.train.monitor

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """All settings by path: `train.learning_rate`, or the params of another program, nested ones joined by dots."""
        return _flattened(self.params) if self.config is None else flatten(self.config)

    @property
    def name(self) -> str:
        """What a list calls the run: the title somebody gave it, else `compact-valid on mnist-5k`."""
        if self.title:
            return self.title
        if self.source is Source.EXTERNAL:
            return "external run" if self.dataset is None else f"external run on {self.dataset}"
        return f"{self.preset or 'own network'} on {self.dataset}"

    @property
    def active(self) -> bool:
        """Whether the run is going to change by itself. An external run that was interrupted is not taken over."""
        return self.status.active and not (self.source is Source.EXTERNAL and self.status is Status.INTERRUPTED)

    @property
    def waiting(self) -> bool:
        """Whether the run waits for a worker."""
        return self.status.waiting and self.source is Source.RECIPE

    @property
    def has_network(self) -> bool:
        """Whether there is a trained network here; another program may keep its own."""
        return self.network_folder is not None

    @property
    def has_predictions(self) -> bool:
        """Whether a network was tested, and its predictions on the test images are here."""
        return self.result is not None

    @property
    def held(self) -> bool:
        """Whether another program holds its training on, because it was asked to pause, and goes on when it may."""
        return self.source is Source.EXTERNAL and self.request is Request.PAUSE and self.acknowledged_at is not None

    @property
    def request_text(self) -> str | None:
        """What was asked of the run, as a page says it: `stopping…`, or `paused` where a program holds on."""
        if self.request is None:
            return None
        return Status.PAUSED.value if self.held else self.request.progress

    @property
    def untrained(self) -> bool:
        """Whether there is nothing yet that could be tested or resumed."""
        return self.checkpoint is None and self.result is None

    @property
    def progress(self) -> float:
        """Share of the planned batches that are done, 0–1; of the epochs, while their length is not known."""
        if not self.epochs:
            return 0.0
        if not self.batches:
            return min(1.0, self.epoch / self.epochs)
        return min(1.0, (self.epoch * self.batches + self.batch) / (self.epochs * self.batches))

    @property
    def first_metric_seconds(self) -> float | None:
        """Seconds from the start of the run until its first metric was recorded."""
        return None if self.first_metric_at is None else (self.first_metric_at - self.created_at).total_seconds()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _flattened(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Mapping):
            found |= _flattened(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found
