"""The network that a callback keeps, and what it answered: the same files as those of a run of ours."""

import itertools
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash.callbacks import DashCallback
from cnn_dash.errors import ConfigError, DataError, StoreError
from cnn_dash.evaluation.report import read_report, read_test_images
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.predictor import Predictor
from cnn_dash.recording import answers, fit_recorder, writer
from cnn_dash.recording.answers import batches_of
from cnn_dash.recording.target import RunTarget
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import Changes, RunStore
from tests.factories import on_disk
from tests.unit.recording.conftest import BATCH, IMAGES, net

Fit = Callable[..., keras.Model]
Recorded = Callable[..., Changes]
NAMES = ("upper", "lower")


def of_run(store: RunStore, changes: Changes) -> ResultFolder:
    assert changes.run.network_folder is not None
    return RunFolder.of(store.settings, changes.run.id).result(changes.run.network_folder)


def test_a_tested_run_has_what_pages_need(fit: Fit, recorded: Recorded, store: RunStore, data: Any) -> None:
    callback = DashCallback(test_data=data, class_names=NAMES)
    model = fit(callback, epochs=5)
    changes = recorded(callback)
    loss, accuracy = model.evaluate(*data, verbose=0)
    result = changes.run.result
    assert result is not None
    assert (result.accuracy, result.loss) == pytest.approx((accuracy, loss), abs=1e-5)
    assert (result.steps, result.best_epoch, len(result.weights_sha256)) == (5 * IMAGES // BATCH, 5, 64)
    folder = of_run(store, changes)
    report = read_report(on_disk(store.settings, folder.evaluation))
    assert (report.labels == data[1]).all()
    np.testing.assert_allclose(report.probabilities, model.predict(data[0], verbose=0), atol=1e-6)
    left = read_test_images(on_disk(store.settings, folder.test_images))
    assert left.class_names == NAMES
    np.testing.assert_allclose(left.images, data[0] * 255, atol=0.5)
    known = ModelInput.read(on_disk(store.settings, folder.model_input))
    assert (known.class_names, known.image_shape, known.scaling) == (NAMES, (8, 8, 1), "0-1")


def scaled(scaling: str) -> tuple[np.ndarray, np.ndarray]:
    bytes_ = np.random.default_rng(1).integers(0, 256, (IMAGES, 8, 8, 3), np.uint8)
    forms = {"0-255": bytes_, "0-1": bytes_ / np.float32(255), "-1-1": bytes_ / np.float32(127.5) - 1}
    return bytes_, forms[scaling]


@pytest.mark.parametrize("scaling", ["0-255", "0-1", "-1-1"])
@pytest.mark.parametrize("outputs", ["probabilities", "logits", "sigmoid", "sigmoid logits"])
def test_predict_gives_what_the_network_gave_however_it_is_made(
    recorded: Recorded, store: RunStore, scaling: str, outputs: str
) -> None:
    images, x = scaled(scaling)
    y = np.random.default_rng(2).integers(0, 2, IMAGES)
    last = {
        "probabilities": (3, "softmax"),
        "logits": (3, None),
        "sigmoid": (1, "sigmoid"),
        "sigmoid logits": (1, None),
    }
    units, activation = last[outputs]
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.GlobalAveragePooling2D(),
         keras.layers.Dense(units, activation=activation)]
    )  # fmt: skip
    make = keras.losses.BinaryCrossentropy if units == 1 else keras.losses.SparseCategoricalCrossentropy
    model.compile("adam", make(from_logits=activation is None), metrics=["accuracy"])
    if scaling != "0-255":
        model.layers[-1].set_weights([one * 30 for one in model.layers[-1].get_weights()])
    callback = DashCallback(test_data=(x, y))
    model.fit(x, y, epochs=1, verbose=0, callbacks=[callback])
    changes = recorded(callback)
    folder = of_run(store, changes)
    known = ModelInput.read(on_disk(store.settings, folder.model_input))
    assert (known.scaling, known.outputs) == (scaling, outputs)
    assert known.class_names == (("0", "1") if units == 1 else ("0", "1", "2"))
    probabilities = read_report(on_disk(store.settings, folder.evaluation)).probabilities
    np.testing.assert_allclose(Predictor(folder).probabilities(images), probabilities, atol=2e-5)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_without_test_data_the_scaling_is_read_from_a_layer_or_left_open(
    fit: Fit, recorded: Recorded, store: RunStore
) -> None:
    plain, raw = DashCallback(), DashCallback()
    fit(plain, epochs=1)
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(),
         keras.layers.Dense(2, activation="softmax")]
    )  # fmt: skip
    model.compile("adam", "sparse_categorical_crossentropy")
    fit(raw, model, epochs=1)
    scalings = []
    for callback in (plain, raw):
        changes = recorded(callback)
        assert (changes.run.result, changes.run.has_network) == (None, True)
        folder = of_run(store, changes)
        scalings.append(ModelInput.read(on_disk(store.settings, folder.model_input)).scaling)
    assert scalings == [None, "0-255"]
    with pytest.raises(StoreError, match="The range of the input pixels"):
        Predictor(of_run(store, recorded(plain)))
    Predictor(of_run(store, recorded(raw)))


