"""A recipe's loop and Keras callbacks: what they are told, and that what is recorded is what was trained."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import sklearn.metrics

from cnn_dash.config import Augmentation, ModelConfig, RunConfig, TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.models.build import build
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.training.engine import Engine
from cnn_dash.training.fit import fit
from cnn_dash.training.randomness import order, seed_dropout
from cnn_dash.training.recorder import Recorder
from cnn_dash.training.schedule import learning_rate
from tests.unit.training.listening import Listening

TRAIN = TrainConfig(
    epochs=3, batch_size=48, schedule="cosine", optimizer="adam", augmentation=Augmentation(shift=0.1), seed=3
)
BATCHES = 6  # of 256 images; the last one has 16


class Hooks(keras.callbacks.Callback):
    """Notes every hook, and counts the calls."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[tuple[Any, ...]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.called.append(("train begin", self.params["epochs"], self.params["steps"]))

    def on_train_end(self, logs: Any = None) -> None:
        self.called.append(("train end",))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.called.append(("epoch begin", epoch))

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.called.append(("epoch end", epoch, sorted(logs)))

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self.called.append(("batch begin", batch))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.called.append(("batch end", batch, sorted(logs)))

    def on_test_begin(self, logs: Any = None) -> None:
        self.called.append(("test begin",))

    def on_test_end(self, logs: Any = None) -> None:
        self.called.append(("test end", sorted(logs)))


def engine_of(model: ModelConfig, digits: Split, train: TrainConfig = TRAIN) -> Engine:
    return Engine(build(model, (28, 28, 1), 10, train.seed), digits, train)


def test_callbacks_are_called_as_by_fit_and_for_batches_only_when_there_are_metrics(
    everything: ModelConfig, digits: Split, more_digits: Split
) -> None:
    hooks, listener = Hooks(), Listening()
    listener.wants_step_metrics = False
    train = TRAIN.model_copy(update={"epochs": 2})
    fit(engine_of(everything, digits, train), more_digits, listener, callbacks=[hooks])
    step = ["accuracy", "images_per_second", "learning_rate", "loss"]
    epoch = sorted([*step, "val_accuracy", "val_auc", "val_loss"])
    validated = [("test begin",), ("test end", ["accuracy", "auc", "loss"])]
    assert hooks.called == [
        ("train begin", 2, BATCHES),
        ("epoch begin", 0),
        ("batch begin", 0), ("batch end", 0, step),  # the first call of a process is reported at once
        ("batch begin", 1), ("batch end", BATCHES - 1, step),
        *validated,
        ("epoch end", 0, epoch),
        ("epoch begin", 1),
        ("batch begin", 0), ("batch end", BATCHES - 1, step),
        *validated,
        ("epoch end", 1, epoch),
        ("train end",),
    ]  # fmt: skip


def test_a_callback_of_keras_is_of_use_in_it(
    small: ModelConfig, digits: Split, more_digits: Split, tmp_path: Path
) -> None:
    """Its log is what is recorded, and what stops a `fit` of Keras stops ours after the epoch."""
    listener, file = Listening(), tmp_path / "log.csv"
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", min_delta=100, patience=1)
    history = keras.callbacks.History()
    callbacks = [keras.callbacks.CSVLogger(file), history, stop, RecordingCallback(listener)]
    fitted = fit(engine_of(small, digits), more_digits, listener, callbacks=callbacks)
    assert (len(listener.epochs), fitted.asked) == (2, None)
    assert file.read_text().startswith("epoch,accuracy,images_per_second,learning_rate,loss,val_accuracy")
    for name, values in history.history.items():
        assert values == [record.metrics[name] for record in listener.epochs]


