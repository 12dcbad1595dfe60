"""Files that are no networks, or would do harm, are refused with a sentence before Keras sees them."""

import pickle
import zipfile
from pathlib import Path
from typing import Any

import keras
import pytest

from cnn_dash.errors import ModelFileError
from cnn_dash.model_import import archive
from cnn_dash.model_import.importing import look_through

from .conftest import contents, net, packed, with_config


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        look_through(path, "theirs.keras")
    text = str(caught.value)
    assert text.startswith("theirs.keras is not imported. Received: ")
    assert "Allowed: " in text
    return text


def test_a_network_says_what_it_takes(file: Path) -> None:
    found = look_through(file, "net.keras")
    assert found.image_shape == (28, 28, 1)
    assert found.scales_itself


def test_without_a_rescaling_layer_nothing_scales(tmp_path: Path) -> None:
    net(scaled=False, shape=(None, None, 3)).save(tmp_path / "a.keras")
    found = look_through(tmp_path / "a.keras", "a.keras")
    assert found.image_shape == (None, None, 3)
    assert not found.scales_itself


def test_how_it_was_compiled_does_not_matter(tmp_path: Path) -> None:
    model = net()

    @keras.saving.register_keras_serializable("theirs")
    def loss(true: Any, predicted: Any) -> Any:
        return keras.ops.mean(predicted - true)

    model.compile("adam", loss)
    model.save(tmp_path / "a.keras")
    assert look_through(tmp_path / "a.keras", "a.keras").scales_itself


@pytest.mark.parametrize(
    "build",
    [
        lambda x: keras.layers.Conv2D(4, 3, activation=keras.activations.gelu)(x),
        lambda x: keras.ops.relu(x) * 2 + 1,
        lambda x: keras.layers.Concatenate()([x, keras.layers.RandomFlip()(x)])[:, :20],
        lambda x: keras.Sequential([keras.layers.Conv2D(4, 3, kernel_regularizer="l2"), keras.layers.LeakyReLU()])(x),
        lambda x: keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True))(x[..., 0])[..., None],
        lambda x: keras.applications.MobileNetV3Small(
            input_shape=(32, 32, 1), weights=None, include_top=False, include_preprocessing=False
        )(keras.layers.ZeroPadding2D(2)(x)),
    ],
    ids=["activation", "operators", "slices", "nested", "recurrent", "application"],
)
def test_all_of_keras_own_layers_are_taken(tmp_path: Path, build: Any) -> None:
    given = keras.Input((28, 28, 1))
    answer = keras.layers.Dense(10)(keras.layers.Flatten()(build(given)))
    keras.Model(given, answer).save(tmp_path / "a.keras")
    assert look_through(tmp_path / "a.keras", "a.keras").image_shape == (28, 28, 1)


def test_an_hdf5_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.h5"
    net().save(path)
    assert "an HDF5 file" in refusal(path)
    path.rename(path.with_suffix(".keras"))
    assert "an HDF5 file" in refusal(path.with_suffix(".keras"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "no ZIP archive"),
        (pickle.dumps({"a": 1}), "a pickle"),
        (b"PK\x03\x04" + bytes(500), "damaged"),
        (packed({"a.txt": b"hello"}), "without config.json"),
        (packed({"net/saved_model.pb": b""}), "a SavedModel"),
    ],
    ids=["empty", "a picture", "a pickle", "no directory", "another zip", "SavedModel"],
)
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "a.keras").write_bytes(data)
    assert said in refusal(tmp_path / "a.keras")


def test_a_file_that_was_cut_off_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    assert "damaged" in refusal(file)


def test_a_changed_byte_is_noticed(file: Path) -> None:
    data = file.read_bytes()
    place = data.index(b'"class_name"')
    file.write_bytes(data[:place] + b'"klass_name"' + data[place + 12 :])
    assert "damaged" in refusal(file)


@pytest.mark.parametrize("config", [b"[1, 2]", b"{}", b"null", b"\xff\xfe", b"[" * 200_000, b'{"class_name": 3}'])
def test_a_config_without_a_network_is_refused(file: Path, config: bytes) -> None:
    file.write_bytes(packed(contents(file) | {"config.json": config}))
    refusal(file)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "assets/vocabulary.txt", "x.py"])