class Losses(keras.callbacks.Callback):
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs["val_loss"] = (1.0, 0.5, 0.7, 0.8)[epoch]
        if epoch == 1:
            self.best = [one.copy() for one in self.model.get_weights()]


def test_the_best_network_is_kept_tested_and_not_put_into_the_model(
    recorded: Recorded, store: RunStore, data: Any
) -> None:
    losses, callback = Losses(), DashCallback(save="best", test_data=data)
    model = net()
    model.fit(*data, epochs=4, verbose=0, callbacks=[losses, callback])
    changes = recorded(callback)
    kept = keras.models.load_model(on_disk(store.settings, of_run(store, changes).model))
    for one, best in zip(kept.get_weights(), losses.best, strict=True):
        np.testing.assert_array_equal(one, best)
    assert not np.array_equal(model.get_weights()[0], losses.best[0])
    assert changes.run.result is not None
    assert changes.run.result.best_epoch == 2
    assert changes.run.result.accuracy == pytest.approx(kept.evaluate(*data, verbose=0)[1])
    folders = {
        artifact.key.split("/")[1] for artifact in of_run(store, changes).artifacts.list(f"{changes.run.id:05d}")
    }
    assert len([name for name in folders if name.startswith("result-")]) == 1


def test_what_is_tested_later_is_the_best_network_too(recorded: Recorded, store: RunStore, data: Any) -> None:
    losses, callback = Losses(), DashCallback(save="best", class_names=np.array(NAMES))
    model = net()
    model.fit(*data, epochs=4, verbose=0, callbacks=[losses, callback])
    own = model.get_weights()
    callback.evaluate(*data)
    changes = recorded(callback)
    kept = keras.models.load_model(on_disk(store.settings, of_run(store, changes).model))
    for one, best, after, before in zip(kept.get_weights(), losses.best, model.get_weights(), own, strict=True):
        np.testing.assert_array_equal(one, best)
        np.testing.assert_array_equal(after, before)
    assert changes.run.result is not None
    assert changes.run.result.best_epoch == 2
    assert changes.run.result.accuracy == pytest.approx(kept.evaluate(*data, verbose=0)[1])


