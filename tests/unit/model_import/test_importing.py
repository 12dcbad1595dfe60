"""A brought network becomes a run that can be tested and used; what cannot be used leaves nothing behind."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.errors import ModelFileError
from cnn_dash.evaluation.metrics import accuracy, cross_entropy
from cnn_dash.evaluation.report import read_report, read_test_images
from cnn_dash.inference.predictor import Predictor
from cnn_dash.model_import import __main__ as program
from cnn_dash.model_import import process
from cnn_dash.model_import.importing import Wanted, import_model
from cnn_dash.recording.results import weights_sha256
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore

from .conftest import contents, net, packed

Import = Callable[..., Run]


@pytest.fixture
def bring(store: RunStore, tmp_path: Path) -> Import:
    def bring(model: keras.Model | Path, **wanted: Any) -> Run:
        path = tmp_path / "net.keras"
        if isinstance(model, keras.Model):
            model.save(path)
        return import_model(store, path, "net.keras", Wanted(**wanted))

    return bring


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load the network in this process, which has Keras already; without limits."""

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, program.main(Path(command[-1])))

    monkeypatch.setattr(program, "_limit", lambda: None)
    monkeypatch.setattr(subprocess, "run", run)


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    test = catalogue.load("mnist-5k", Path("nowhere")).test
    return test.images, test.labels


def trained(scale: float, offset: float, digits: tuple[np.ndarray, np.ndarray], **options: Any) -> keras.Model:
    """A network that has learned a little of pixels that somebody scaled."""
    keras.utils.set_random_seed(1)
    layers = [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, **options)]
    model = keras.Sequential(layers)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits="activation" not in options)
    model.compile(keras.optimizers.Adam(0.01), loss)
    model.fit(digits[0] * np.float32(scale) + np.float32(offset), digits[1], epochs=3, verbose=0)
    return model


def test_it_is_a_run_like_those_of_other_programs(store: RunStore, bring: Import, digits: Any) -> None:
    model = trained(1 / 255, 0, digits, activation="softmax")
    run = bring(model, name="theirs", dataset="mnist-5k", scaling="0-1")

    assert (run.name, run.source, run.status) == ("theirs", Source.EXTERNAL, Status.FINISHED)
    assert run.tags == ("imported",)
    assert run.parameters == 7850
    assert [layer["kind"] for layer in run.layers] == ["Flatten", "Dense"]
    assert run.settings["tested_on"] == "mnist-5k"
    assert run.result is not None
    expected = model.predict(digits[0] / np.float32(255), verbose=0)
    assert run.result.accuracy == pytest.approx(accuracy(digits[1], expected))
    assert run.result.accuracy > 0.8
    assert run.result.loss == pytest.approx(cross_entropy(digits[1], expected), rel=1e-4)
    assert run.result.weights_sha256 == weights_sha256(model)

    folder = ResultFolder.of(store.settings, run)
    with folder.evaluation.local_path() as file:
        np.testing.assert_allclose(read_report(file).probabilities, expected, atol=1e-5)
    with folder.test_images.local_path() as file:
        left = read_test_images(file)
    np.testing.assert_array_equal(left.images, digits[0])
    assert left.class_names == tuple("0123456789")
    np.testing.assert_allclose(Predictor(folder).probabilities(digits[0][:50]), expected[:50], atol=1e-5)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("scaling", "scale", "offset"), [("-1-1", 2 / 255, -1), ("0-255", 1, 0)])
def test_logits_and_other_scalings_are_understood(
    bring: Import, digits: Any, scaling: Any, scale: float, offset: float
) -> None:
    model = trained(scale, offset, digits)
    run = bring(model, dataset="mnist-5k", scaling=scaling)
    logits = model.predict(digits[0] * np.float32(scale) + np.float32(offset), verbose=0)
    assert run.result is not None
    assert run.result.accuracy == pytest.approx(accuracy(digits[1], logits))


@pytest.mark.usefixtures("at_once")
def test_without_a_data_set_it_can_predict_once_the_scaling_is_said(
    store: RunStore, bring: Import, digits: Any
) -> None:
    run = bring(trained(1 / 255, 0, digits, activation="softmax"), class_names=list("abcdefghij"))
    assert run.has_network
    assert not run.has_predictions
    with ResultFolder.of(store.settings, run).model_input.local_path() as file:
        assert '"scaling": null' in file.read_text()
        assert '"a",' in file.read_text()


