import json

import numpy as np

from tests.class_folders import files, pack, picture


def test_pictures_become_a_data_set_that_is_trained_exported_and_kept(cli, tmp_path):
    archive = pack(tmp_path / "My shapes.zip", files(30) | {"bar/bad.png": b"no picture"})
    made = cli.json(
        "datasets", "import", archive, "--name", "shapes", "--size", 28, "--title", "Shapes ✓", "--licence", "me"
    )
    assert made == {
        "name": "shapes",
        "classes": 3,
        "train": 72,
        "test": 18,
        "hash": made["hash"],
        "skipped": 1,
        "notes": ["No test set was brought: 20% of each class are held out, always the same."],
    }
    listed = cli.json("datasets")[-1]
    assert (listed["name"], listed["title"], listed["local"]) == ("shapes", "Shapes ✓", True)
    assert listed["counts"] == {"train": 72, "test": 18}
    run = cli.json("train", "--dataset", "shapes", "--epochs", 25, "--set", "train.batch_size=16")
    assert (run["status"], run["dataset"]) == ("finished", "shapes")
    assert run["test_accuracy"] > 0.9
    shown = cli.json("datasets", "show", "shapes")
    assert shown["skipped"][0]["file"] == "bar/bad.png"
    assert shown["licence"] == "me"
    assert cli.json("show", 1)["data_sha256"] == made["hash"] == shown["content_hash"]
    query = tmp_path / "query.png"
    query.write_bytes(picture("ring", 999, (28, 28)))
    assert len(cli.json("predict", 1, query)[0]["probabilities"]) == 3
    card = tmp_path / "card.md"
    cli.json("export", "model", 1, "--format", "card", "--output", card)
    assert "Shapes ✓ (`shapes`)" in card.read_text("utf-8")
    assert cli.json("export", "model", 1, "--format", "onnx", "--output", tmp_path)["changed_answers"] == 0
    refused = cli.json("datasets", "delete", "shapes", code=1)["error"]
    assert "Received: a data set of run 1." in refused


def test_a_set_is_written_read_again_deleted_and_brought_back(cli, tmp_path):
    archive = pack(tmp_path / "My shapes.zip", files(10, ("train/", "test/", "val/")))
    out, err = cli("datasets", "import", archive, "--size", 16, "--colour", "rgb")
    assert out.startswith("my-shapes: 60 images to train with and 30 to test, in 3 classes. SHA-256 ")
    assert "validation images join those for training" in err
    for ending in ("npz", "zip"):
        file = tmp_path / f"out.{ending}"
        assert cli.json("datasets", "export", "my-shapes", file)["bytes"] == file.stat().st_size
        again = cli.json("datasets", "import", file, "--name", ending, "--size", 16, "--colour", "rgb")
        assert (again["train"], again["test"]) == (60, 30)
    with np.load(tmp_path / "out.npz") as arrays:
        assert arrays["x_train"].shape == (60, 16, 16, 3)
    assert "cannot be written so" in cli.json("datasets", "export", "npz", tmp_path / "out.txt", code=1)["error"]
    assert cli.json("datasets", "delete", "npz") == {"dataset": "npz", "deleted": True}
    assert "npz" not in {one["name"] for one in cli.json("datasets")}
    assert cli.json("datasets", "delete", "npz", "--undo") == {"dataset": "npz", "deleted": False}
    assert "npz" in {one["name"] for one in cli.json("datasets")}
    out, _ = cli("datasets", "show", "my-shapes")
    assert "class folders in a ZIP archive, with train and test" in out


def test_what_cannot_be_imported_is_one_sentence(cli, tmp_path):
    file = tmp_path / "a.zip"
    file.write_bytes(b"no archive")
    out, err = cli("datasets", "import", file, "--name", "a", "--json", code=1)
    assert json.loads(out)["error"] == err.strip()
    assert "a.zip cannot be imported" in err
    assert "Traceback" not in err
    for wrong in (
        ["show", "nothing"],
        ["show", "../x"],
        ["delete", "mnist-5k"],
        ["export", "nothing", tmp_path / "a.npz"],
    ):
        assert "Received: " in cli.json("datasets", *wrong, code=1)["error"]
    assert list((cli.home / "data").glob("own/*")) == []
