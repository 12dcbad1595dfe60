import csv
import gzip
import io
import json
from pathlib import Path

from cnn_dash import __version__

# Slow to import, and of no use to what only reads the store.
HEAVY = ("tensorflow", "keras", "pandas", "plotly", "sklearn", "scipy", "pooch", "streamlit")

COMMANDS = [
    ("--help",),
    ("train", "--help"),
    ("--version",),
    ("datasets",),
    ("runs",),
    ("show", "latest"),
    ("show", "1", "--json"),
    ("export", "runs"),
]
ONE_AFTER_THE_OTHER = f"""
import sys
from cnn_dash.cli.app import app
for command in {COMMANDS}:
    try:
        app(command)
    except SystemExit as end:
        assert not end.code, (command, end.code)
    heavy = set({HEAVY}) & set(sys.modules)
    assert not heavy, (command, heavy)
"""


def test_looking_up_something_imports_nothing_heavy(trained):
    trained[0](program=("-c", ONE_AFTER_THE_OTHER))


def test_version(cli):
    assert cli("--version")[0].strip() == __version__


def test_show_tells_everything_about_a_run(trained):
    cli = trained[0]
    run = cli.json("show", 1)
    assert run == cli.json("show", "latest")
    assert (run["status"], run["settings"]["train"]["seed"]) == ("finished", 7)
    assert Path(run["folder"]).is_dir()
    assert Path(run["folder"]).is_relative_to(cli.home)
    assert run["worker_pid"] > 0
    assert [record["epoch"] for record in run["metrics"]] == [1]
    assert {"loss", "accuracy", "val_loss", "val_accuracy", "val_auc", "learning_rate", "seconds"} <= set(
        run["metrics"][0]
    )
    assert len(run["weights_sha256"]) == 64


def test_show_for_people(trained):
    cli = trained[0]
    out, _ = cli("show", "latest")
    run = cli.json("show", 1)
    for text in ("compact-valid on mnist-5k", "93,322", run["weights_sha256"], "train.learning_rate", "rmsprop"):
        assert text in out
    assert f"{100 * run['test_accuracy']:.2f} %" in out


def test_runs_and_curves_as_csv_and_json(trained):
    cli = trained[0]
    run = cli.json("show", 1)
    row = next(csv.DictReader(io.StringIO(cli("export", "runs", 1)[0])))
    assert (row["run_id"], row["name"], row["train.seed"]) == ("1", "compact-valid on mnist-5k", "7")
    assert float(row["test_accuracy"]) == run["test_accuracy"]
    assert [epoch["epoch"] for epoch in csv.DictReader(io.StringIO(cli("export", "curves", "1")[0]))] == ["1"]
    assert cli.json("export", "runs", 1)[0]["settings"] == run["settings"]
    assert cli.json("export", "curves", 1)[0]["metrics"] == run["metrics"]


def test_an_export_of_a_run_that_is_not_there_is_refused(cli):
    assert cli.json("export", "runs", 7, code=1)["error"].startswith("There is no such run. Received: 7.")
    assert cli.json("export", "curves") == []


def test_runs_are_listed_newest_first(trained):
    cli = trained[0]
    listed = cli.json("runs")
    assert listed[-1]["run_id"] == 1
    assert [run["run_id"] for run in listed] == sorted((run["run_id"] for run in listed), reverse=True)
    assert "compact-valid on mnist-5k" in cli("runs")[0]


def test_an_empty_store_has_a_next_step(cli):
    assert cli.json("runs") == []
    out, err = cli("runs")
    assert out == ""
    assert "python -m cnn_dash train" in err


def test_datasets_say_what_is_here(cli):
    known = {one["name"]: one for one in cli.json("datasets")}
    assert {"mnist-5k", "mnist", "kmnist", "fashion-mnist"} <= set(known)
    assert known["mnist-5k"]["local"] is True
    assert known["mnist-5k"]["counts"] == {"train": 4000, "test": 1000}
    assert known["mnist"]["local"] is False
    assert known["mnist"]["download_mb"] > 0
    assert known["kmnist"]["class_names"][0] == "お"
    out, _ = cli("datasets")
    assert "60,000" in out
    assert "to be downloaded" in out


def test_datasets_look_into_the_data_folder(cli_with, tmp_path):
    folder = tmp_path / "data" / "kmnist"
    folder.mkdir(parents=True)
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        (folder / name).write_bytes(gzip.compress(b""))  # only looked for, not read
    cli = cli_with(CNN_DASH_DATA_DIR=str(tmp_path / "data"))
    known = {one["name"]: one["local"] for one in json.loads(cli("datasets", "--json")[0])}
    assert known["kmnist-10k"] is True
    assert known["kmnist"] is False


def test_stopping_a_run_that_has_ended_changes_nothing(trained):
    cli = trained[0]
    out, _ = cli("stop", 1)
    assert "Run 1 is finished." in out
    assert cli.json("show", 1)["status"] == "finished"