@pytest.mark.usefixtures("at_once")
def test_images_are_fitted_to_a_network_of_another_size(store: RunStore, bring: Import) -> None:
    run = bring(net(shape=(None, None, 3)), dataset="mnist-5k")
    assert run.result is not None
    assert run.settings["image_shape"] == "28×28×3"
    assert run.settings["test_images"] == "fitted from 28×28×1"
    with ResultFolder.of(store.settings, run).test_images.local_path() as file:
        assert read_test_images(file).images.shape == (1000, 28, 28, 3)
    larger = bring(net(shape=(32, 40, 1)), dataset="mnist-5k")
    with ResultFolder.of(store.settings, larger).test_images.local_path() as file:
        assert read_test_images(file).images.shape == (1000, 32, 40, 1)


def two_outputs() -> keras.Model:
    given = keras.Input((28, 28, 1))
    flat = keras.layers.Flatten()(given)
    return keras.Model(given, [keras.layers.Dense(3)(flat), keras.layers.Dense(2)(flat)])


def too_much() -> keras.Model:
    """Images of 56,000×56,000 in between: 800 GB."""
    return net(keras.layers.UpSampling2D(2_000), keras.layers.Conv2D(64, 1))


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("build", "wanted", "said"),
    [
        (two_outputs, {}, "2 outputs"),
        (lambda: net(shape=(28, 28, 4)), {}, "28×28×4"),
        (lambda: net(shape=(None, None, 3)), {}, "images of any size"),
        (lambda: keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(10, 3)]), {}, "26×26×10"),
        (lambda: keras.Sequential([keras.Input((20,)), keras.layers.Dense(10)]), {}, "an input of 20"),
        (lambda: net(scaled=False), {"dataset": "mnist-5k"}, "black and white"),
        (net, {"class_names": ["a", "b"]}, "2 class names for a network of 10"),
        (net, {"dataset": "nothing"}, "no such data set"),
    ],
    ids=["outputs", "channels", "any size", "pictures", "no pictures", "scaling", "names", "no data set"],
)
def test_what_cannot_be_used_is_refused_and_leaves_no_run(
    store: RunStore, bring: Import, build: Callable[[], keras.Model], wanted: dict[str, Any], said: str
) -> None:
    with pytest.raises(Exception, match=said) as caught:
        bring(build(), **wanted)
    assert type(caught.value).__module__ == "cnn_dash.errors"
    assert "Received: " in str(caught.value)
    assert store.runs() == []


def test_one_that_asks_for_all_memory_is_refused(store: RunStore, bring: Import) -> None:
    with pytest.raises(ModelFileError, match="Received: a network that"):
        bring(too_much(), dataset="mnist-5k")
    assert store.runs() == []


def test_weights_that_point_to_another_file_are_refused(store: RunStore, bring: Import, file: Path) -> None:
    files = contents(file)
    weights = file.with_name("weights.h5")
    weights.write_bytes(files["model.weights.h5"])
    secret = file.with_name("secret")
    secret.write_bytes(bytes(10_000))
    with h5py.File(weights, "a") as changed:
        names: list[str] = []
        changed.visititems(lambda name, one: names.append(name) if isinstance(one, h5py.Dataset) else None)
        name = next(one for one in names if "conv" in one)
        shape = changed[name].shape
        del changed[name]
        changed.create_dataset(name, shape, "f4", external=[(str(secret), 0, 10_000)])
    file.write_bytes(packed(files | {"model.weights.h5": weights.read_bytes()}))
    with pytest.raises(ModelFileError, match="does not load"):
        bring(file)
    assert store.runs() == []


@pytest.mark.usefixtures("at_once")
def test_damaged_weights_are_refused(store: RunStore, bring: Import, file: Path) -> None:
    files = contents(file)
    file.write_bytes(packed(files | {"model.weights.h5": files["model.weights.h5"][:5_000]}))
    with pytest.raises(ModelFileError, match="does not load"):
        bring(file)
    assert store.runs() == []


def test_what_takes_too_long_is_ended(
    store: RunStore, bring: Import, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "TIMEOUT_S", 0.2)
    with pytest.raises(ModelFileError, match="not loaded and tested within"):
        bring(file)
    assert store.runs() == []


@pytest.mark.parametrize("code", [0, 3, -9])
def test_a_process_that_leaves_nothing_is_a_sentence(
    bring: Import, file: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda command, **_options: subprocess.CompletedProcess(command, code))
    with pytest.raises(ModelFileError, match="too much memory or time, or is damaged"):
        bring(file)


def test_the_process_gets_nothing_of_the_servers_environment(
    bring: Import, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, str] = {}

    def run(command: list[str], *, env: dict[str, str], **_options: Any) -> subprocess.CompletedProcess[bytes]:
        seen.update(env)
        (Path(command[-1]) / "refusal.txt").write_text("a test")
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setenv("CNN_DASH_TOKEN", "secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ModelFileError, match="a test"):
        bring(file)
    assert "secret" not in seen.values()
    assert not [name for name in seen if name.startswith("CNN_DASH")]