def test_only_the_newest_network_waits_for_a_store_that_is_away_and_no_file_is_left(
    recorded: Recorded, data: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(writer, "RETRY_S", 0.05)
    monkeypatch.setattr(fit_recorder, "END_PATIENCE_S", 0.1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened, away = RunTarget.open, [True]

    def open_or_fail(self: RunTarget) -> Lease:
        if away:
            raise StoreError("The run store could not be used: disk I/O error.")
        return opened(self)

    monkeypatch.setattr(RunTarget, "open", open_or_fail)
    callback = DashCallback(save="best", monitor="accuracy")

    class Better(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            logs["accuracy"] = epoch / 10  # each is the best so far

    net().fit(*data, epochs=6, verbose=0, callbacks=[Better(), callback])
    assert 1 <= len(list(tmp_path.glob("cnn-dash-*"))) <= 2
    away.clear()
    assert recorded(callback).run.has_network
    assert list(tmp_path.glob("cnn-dash-*")) == []


def test_the_best_network_is_there_while_it_trains(recorded: Recorded, store: RunStore, data: Any) -> None:
    callback = DashCallback(save="best", monitor="accuracy")
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            run = recorded(callback).run
            seen.append((run.status, run.has_network, run.monitor))

    net().fit(*data, epochs=1, verbose=0, callbacks=[callback, Look()])
    assert seen == [(Status.RUNNING, True, "accuracy")]


def test_nothing_is_kept_if_nothing_is_asked_for(fit: Fit, recorded: Recorded, store: RunStore) -> None:
    callback = DashCallback(save=None)
    fit(callback)
    run = recorded(callback).run
    assert (run.has_network, run.has_predictions) == (False, False)
    assert [artifact.key for artifact in RunFolder.of(store.settings, run.id).artifacts.list()] == ["00001/log.txt"]


def test_evaluate_later_tests_a_run_that_stays_as_it_ended(fit: Fit, recorded: Recorded, data: Any) -> None:
    callback = DashCallback(class_names=NAMES)
    fit(callback, callbacks=[Stopper()])
    assert recorded(callback).run.has_predictions is False
    found = callback.evaluate(*data)
    run = recorded(callback).run
    assert run.result is not None
    assert found == {"test_accuracy": run.result.accuracy, "test_loss": run.result.loss}
    assert (run.status, run.message) == (Status.STOPPED, "Ended after epoch 1: model.stop_training was set.")


class Stopper(keras.callbacks.Callback):
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.model.stop_training = True


def test_evaluate_before_any_fit_says_what_to_do(data: Any) -> None:
    with pytest.raises(ConfigError, match=r"Received: .*Allowed: .*Train first"):
        DashCallback().evaluate(*data)


def test_test_data_come_in_many_forms(data: Any) -> None:
    import tensorflow as tf

    class Sequence(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            return data[0][index * 32 : (index + 1) * 32], data[1][index * 32 : (index + 1) * 32]

    forms = [
        (data,), data, (tf.data.Dataset.from_tensor_slices(data).batch(20),), (Sequence(),),
        (iter([data]),), (data[0], keras.utils.to_categorical(data[1])), ([(data[0], data[1], np.ones(IMAGES))],),
    ]  # fmt: skip
    for form in forms:
        batches = list(batches_of(*form))
        np.testing.assert_array_equal(np.concatenate([images for images, _ in batches]), data[0])


class Bfloat16:
    """A tensor of PyTorch in a type that NumPy does not have."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def __len__(self) -> int:
        return len(self.values)

    def cpu(self) -> "Bfloat16":
        return self

    def float(self) -> np.ndarray:
        return self.values

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise TypeError("Got unsupported ScalarType BFloat16")


def test_test_data_in_bfloat16_are_taken(data: Any) -> None:
    ((images, _),) = batches_of(Bfloat16(data[0]), data[1])
    np.testing.assert_array_equal(images, data[0])


@pytest.mark.parametrize(
    "wrong", [(3,), (np.zeros((2, 1)), np.zeros(3)), ([np.zeros((2, 8))],), (np.zeros(0), np.zeros(0))]
)
def test_what_is_no_test_data_is_refused_with_a_sentence(wrong: Any) -> None:
    with pytest.raises(DataError, match=r"Received: .*Allowed: "):
        list(batches_of(*wrong))


def test_test_data_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_BATCHES", 10)
    batch = np.zeros((2, 8, 8, 1)), np.zeros(2)
    with pytest.raises(DataError, match="does not end"):
        list(batches_of(itertools.repeat(batch)))


def test_test_data_that_cannot_be_used_cost_the_test_alone(
    fit: Fit, recorded: Recorded, warnings: Callable[[], str]
) -> None:
    callback = DashCallback(test_data=np.zeros((3, 5)))
    fit(callback)
    assert recorded(callback).run.status is Status.FINISHED
    assert "could not test the network" in warnings()


def test_what_is_kept_is_no_pickle_and_is_loaded_in_safe_mode(
    fit: Fit, recorded: Recorded, store: RunStore, data: Any
) -> None:
    callback = DashCallback(test_data=data)
    fit(callback)
    folder = of_run(store, recorded(callback))
    for file in (folder.evaluation, folder.test_images):
        with np.load(on_disk(store.settings, file), allow_pickle=False) as archive:
            assert all(array.dtype != object for array in archive.values())
    assert "config.json" in zipfile.ZipFile(on_disk(store.settings, folder.model)).namelist()
