"""Which network of a fit is kept, and when it is tested."""

import logging
from collections.abc import Sequence
from typing import Any, Literal

from cnn_dash.metrics import metric
from cnn_dash.recording.fit_recorder import FitRecorder

log = logging.getLogger(__name__)


class NetworkKeeper:
    """Keeps the network of the best or the last epoch, and tests it at the end of a fit.

    Args:
        recorder: Of the run.
        save: Which network is kept.
        monitor: By which an epoch is the best; None for the loss on the validation data, or else on the training data.
        test_data: On what it is tested; see `answers.batches_of`.
        class_names: Names of the classes.
    """

    def __init__(
        self,
        recorder: FitRecorder,
        save: Literal["best", "last"] | None,
        monitor: str | None,
        test_data: Any,
        class_names: Sequence[str] | None,
    ) -> None:
        self._recorder = recorder
        self._save = save
        self._monitor = monitor
        self._test_data = test_data
        self._class_names = () if class_names is None else tuple(map(str, class_names))
        self._best: float | None = None
        self._best_epoch = 0
        self._best_weights: Any = None

    def end_epoch(self, model: Any, metrics: dict[str, float]) -> None:
        """Keep the network if the epoch is the best so far, so that it outlives a program that is killed."""
        if self._save != "best" or model is None:
            return
        name = self._monitor or ("val_loss" if "val_loss" in metrics else "loss")
        value = metrics.get(name)
        if value is None:
            if self._monitor is not None and name not in metrics and self._recorder.counter.epochs == 1:
                log.warning("CNN Dash: there is no metric %r to save by; there are %s.", name, ", ".join(metrics))
            return
        one = metric(name)
        if one.direction is None:
            log.warning("CNN Dash: whether more or less of %r is better is not known; the last network is kept.", name)
            self._save = "last"
        elif one.better(value, self._best):
            self._best, self._best_epoch = value, self._recorder.counter.epochs
            self._best_weights = model.get_weights()
            self._keep(model, self._best_epoch, tested=False)

    def end_fit(self, model: Any) -> None:
        """Keep the network and test it: with the best weights, or with those that `EarlyStopping` restores."""
        if model is None or not (self._save or self._test_data is not None):
            return
        epoch, own = self._recorder.counter.epochs, None
        stopped = next((one for one in self._recorder.callbacks if getattr(one, "restore_best_weights", False)), None)
        if self._save == "best" and self._best_weights is not None:
            own, epoch = model.get_weights(), self._best_epoch
            model.set_weights(self._best_weights)
        elif stopped is not None and getattr(stopped, "best_weights", None) is not None:
            # It may come after us, and is about to do the same.
            epoch = max(1, epoch - (self._recorder.counter.last_of_fit - int(stopped.best_epoch)))
            model.set_weights(stopped.best_weights)
        try:
            self._keep(model, epoch, tested=self._test_data is not None)
        finally:
            if own is not None:
                model.set_weights(own)

    def evaluate(self, model: Any, x: Any, y: Any = None) -> dict[str, float]:
        """Test a network now, and keep what it answered; returns `test_accuracy` and `test_loss`."""
        if self._save != "best" or self._best_weights is None:
            return self._keep(model, self._recorder.counter.epochs, tested=True, data=(x, y))
        # The network that is kept is the best one, so that one is tested.
        own = model.get_weights()
        model.set_weights(self._best_weights)
        try:
            return self._keep(model, self._best_epoch, tested=True, data=(x, y))
        finally:
            model.set_weights(own)

    def _keep(self, model: Any, epoch: int, *, tested: bool, data: tuple[Any, Any] | None = None) -> dict[str, float]:
        from cnn_dash.recording.results import PendingResult, Result, answers_of, input_of
        from cnn_dash.runs.external import Kept

        recorder, result = self._recorder, Result()
        try:
            x, y = data or (self._test_data, None)
            answers = None
            if tested:
                try:
                    answers = answers_of(model, x, y)
                except Exception as error:  # data for several outputs, a generator that is used up, …
                    if data is not None:
                        raise
                    log.warning("CNN Dash could not test the network: %s", error)
            model_input = input_of(model, self._class_names, answers)
            if self._save is not None:
                result.add_network(model, model_input)
            if answers is not None:
                result.add_answers(answers, model_input, self._class_names)
        except BaseException:
            result.close()
            raise
        if result.empty or recorder.writer is None:
            result.close()
            return {}
        kept = Kept(f"{recorder.counter.epochs:05d}", epoch, recorder.counter.steps, recorder.seconds)
        recorder.writer.put_result(PendingResult(result, kept))
        if result.accuracy is None or result.loss is None:
            return {}
        recorder.say(f"test accuracy {result.accuracy:.4f}, test loss {result.loss:.4f}")
        return {"test_accuracy": result.accuracy, "test_loss": result.loss}
