"""What stands in for a worker's recorder: it keeps in lists what the loop tells Keras callbacks."""

from cnn_dash.recording.metric_recorder import MetricRecorder
from cnn_dash.runs.records import EpochMetrics, StepMetrics
from cnn_dash.runs.status import Request
from cnn_dash.training.listener import Save


class Listening(MetricRecorder):
    """Wants everything and never stops."""

    wants_step_metrics = True
    wants_checkpoint = False

    def __init__(self) -> None:
        super().__init__("batch")
        self.steps: list[StepMetrics] = []
        self.places: list[tuple[int, int]] = []
        self.epochs: list[EpochMetrics] = []

    def pending_request(self) -> Request | None:
        return None

    def prepare_epoch_end(self, seconds: float, save: Save) -> None:
        self.epoch_seconds, self.save = seconds, save

    def checkpoint(self, save: Save) -> None:
        raise AssertionError("nobody asked for it")

    def log_step(self, step: StepMetrics, *, epoch: int, batch: int) -> None:
        self.steps.append(step)
        self.places.append((epoch, batch))

    def log_epoch(self, record: EpochMetrics) -> None:
        self.epochs.append(record)

    def say(self, text: str) -> None:
        pass
