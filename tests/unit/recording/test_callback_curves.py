"""The curves that a callback records: every value once, at its own epoch and step, whatever `fit` is given."""

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash.callbacks import DashCallback
from cnn_dash.runs.compare import best_epoch
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import Changes, RunStore
from tests.unit.recording.conftest import BATCH, BATCHES, IMAGES, curve, net

REPOSITORY = Path(__file__).parents[3]

Fit = Callable[..., keras.Model]
Recorded = Callable[..., Changes]


def test_a_fit_is_a_run_with_what_its_model_says(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback("my net", config={"data": {"name": "halves"}, "lr": 0.5}, tags=["a", "b"], notes="why")
    fit(callback, validation_split=0.25)
    run = recorded(callback).run
    assert (run.source, run.status, run.name, run.tags, run.notes) == (
        Source.EXTERNAL, Status.FINISHED, "my net", ("a", "b"), "why",
    )  # fmt: skip
    assert (run.epoch, run.epochs, run.batches, run.train_images, run.progress) == (3, 3, 3, 48, 1.0)
    assert run.settings["optimizer"] == "Adam"
    assert (run.settings["learning_rate"], run.settings["batch_size"]) == (0.01, BATCH)
    assert (run.settings["data.name"], run.settings["lr"]) == ("halves", 0.5)
    assert [(one["kind"], one["output_shape"], one["parameters"]) for one in run.layers] == [
        ("Flatten", [64], 0), ("Dense", [2], 130),
    ]  # fmt: skip
    assert run.parameters == 130


def test_every_metric_has_the_values_of_the_history(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback()
    model = fit(callback, net(metrics=("accuracy", keras.metrics.TopKCategoricalAccuracy(1, name="top_1_x"))[:1]),
                validation_split=0.25)  # fmt: skip
    changes = recorded(callback)
    for name, values in model.history.history.items():
        assert curve(changes, name) == pytest.approx(dict(enumerate(values, start=1)))


def test_validation_comes_with_its_own_epochs_only(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback(log_freq="batch")
    fit(callback, validation_split=0.25, validation_freq=2, epochs=5)
    changes = recorded(callback)
    assert list(curve(changes, "val_loss")) == [2, 4]
    assert list(curve(changes, "loss")) == [1, 2, 3, 4, 5]
    assert not any(name.startswith("val_") for step in changes.steps for name in step.metrics)
    assert [one.position for one in changes.steps] == pytest.approx([step / 3 for step in range(1, 16)])


def test_an_evaluate_of_its_own_is_not_in_the_curve(fit: Fit, recorded: Recorded, data: Any) -> None:
    callback = DashCallback()
    model = fit(callback)
    before = recorded(callback).epochs
    model.evaluate(*data, callbacks=[callback], verbose=0)
    model.predict(data[0], callbacks=[callback], verbose=0)
    assert recorded(callback).epochs == before


@pytest.mark.parametrize(
    ("log_freq", "steps"),
    [("batch", [1, 2, 3, 4, 5, 6, 7, 8]), (2, [2, 4, 6, 8]), (3, [3, 4, 7, 8]), ("epoch", [])],
)
def test_steps_are_logged_as_often_as_asked(fit: Fit, recorded: Recorded, log_freq: Any, steps: list[int]) -> None:
    callback = DashCallback(log_freq=log_freq)
    fit(callback, epochs=2)
    changes = recorded(callback)
    assert [one.step for one in changes.steps] == steps
    assert [one.position for one in changes.steps] == [step / BATCHES for step in steps]


def test_by_itself_it_logs_some_steps_with_the_machine_and_the_speed(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback()
    fit(callback)
    changes = recorded(callback)
    assert changes.steps[-1].step == 3 * BATCHES
    assert {"loss", "accuracy", "learning_rate", "images_per_second"} <= set(changes.steps[-1].metrics)
    assert changes.run.images_per_second


class Halve(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.model.optimizer.learning_rate = 0.08 / 2**epoch


RATES: dict[str, tuple[Any, list[Any], list[float]]] = {
    "constant": (0.01, [], [0.01, 0.01, 0.01]),
    "variable": (0.01, [Halve()], [0.08, 0.04, 0.02]),
    "scheduler": (
        0.01, [keras.callbacks.LearningRateScheduler(lambda epoch, _: 0.1 / (epoch + 1))], [0.1, 0.05, 0.1 / 3],
    ),
    "schedule": (
        keras.optimizers.schedules.PiecewiseConstantDecay([BATCHES - 1, 2 * BATCHES - 1], [0.3, 0.2, 0.1]),
        [],
        [0.3, 0.2, 0.1],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", RATES)
def test_the_learning_rate_is_recorded_whatever_gives_it(fit: Fit, recorded: Recorded, kind: str) -> None:
    rate, callbacks, values = RATES[kind]
    callback = DashCallback(log_freq="batch")
    fit(callback, net(optimizer=keras.optimizers.SGD(rate)), callbacks=callbacks)
    changes = recorded(callback)
    assert list(curve(changes, "learning_rate").values()) == pytest.approx(values)
    assert [one.metrics["learning_rate"] for one in changes.steps] == pytest.approx(np.repeat(values, BATCHES))
    assert run_setting(changes) == ("PiecewiseConstantDecay" if kind == "schedule" else pytest.approx(0.01))


def run_setting(changes: Changes) -> Any:
    return changes.run.settings["learning_rate"]


@pytest.mark.parametrize(("epochs", "batch"), [(1, BATCH), (3, IMAGES), (1, IMAGES)])
def test_one_epoch_and_one_batch_are_a_run_too(fit: Fit, recorded: Recorded, epochs: int, batch: int) -> None:
    callback = DashCallback(log_freq="batch")
    fit(callback, epochs=epochs, batch_size=batch)
    changes = recorded(callback)
    assert (len(changes.epochs), len(changes.steps)) == (epochs, epochs * IMAGES // batch)
    assert changes.run.status is Status.FINISHED


def test_steps_are_counted_from_the_initial_epoch(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback(log_freq="batch")
    fit(callback, initial_epoch=4, epochs=6)
    changes = recorded(callback)
    assert [one.epoch for one in changes.epochs] == [5, 6]
    assert [one.step for one in changes.steps] == list(range(4 * BATCHES + 1, 6 * BATCHES + 1))
    assert changes.steps[0].position == 4 + 1 / BATCHES
    assert (changes.run.epoch, changes.run.epochs) == (6, 6)


def test_a_resumed_run_goes_on_in_the_same_curve_and_what_it_had_beyond_is_dropped(
    fit: Fit, recorded: Recorded, store: RunStore
) -> None:
    first = DashCallback("first", log_freq="batch", config={"a": 1})
    fit(first, epochs=5)
    before = recorded(first)
    again = DashCallback(resume=first.run_id, log_freq="batch")
    fit(again, initial_epoch=3, epochs=7)
    changes = recorded(again)
    assert again.run_id == first.run_id
    assert [one.epoch for one in changes.epochs] == [1, 2, 3, 4, 5, 6, 7]
    assert changes.epochs[:3] == before.epochs[:3]
    assert changes.epochs[3] != before.epochs[3]
    assert [one.step for one in changes.steps] == list(range(1, 7 * BATCHES + 1))
    assert [one.position for one in changes.steps] == [step / BATCHES for step in range(1, 7 * BATCHES + 1)]
    assert (changes.run.name, changes.run.epochs, changes.run.params["a"]) == ("first", 7, 1)
    assert len(store.runs()) == 1


def test_a_resumed_run_that_counts_from_0_goes_on_behind_its_last_epoch(fit: Fit, recorded: Recorded) -> None:
    first = DashCallback(log_freq=2)
    fit(first, epochs=2)
    recorded(first)
    again = DashCallback(resume=first.run_id, log_freq=2)
    fit(again, epochs=2)
    changes = recorded(again)
    assert [one.epoch for one in changes.epochs] == [1, 2, 3, 4]
    assert [one.step for one in changes.steps] == [2, 4, 6, 8, 10, 12, 14, 16]
    assert (changes.run.epoch, changes.run.epochs) == (4, 4)


def test_several_fits_with_one_callback_are_one_run_with_stages(fit: Fit, recorded: Recorded, store: RunStore) -> None:
    callback = DashCallback(log_freq="batch")
    model = fit(callback, epochs=2)
    model.layers[-1].trainable = False
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit(callback, model, epochs=2)
    fit(callback, model, initial_epoch=2, epochs=3)
    changes = recorded(callback)
    assert len(store.runs()) == 1
    assert [one.epoch for one in changes.epochs] == [1, 2, 3, 4, 5]
    assert [one.step for one in changes.steps] == list(range(1, 5 * BATCHES + 1))
    assert changes.run.params["stages"] == [2, 4]
    assert changes.run.params["optimizer"] == "SGD"
    assert (changes.run.epochs, changes.run.status) == (5, Status.FINISHED)


class WorseAndWorse(keras.callbacks.Callback):
    """Makes a validation loss that is best in the second epoch."""

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs["val_loss"] = (1.0, 0.5, 0.7, 0.8, 0.9)[epoch]


def test_restored_weights_are_a_mark_on_their_epoch_and_no_further_point(
    fit: Fit, recorded: Recorded, data: Any
) -> None:
    callback = DashCallback(test_data=data)
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
    model = net()
    model.fit(*data, epochs=5, verbose=0, callbacks=[WorseAndWorse(), callback, stop])
    changes = recorded(callback)
    run = changes.run
    assert (len(changes.epochs), best_epoch(run), run.status) == (4, 2, Status.FINISHED)
    assert run.message == (
        "Early stopping after epoch 4: no better val_loss since epoch 2, whose weights were restored."
    )
    assert run.result is not None
    assert run.result.best_epoch == 2
    # The network that was tested and kept is the one that is restored, although that happens after us.
    assert run.result.accuracy == pytest.approx(model.evaluate(*data, verbose=0)[1])


def test_a_learning_rate_finder_of_one_batch_fits_is_a_curve_of_its_own(
    fit: Fit, recorded: Recorded, store: RunStore
) -> None:
    finder = DashCallback("finder", log_freq="batch")
    model = net()
    for rate in (1e-3, 1e-2, 1e-1):
        model.optimizer.learning_rate = rate
        fit(finder, model, epochs=1, steps_per_epoch=1)
    found = recorded(finder)
    assert list(curve(found, "learning_rate").values()) == pytest.approx([1e-3, 1e-2, 1e-1])
    callback = DashCallback("training", log_freq="batch")
    fit(callback, net(), epochs=2)
    assert [one.epoch for one in recorded(callback).epochs] == [1, 2]
    assert len(store.runs()) == 2


def test_a_generator_of_unknown_length_has_its_length_after_the_first_epoch(recorded: Recorded, data: Any) -> None:
    import tensorflow as tf

    images, labels = data
    unknown = tf.data.Dataset.from_tensor_slices((images, labels)).filter(lambda *_: True).batch(BATCH)
    callback = DashCallback(log_freq="batch")
    net().fit(unknown, epochs=2, verbose=0, callbacks=[callback])
    changes = recorded(callback)
    assert [one.position for one in changes.steps] == [step / BATCHES for step in range(1, 2 * BATCHES + 1)]
    assert changes.run.epoch == 2


def test_an_epoch_of_unknown_length_is_shown_while_it_goes(recorded: Recorded, data: Any) -> None:
    import tensorflow as tf

    unknown = tf.data.Dataset.from_tensor_slices(data).filter(lambda *_: True).batch(BATCH)
    callback = DashCallback(log_freq="batch")
    seen: list[list[float]] = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            seen.append([one.position for one in recorded(callback).steps])

    net().fit(unknown, epochs=1, verbose=0, callbacks=[callback, Look()])
    assert seen == [[0.5], [0.25, 0.5], [0.125, 0.25, 0.375], [0.125, 0.25, 0.375, 0.5]]
    assert [one.position for one in recorded(callback).steps] == [0.25, 0.5, 0.75, 1.0]


def test_a_python_generator_and_steps_per_epoch(recorded: Recorded, data: Any) -> None:
    def batches() -> Any:
        while True:
            yield data[0][:BATCH], data[1][:BATCH]

    callback = DashCallback(log_freq="batch")
    net().fit(batches(), steps_per_epoch=3, epochs=2, verbose=0, callbacks=[callback])
    assert [one.position for one in recorded(callback).steps] == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2])


def test_an_epoch_of_a_part_of_the_data_is_a_whole_one(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback(log_freq="batch")
    fit(callback, steps_per_epoch=BATCHES // 2)
    changes = recorded(callback)
    assert [one.position for one in changes.steps] == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert (changes.run.batches, changes.run.train_images) == (BATCHES // 2, None)


def test_an_epoch_whose_data_run_out_ends_where_it_is(fit: Fit, recorded: Recorded) -> None:
    callback = DashCallback(log_freq="batch")
    fit(callback, steps_per_epoch=BATCHES - 1)  # of the second epoch one batch is left
    changes = recorded(callback)
    assert [one.step for one in changes.steps] == [1, 2, 3, 4, 5, 6, 7]
    assert [one.position for one in changes.steps] == pytest.approx([1 / 3, 2 / 3, 1, 4 / 3, 7 / 3, 8 / 3, 3])
    assert [one.epoch for one in changes.epochs] == [1, 2, 3]


def own_loop(callback: DashCallback, lengths: list[int], steps: int | None, told: tuple[str, ...]) -> None:
    """Trains nothing, for so many batches an epoch; what is `told` are beginnings of epochs and ends of batches."""
    callbacks = keras.callbacks.CallbackList([callback], model=net(), epochs=len(lengths), steps=steps)
    callbacks.on_train_begin()
    for epoch, batches in enumerate(lengths):
        if "epochs" in told:
            callbacks.on_epoch_begin(epoch)
        for batch in range(batches if "batches" in told else 0):
            callbacks.on_train_batch_end(batch, {"loss": 0.5})
        callbacks.on_epoch_end(epoch, {"loss": 0.5})
    callbacks.on_train_end()


@pytest.mark.parametrize("lengths", [[4, 7, 2, 3], [1, 9, 1], [3, 3, 4]])
def test_epochs_whose_length_changes_have_their_steps_where_they_were(recorded: Recorded, lengths: list[int]) -> None:
    callback = DashCallback(log_freq="batch")
    own_loop(callback, lengths, None, told=("epochs", "batches"))
    changes = recorded(callback)
    assert [one.step for one in changes.steps] == list(range(1, sum(lengths) + 1))
    places = [epoch + (1 + batch) / length for epoch, length in enumerate(lengths) for batch in range(length)]
    assert [one.position for one in changes.steps] == pytest.approx(places)


@pytest.mark.parametrize("steps", [6, None], ids=["known length", "unknown length"])
def test_batches_that_overtake_each_other_are_all_recorded_where_they_were(
    recorded: Recorded, steps: int | None
) -> None:
    callback = DashCallback(log_freq="batch")  # on PyTorch and JAX, several threads tell the ends of batches
    callbacks = keras.callbacks.CallbackList([callback], model=net(), epochs=2, steps=steps)
    callbacks.on_train_begin()
    for epoch in range(2):
        callbacks.on_epoch_begin(epoch)
        for batch in (1, 0, 2, 5, 3, 4, 4):
            callbacks.on_train_batch_end(batch, {"loss": float(batch)})
        callbacks.on_epoch_end(epoch, {"loss": 0.5})
    callbacks.on_train_end()
    found = recorded(callback).steps
    assert [one.step for one in found] == list(range(1, 13))
    assert [one.position for one in found] == pytest.approx([step / 6 for step in range(1, 13)])
    assert [one.metrics["loss"] for one in found] == [0, 1, 2, 3, 4, 5] * 2


def test_steps_of_a_length_that_changes_end_with_their_epochs(recorded: Recorded) -> None:
    callback = DashCallback()
    own_loop(callback, [4, 7, 2], None, told=("epochs", "batches"))
    steps = {one.step: one.position for one in recorded(callback).steps}
    assert (steps[4], steps[11], steps[13]) == (1.0, 2.0, 3.0)
    assert list(steps.values()) == sorted(steps.values())


@pytest.mark.parametrize("told", [("epochs",), ()], ids=["epochs begin", "epochs only end"])
def test_epochs_without_batches_are_as_long_as_was_said(recorded: Recorded, told: tuple[str, ...]) -> None:
    callback = DashCallback()
    own_loop(callback, [5, 5], 5, told)
    changes = recorded(callback)
    assert [(one.step, one.position) for one in changes.steps] == [(5, 1.0), (10, 2.0)]
    assert curve(changes, "loss") == {1: 0.5, 2: 0.5}
    assert (changes.run.epoch, changes.run.status) == (2, Status.FINISHED)


def test_epochs_without_batches_and_length_have_no_steps(recorded: Recorded) -> None:
    callback = DashCallback()
    own_loop(callback, [5, 5], None, told=())
    changes = recorded(callback)
    assert (changes.steps, list(curve(changes, "loss"))) == ([], [1, 2])


def test_epochs_whose_beginning_is_not_told_begin_with_their_first_batch(recorded: Recorded) -> None:
    callback = DashCallback(log_freq="batch")
    own_loop(callback, [2, 2], 2, told=("batches",))
    changes = recorded(callback)
    assert [(one.step, one.position) for one in changes.steps] == [(1, 0.5), (2, 1.0), (3, 1.5), (4, 2.0)]
    assert (list(curve(changes, "loss")), changes.run.epoch) == ([1, 2], 2)


def test_several_outputs_and_sample_weights(recorded: Recorded, data: Any) -> None:
    inputs = keras.Input((8, 8, 1))
    flat = keras.layers.Flatten()(inputs)
    outputs = {"a": keras.layers.Dense(2, activation="softmax", name="a")(flat),
               "b": keras.layers.Dense(1, name="b")(flat)}  # fmt: skip
    model = keras.Model(inputs, outputs)
    model.compile("sgd", {"a": "sparse_categorical_crossentropy", "b": "mse"}, metrics={"a": ["accuracy"]})
    labels = {"a": data[1], "b": data[1].astype("float32")}
    weights = {name: np.ones(IMAGES, "float32") for name in labels}
    callback = DashCallback(test_data=(data[0], labels))
    model.fit(data[0], labels, sample_weight=weights, epochs=2, verbose=0, validation_split=0.0, callbacks=[callback])
    changes = recorded(callback)
    assert {"loss", "a_loss", "b_loss", "a_accuracy"} <= set(changes.epochs[-1].metrics)
    assert (changes.run.status, changes.run.result) == (Status.FINISHED, None)


def test_a_loss_that_is_not_a_number_is_recorded_as_it_is(fit: Fit, recorded: Recorded, data: Any) -> None:
    callback = DashCallback(log_freq="batch")
    fit(callback, x=data[0] * np.nan, epochs=2)
    changes = recorded(callback)
    assert math.isnan(changes.epochs[-1].metrics["loss"])
    assert changes.run.status is Status.FINISHED


def test_a_metric_with_a_value_for_each_class(recorded: Recorded, data: Any) -> None:
    model = net(metrics=(keras.metrics.F1Score(name="f1"),), loss="categorical_crossentropy")
    callback = DashCallback()
    model.fit(data[0], keras.utils.to_categorical(data[1], 2), epochs=1, verbose=0, callbacks=[callback])
    assert {"f1_0", "f1_1"} <= set(recorded(callback).epochs[0].metrics)


def test_batches_that_are_trained_several_in_one_call(recorded: Recorded, data: Any) -> None:
    model = net()
    model.compile("adam", "sparse_categorical_crossentropy", steps_per_execution=3)
    callback = DashCallback(log_freq="batch")
    model.fit(*data, batch_size=BATCH, epochs=2, verbose=0, callbacks=[callback])
    assert [one.step for one in recorded(callback).steps] == [3, 4, 7, 8]


MIRRORED = """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
import numpy as np
from cnn_dash.callbacks import DashCallback
from tests.unit.recording.conftest import net
labels = np.arange(64) % 2
images = np.zeros((64, 8, 8, 1), np.float32)
images[labels == 0, :4] = 1
images[labels == 1, 4:] = 1
with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
    model = net()
    data = tf.data.Dataset.from_tensor_slices((images, labels)).batch(16)
    callback = DashCallback(log_freq="batch", test_data=(images, labels))
    model.fit(data, epochs=2, verbose=0, callbacks=[callback])
    print(model.evaluate(images, labels, verbose=0)[1])
"""


def test_distributed_training_is_recorded_once_and_tested_image_by_image(store: RunStore) -> None:
    done = subprocess.run([sys.executable, "-c", MIRRORED], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    (run,) = store.runs()
    assert [one.step for one in store.changes(run.id).steps] == list(range(1, 9))
    assert run.result is not None
    assert run.result.accuracy == pytest.approx(float(done.stdout))


def test_a_loop_of_ones_own_with_a_callback_list(recorded: Recorded) -> None:
    callback = DashCallback("own loop", log_freq="batch")
    callbacks = keras.callbacks.CallbackList([callback], model=net(), epochs=2, steps=2)
    callbacks.on_train_begin()
    for epoch in range(2):
        callbacks.on_epoch_begin(epoch)
        for batch in range(2):
            callbacks.on_train_batch_begin(batch)
            callbacks.on_train_batch_end(batch, {"loss": 1 / (1 + batch)})
        callbacks.on_epoch_end(epoch, {"loss": 0.5, "val_loss": 0.6})
    callbacks.on_train_end()
    changes = recorded(callback)
    assert [one.position for one in changes.steps] == [0.5, 1.0, 1.5, 2.0]
    assert (curve(changes, "val_loss"), changes.run.status) == ({1: 0.6, 2: 0.6}, Status.FINISHED)


def test_the_last_epoch_is_recorded_as_soon_as_the_first(fit: Fit, store: RunStore) -> None:
    lags: list[float] = []
    callback = DashCallback(save=None)

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            import time

            began = time.monotonic()
            while callback.run_id is None or store.run(callback.run_id).epoch <= epoch:
                assert time.monotonic() - began < 20
                time.sleep(0.002)
            lags.append(time.monotonic() - began)

    fit(callback, epochs=60, callbacks=[Look()])
    assert np.median(lags[-20:]) < 3 * np.median(lags[10:30]) + 0.1
