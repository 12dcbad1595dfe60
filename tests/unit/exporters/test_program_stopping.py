"""When an exported program stops, and which weights it keeps: as our loop, whatever the metric does."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cnn_dash.config import TrainConfig
from cnn_dash.exporters.plain_keras.rates import Rates
from cnn_dash.exporters.plain_keras.training import training
from cnn_dash.training.metric_monitor import MetricMonitor

EPOCHS = 12


def ours(train: TrainConfig, values: list[float]) -> tuple[int, int]:
    """The last epoch, and the one whose weights are kept."""
    monitor, epoch = MetricMonitor(train.monitor, train.patience), 0
    while epoch < train.epochs:
        if any(ended == epoch for ended, _ in train.plans):
            monitor.reset_wait()
        if train.early_stopping and monitor.exhausted:
            break
        monitor.update(epoch + 1, values[epoch])
        epoch += 1
    return epoch, monitor.epoch if train.keep_best else epoch


def theirs(train: TrainConfig, values: list[float]) -> tuple[int, int]:
    """The same, by the callbacks of the program."""
    section = training(train, Rates(), 10)
    names: dict[str, Any] = {"EPOCHS": train.epochs}
    exec("\n".join((*section.imports, section.code.partition("model.compile(")[0])), names)
    model: Any = SimpleNamespace(stop_training=False, weights=0, metrics=[])
    model.get_weights = lambda: model.weights
    model.set_weights = lambda weights: setattr(model, "weights", weights)
    (callback,) = names["callbacks"]
    callback.set_model(model)
    callback.on_train_begin()
    for epoch in range(train.epochs):
        model.weights = epoch + 1
        callback.on_epoch_end(epoch, {train.monitor: values[epoch]})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch + 1, model.weights


@pytest.mark.parametrize("stages", ["", "3/5", "2/12,5/5,9/20"])
@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy", "val_auc"])
def test_it_ends_where_ours_ends(monitor: Any, stages: str) -> None:
    random = np.random.default_rng(8)
    found = set()
    for _ in range(60):
        train = TrainConfig(
            epochs=EPOCHS, stages=stages, monitor=monitor, patience=int(random.integers(1, 5)), early_stopping=True,
            keep_best=bool(random.integers(2)),
        )  # fmt: skip
        values = (random.integers(0, 8, EPOCHS) / 8).tolist()  # equal ones, too
        end = ours(train, values)
        assert theirs(train, values) == end
        found.add(end)
    assert len(found) > 10


def test_without_early_stopping_only_the_best_weights_come_back() -> None:
    train = TrainConfig(epochs=EPOCHS, keep_best=True)
    values = [1.0, 0.2, *([0.5] * 10)]
    assert theirs(train, values) == ours(train, values) == (EPOCHS, 2)