def test_further_files_are_refused(file: Path, name: str) -> None:
    file.write_bytes(packed(contents(file) | {name: b"x"}))
    assert name in refusal(file)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as changed:
        changed.writestr("config.json", b"{}")
    assert "two files of one name" in refusal(file)


def test_a_bomb_is_refused_by_its_directory(file: Path) -> None:
    zeros = packed(contents(file) | {"model.weights.h5": bytes(200_000_000)}, zipfile.ZIP_DEFLATED)
    file.write_bytes(zeros)
    assert len(zeros) < 1_000_000
    assert "200," in refusal(file)


def test_a_directory_that_says_less_than_there_is_gains_nothing(file: Path) -> None:
    files = contents(file)
    files["config.json"] = b'{"a": "' + b"x" * 50_000_000 + b'"}'
    data = packed(files, zipfile.ZIP_DEFLATED)
    size = len(files["config.json"]).to_bytes(4, "little")
    file.write_bytes(data.replace(size, (1_000).to_bytes(4, "little")))
    assert "damaged" in refusal(file)


def test_two_gigabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "a.keras"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(2_000_000_000)  # a hole: it takes no room
    assert "2,000,000,000 bytes" in refusal(path)


def test_unpacked_it_may_not_be_larger_than_the_limit(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED_BYTES", 1_000)
    assert "when unpacked" in refusal(file)


def test_a_lambda_layer_is_refused(tmp_path: Path) -> None:
    net(keras.layers.Lambda(lambda x: x * 2)).save(tmp_path / "a.keras")
    assert "Lambda" in refusal(tmp_path / "a.keras")


def test_a_lambda_layer_within_a_network_within_it_is_refused(tmp_path: Path) -> None:
    net(keras.Sequential([keras.layers.Lambda(lambda x: x * 2)])).save(tmp_path / "a.keras")
    assert "Lambda" in refusal(tmp_path / "a.keras")


@keras.saving.register_keras_serializable("theirs")
class Doubled(keras.layers.Layer):
    def call(self, x: Any) -> Any:
        return x * 2


def test_a_layer_of_somebodys_own_is_refused(tmp_path: Path) -> None:
    net(Doubled()).save(tmp_path / "a.keras")
    assert "Doubled" in refusal(tmp_path / "a.keras")


def test_a_model_class_of_somebodys_own_is_refused(tmp_path: Path) -> None:
    class Theirs(keras.Model):
        def call(self, x: Any) -> Any:
            return x

    model = Theirs()
    model(keras.ops.zeros((1, 28, 28, 1)))
    model.save(tmp_path / "a.keras")
    assert "Theirs" in refusal(tmp_path / "a.keras")


def test_an_activation_of_somebodys_own_is_refused(tmp_path: Path) -> None:
    def doubled(x: Any) -> Any:
        return x * 2

    net(keras.layers.Conv2D(4, 3, activation=doubled)).save(tmp_path / "a.keras")
    assert "somebody's own" in refusal(tmp_path / "a.keras")


@pytest.mark.parametrize(
    "fields",
    [
        {"module": "os", "class_name": "system"},
        {"module": "keras.utils", "class_name": "get_file"},
        {"module": "keras.src.utils.file_utils", "class_name": "get_file"},
        {"module": "keras.saving", "class_name": "load_model"},
        {"module": "kerasx.layers", "class_name": "Dense"},
        {"module": "keras.layersx", "class_name": "Dense"},
        {"module": None, "class_name": "Dense"},
        {"module": "builtins", "class_name": "eval"},
        {"module": "builtins", "class_name": "function", "config": "exec"},
        {"registered_name": "theirs>Dense"},
        {"class_name": "TFSMLayer"},
        {"class_name": "__lambda__"},
        {"class_name": "__typespec__", "module": "os"},
        {"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}},
    ],
    ids=str,
)
def test_whatever_else_could_run_or_read_is_refused(file: Path, fields: dict[str, Any]) -> None:
    def change(config: dict[str, Any]) -> None:
        config["config"]["layers"][1] |= fields

    refusal(with_config(file, change))


def test_a_deep_configuration_is_looked_through_to_its_end(file: Path) -> None:
    def change(config: dict[str, Any]) -> None:
        inner: Any = {"module": "os", "class_name": "system", "config": {}}
        for _ in range(200):
            inner = [{"a": inner}]
        config["config"]["layers"][1]["config"]["name"] = inner

    assert "system" in refusal(with_config(file, change))