def test_callbacks_change_nothing_of_the_training(everything: ModelConfig, digits: Split, more_digits: Split) -> None:
    alone, followed, listener = engine_of(everything, digits), engine_of(everything, digits), Listening()
    fit(alone, more_digits, listener)
    fit(followed, more_digits, listener, callbacks=[Hooks(), RecordingCallback(listener)])
    for one, other in zip(alone.model.get_weights(), followed.model.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_what_is_recorded_of_a_run_is_what_was_trained(
    everything: ModelConfig, digits: Split, more_digits: Split, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against figures that come from training batch by batch, and from Keras and scikit-learn."""
    monkeypatch.setattr(Recorder, "wants_step_metrics", True)
    store.create(RunConfig(model=everything, train=TRAIN), parameters=1, multiply_adds=1)
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    lease.begin(train_images=256, batches=BATCHES)
    with Recorder(lease, RunFolder.of(store.settings, lease.run.id)) as recorder:
        fit(engine_of(everything, digits), more_digits, recorder, callbacks=[RecordingCallback(recorder)])
    changes = store.changes(lease.run.id)
    steps, epochs = changes.steps, changes.epochs

    engine = engine_of(everything, digits)
    losses, right, sizes, rates = [], [], [], []
    for epoch in range(3):
        seed_dropout(engine.model, TRAIN.seed, epoch)
        indices = order(256, TRAIN.seed, epoch)
        for batch in range(BATCHES):
            rates.append(learning_rate(TRAIN, epoch + batch / BATCHES))
            chosen = indices[batch * 48 : (batch + 1) * 48]
            loss, hits = engine.steps(chosen[None], np.float32(rates[-1:]), epoch * BATCHES + batch)
            losses.append(loss)
            right.append(hits)
            sizes.append(len(chosen))
        p = engine.model.predict(more_digits.images.astype(np.float32), verbose=0)
        own, metrics = slice(epoch * BATCHES, None), epochs[epoch].metrics
        assert epochs[epoch].epoch == epoch + 1
        assert metrics["loss"] == pytest.approx(sum(losses[own]) / 256, rel=1e-12)
        assert metrics["accuracy"] == sum(right[own]) / 256
        assert metrics["learning_rate"] == rates[-1]
        assert metrics["val_loss"] == pytest.approx(sklearn.metrics.log_loss(more_digits.labels, p), abs=1e-5)
        assert metrics["val_accuracy"] == sklearn.metrics.accuracy_score(more_digits.labels, p.argmax(1))
        auc = sklearn.metrics.roc_auc_score(more_digits.labels, p / p.sum(1, keepdims=True), multi_class="ovr")
        assert metrics["val_auc"] == pytest.approx(auc, abs=1e-5)

    ends = [0, *(step.step for step in steps)]
    assert {1, BATCHES, 2 * BATCHES, 3 * BATCHES} <= set(ends)
    for step, (before, last) in zip(steps, pairwise(ends), strict=True):
        images = sum(sizes[before:last])
        assert step.position == (last - 1) // BATCHES + ((last - 1) % BATCHES + 1) / BATCHES
        assert step.metrics["loss"] == pytest.approx(sum(losses[before:last]) / images, rel=1e-12)
        assert step.metrics["accuracy"] == sum(right[before:last]) / images
        assert step.metrics["learning_rate"] == rates[last - 1]
        assert set(step.metrics) - {"cpu", "gpu", "memory_bytes"} == {
            "loss", "accuracy", "learning_rate", "images_per_second",
        }  # fmt: skip


def test_a_run_goes_on_between_its_last_batch_and_the_validation(
    small: ModelConfig, digits: Split, more_digits: Split
) -> None:
    """No batch of that epoch is seen by who goes on; steps are counted all the same, and not recorded twice."""
    first, engine = Listening(), engine_of(small, digits)
    kept: list[Any] = []
    first.checkpoint = lambda save: kept.append(save())  # type: ignore[method-assign]
    first.pending_request = lambda: "pause" if first.steps and first.steps[-1].step == BATCHES else None  # type: ignore
    fit(engine, more_digits, first, callbacks=[RecordingCallback(first)])
    again = Listening()
    fit(engine_of(small, digits), more_digits, again, kept[-1], [RecordingCallback(again)])
    assert [record.epoch for record in again.epochs] == [1, 2, 3]
    assert (again.steps[0].step, again.steps[-1].step) == (BATCHES + 1, 3 * BATCHES)
