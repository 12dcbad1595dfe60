import json
import zipfile


def test_a_network_is_written_and_checked(trained, tmp_path):
    told = trained[0].json("export", "model", "latest", "--format", "savedmodel", "--output", tmp_path)
    assert set(told) == {
        "run",
        "format",
        "path",
        "bytes",
        "max_difference",
        "changed_answers",
        "checked",
        "note",
        "rounding",
    }
    file = tmp_path / "cnn-dash-run-1-savedmodel.zip"
    assert told["path"] == str(file)
    assert told["bytes"] == file.stat().st_size
    assert (told["checked"], told["changed_answers"]) == (500, 0)
    assert told["max_difference"] <= 1e-5
    assert "saved_model/saved_model.pb" in zipfile.ZipFile(file).namelist()
    assert list(tmp_path.glob(".part*")) == []


def test_a_file_is_named_and_folders_are_made_for_it(trained, tmp_path):
    file = tmp_path / "new" / "digits.onnx"
    out, err = trained[0]("export", "model", 1, "--format", "onnx", "--output", file)
    assert out.startswith(f"{file}: ")
    assert "Checked on 500 test images: no answer changed" in err
    assert file.stat().st_size > 100_000


def test_what_cannot_be_written_is_a_sentence(trained, cli, tmp_path):
    line = trained[0]
    assert line.json("export", "model", 1, "--format", "pickle", code=1)["error"].startswith(
        "Networks are not exported in such a format. Received: 'pickle'. Allowed: keras, html,"
    )
    assert "There is no such run" in line.json("export", "model", 7, code=1)["error"]
    assert "No network has been trained yet" in cli.json("export", "model", "latest", code=1)["error"]
    (tmp_path / "file").touch()
    out, _ = line("export", "model", 1, "--format", "card", "--output", tmp_path / "file" / "x.md", "--json", code=1)
    assert "cannot be written" in json.loads(out)["error"]


def test_a_recipe_is_written_as_a_script(trained, tmp_path):
    told = trained[0].json("export", "model", 1, "--format", "script", "--output", tmp_path)
    assert told["path"] == str(tmp_path / "cnn-dash-run-1.py")
    assert (told["checked"], told["max_difference"]) == (0, None)
    assert told["note"].startswith("Not checked: it has no network yet.")
    assert "model.fit(" in (tmp_path / "cnn-dash-run-1.py").read_text("utf-8")


def test_a_data_set_is_written_for_it(cli, tmp_path):
    told = cli.json("export", "dataset", "mnist-5k", "--output", tmp_path)
    file = tmp_path / "mnist-5k.npz"
    assert told == {"dataset": "mnist-5k", "path": str(file), "bytes": file.stat().st_size}
    assert set(zipfile.ZipFile(file).namelist()) == {"x_train.npy", "y_train.npy", "x_test.npy", "y_test.npy"}
    assert list(tmp_path.glob(".part*")) == []
    assert "There is no such data set" in cli.json("export", "dataset", "../x", code=1)["error"]
    file = tmp_path / "mnist-5k.npz" / "x.npz"
    assert "cannot be written" in cli.json("export", "dataset", "mnist-5k", "--output", file, code=1)["error"]
