"""Keras' hooks of a training, handed to what records it."""

from collections.abc import Mapping
from typing import Any

import keras

from cnn_dash.recording.metric_recorder import MetricRecorder


class RecordingCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Records every training that calls it: `fit` of somebody else's program, or the loop of our recipes.

    What goes wrong is raised, and ends the training: a run of ours must not go on without being recorded. In other
    programs it must not, so `DashCallback` catches it.
    """

    async_safe = True  # Keras may call the end of a batch from a thread of its own, so that training need not wait

    def __init__(self, recorder: MetricRecorder) -> None:
        super().__init__()
        self._recorder = recorder

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Begin the run, or its next stage."""
        self._recorder.begin_fit(self.model, self.params)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Note which epoch begins."""
        self._recorder.begin_epoch(epoch)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record the metrics within the epoch."""
        self._recorder.batch(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record the metrics of the epoch."""
        self._recorder.end_epoch(epoch, logs)
