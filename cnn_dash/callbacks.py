"""`DashCallback`: one line in anybody's script, and CNN Dash shows its training live.

    from cnn_dash.callbacks import DashCallback
    model.fit(x, y, validation_data=(x_val, y_val), callbacks=[DashCallback(name="my net")])

It writes into the run store that the environment names (`CNN_DASH_HOME`, `CNN_DASH_DATABASE_URL`); the dashboard need
not be running. It never ends a training: what goes wrong here is logged.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from cnn_dash.errors import ConfigError
from cnn_dash.recording.fit_recorder import FitRecorder
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.recording.keeper import NetworkKeeper
from cnn_dash.recording.metric_recorder import LogFreq
from cnn_dash.recording.never_raises import never_raises
from cnn_dash.recording.target import Told

__all__ = ["DashCallback"]


class DashCallback(RecordingCallback):
    """Records `fit` as a run of CNN Dash.

    Several `fit` calls with one callback are one run with stages. Metrics keep their names; `val_` metrics come with
    the epochs after which `fit` measured them. What `evaluate` measures outside of `fit` is not recorded.

    Args:
        name: Title of the run.
        config: Settings of your own, nested or not; they are searched, compared and shown as differences.
        tags: Words to find the run by.
        notes: Anything else that is to be known of it.
        log_freq: How often metrics within an epoch are recorded: "auto" (some times a second), "batch", a number of
            batches, or "epoch" for none. As Keras has them, they are means since the epoch began.
        save: Which network is kept: that of the "best" epoch by `monitor`, that of the "last" one, or None.
        monitor: Metric by which an epoch is the best; also marked in the curves.
        test_data: Images and labels (x, y), or batches of them, on which the network is tested after `fit`.
        class_names: One name for each class; numbers if there are none.
        resume: Number of a run of this store that goes on: `initial_epoch` says where, and what it has beyond is
            dropped. With `initial_epoch=0` it goes on behind its last epoch.

    Raises:
        ConfigError: If an argument is none of what is allowed.
    """

    _recorder: FitRecorder

    def __init__(
        self,
        name: str | None = None,
        *,
        config: Mapping[str, Any] | None = None,
        tags: Sequence[str] = (),
        notes: str | None = None,
        log_freq: LogFreq = "auto",
        save: Literal["best", "last"] | None = "last",
        monitor: str | None = None,
        test_data: Any = None,
        class_names: Sequence[str] | None = None,
        resume: int | None = None,
    ) -> None:
        _check(log_freq, save, resume)
        told = Told(
            name=name,
            params={"monitor": monitor},
            tags=[tags] if isinstance(tags, str) else list(tags),
            notes=notes,
            resume=resume,
        )
        super().__init__(FitRecorder(told, log_freq, config or {}))
        self._keeper = NetworkKeeper(self._recorder, save, monitor, test_data, class_names)

    @property
    def run_id(self) -> int | None:
        """Number of the run; None until the store could be reached."""
        writer = self._recorder.writer
        return None if writer is None else writer.run_id

    on_train_begin = never_raises(RecordingCallback.on_train_begin)
    on_epoch_begin = never_raises(RecordingCallback.on_epoch_begin)
    on_train_batch_end = never_raises(RecordingCallback.on_train_batch_end)

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Do what was asked on the page, between two batches."""
        writer = self._recorder.writer
        if writer is not None and writer.request is not None:
            self._obey()

    @never_raises
    def _obey(self) -> None:
        self._recorder.obey()

    @never_raises
    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Record the metrics of the epoch."""
        metrics = self._recorder.end_epoch(epoch, logs)
        self._keeper.end_epoch(self.model, metrics)

    @never_raises
    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Keep and test the network, and record how it ended."""
        self._recorder.end_fit()
        try:
            self._keeper.end_fit(self.model)
        finally:
            self._recorder.end_run()
            self._recorder.close_fit()

    def evaluate(self, x: Any, y: Any = None) -> dict[str, float]:
        """Test the network that is kept, for the Evaluate page: the best one with `save="best"`, else as it is now.

        A run that has ended stays as it ended.

        Args:
            x: Images as the network takes them, or batches of images and labels.
            y: Labels (N,) or one-hot (N, classes), if they do not come with `x`.

        Returns:
            `test_accuracy` (0–1) and `test_loss` (nats).

        Raises:
            DataError: If there are no images and labels in it.
            ConfigError: If nothing has been trained with this callback.
        """
        if self._recorder.writer is None:
            raise ConfigError(
                "There is no run yet to which a test would belong. Received: a callback that no fit has used. Allowed: "
                "one after model.fit(…, callbacks=[callback]). Train first, or pass test_data to DashCallback."
            )
        return self._recorder.after_end(lambda: self._keeper.evaluate(self.model, x, y))


def _check(log_freq: object, save: object, resume: object) -> None:
    """Refuse arguments that mean nothing.

    Raises:
        ConfigError: If one does.
    """
    number = isinstance(log_freq, int) and not isinstance(log_freq, bool) and log_freq >= 1
    if not number and log_freq not in ("auto", "epoch", "batch"):
        raise ConfigError(
            f"log_freq says how often metrics within an epoch are recorded. Received: {log_freq!r}. Allowed: 'auto', "
            "'epoch', 'batch', or a number of batches from 1. Leave it out for some times a second."
        )
    if save not in ("best", "last", None):
        raise ConfigError(
            f"save says which network is kept. Received: {save!r}. Allowed: 'best', 'last' or None. Use 'best' with "
            "monitor for that of the best epoch."
        )
    if resume is not None and (not isinstance(resume, int) or isinstance(resume, bool) or resume < 1):
        raise ConfigError(
            f"resume is the number of a run. Received: {resume!r}. Allowed: a whole number from 1, as the Runs page "
            "shows it. Leave it out for a new run."
        )
