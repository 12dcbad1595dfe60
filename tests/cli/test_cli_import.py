"""The command `import model`."""

from pathlib import Path

import keras
import pytest


@pytest.fixture
def network(tmp_path: Path) -> Path:
    path = tmp_path / "net.keras"
    layers = [keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(10)]
    keras.Sequential(layers).save(path)
    return path


def test_a_network_becomes_a_run_that_predicts(cli, network, tmp_path):
    told = cli.json("import", "model", network, "--name", "theirs", "--dataset", "mnist-5k")
    assert (told["run_id"], told["name"], told["source"], told["status"]) == (1, "theirs", "external", "finished")
    assert 0 <= told["test_accuracy"] <= 1
    assert told["tags"] == ["imported"]

    from PIL import Image, ImageDraw

    picture = Image.new("L", (100, 100), 255)
    ImageDraw.Draw(picture).line((50, 20, 50, 80), fill=0, width=8)
    picture.save(tmp_path / "one.png")
    (answer,) = cli.json("predict", 1, tmp_path / "one.png")
    assert len(answer["probabilities"]) == 10


def test_what_is_no_network_is_refused_in_a_sentence(cli, tmp_path):
    file = tmp_path / "net.h5"
    file.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    assert "an HDF5 file" in cli.json("import", "model", file, code=1)["error"]
    assert "cannot be read" in cli.json("import", "model", tmp_path / "nowhere.keras", code=1)["error"]
    assert cli.store().runs() == []
