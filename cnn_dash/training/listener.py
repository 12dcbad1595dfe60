"""What the training loop asks of who looks after it, beside the Keras callbacks that it tells its progress."""

from collections.abc import Callable
from typing import Protocol

from cnn_dash.runs.status import Request
from cnn_dash.training.checkpoint import Checkpoint

Save = Callable[[], Checkpoint]


class Listener(Protocol):
    """Says when a training is to be reported, put down, or kept."""

    def pending_request(self) -> Request | None:
        """Return what was asked of the training; called before every group of batches."""

    @property
    def wants_step_metrics(self) -> bool:
        """Asked after every group of batches; the first one is always reported."""

    @property
    def wants_checkpoint(self) -> bool:
        """Asked after every group of batches; there is one after every epoch, and when the training is paused."""

    def checkpoint(self, save: Save) -> None:
        """Keep the training as it is now, of which `save` makes a copy."""

    def prepare_epoch_end(self, seconds: float, save: Save) -> None:
        """Take what Keras' `on_epoch_end`, which follows, has no room for.

        Args:
            seconds: What the epoch took, in earlier workers too.
            save: Makes a copy of the training after it, which is to be kept together with its metrics.
        """
