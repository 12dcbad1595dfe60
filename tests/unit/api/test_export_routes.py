"""Runs and curves as files, over real HTTP."""

import csv
import io
import json
import math

import pytest
import requests

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import flatten
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.describe import USUAL_METRICS
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.trash import delete
from tests.factories import epoch_metrics

FILES = ["runs.csv", "runs.json", "curves.csv", "curves.json"]


def get(server, path):
    return requests.get(f"{server}/api/{path}", timeout=30)


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline="")))


@pytest.fixture
def three(lease: Lease) -> RunStore:
    """Run 1 trains and has two epochs, run 2 waits and has three blocks, run 3 waits."""
    for epoch in (1, 2):
        lease.log_epoch(epoch_metrics(epoch, 0.5 / epoch, 0.8, 0.4, 0.9, None if epoch == 1 else 0.99, 0.1, 1.5, 0.0))
    lease.store.create(presets.get("compact-valid").config(), parameters=93_322, multiply_adds=2_800_000)
    lease.store.create(RunConfig(), parameters=10, multiply_adds=100)
    return lease.store


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_all_runs_has_a_name_and_a_type(server: str, three: RunStore, file: str) -> None:
    answer = get(server, file)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="cnn-dash-{file}"'
    assert answer.headers["content-type"].split(";")[0] == ("text/csv" if file.endswith("csv") else "application/json")


@pytest.mark.parametrize(
    ("ids", "name"), [("2", "runs-2"), ("3,1", "runs-3-1"), ("1,2,3,1", "runs-1-2-3"), (" 1 , 2 ", "runs-1-2")]
)
def test_a_file_of_some_runs_is_named_after_them(server: str, three: RunStore, ids: str, name: str) -> None:
    answer = get(server, f"runs.json?ids={ids}")
    assert answer.headers["content-disposition"] == f'attachment; filename="cnn-dash-{name}.json"'


def test_a_file_of_many_runs_is_named_after_their_number(server: str, three: RunStore) -> None:
    for _ in range(3):
        three.create(RunConfig(), parameters=10, multiply_adds=100)
    answer = get(server, "curves.csv?ids=1,2,3,4,5,6")
    assert answer.headers["content-disposition"] == 'attachment; filename="cnn-dash-curves-of-6-runs.csv"'


def test_runs_as_csv_have_every_setting_as_a_column(server: str, three: RunStore) -> None:
    found = rows(get(server, "runs.csv"))
    assert [row["run_id"] for row in found] == ["3", "2", "1"]
    two = found[1]
    settings = flatten(three.run(2).config)
    for path, value in settings.items():
        column = {"preset": "preset", "data.dataset": "dataset"}.get(path, path)
        assert two[column] == (str(value).lower() if isinstance(value, bool) else str(value)), path
    assert (two["parameters"], two["status"], two["test_accuracy"]) == ("93322", "queued", "")
    assert found[0]["model.blocks.2.filters"] == ""  # it has one block only
    assert len(found[0]) == len(two)


def test_runs_as_json_have_their_settings(server: str, three: RunStore) -> None:
    found = get(server, "runs.json?ids=2,1").json()
    assert [run["run_id"] for run in found] == [2, 1]
    assert found[0]["settings"] == three.run(2).config.model_dump(mode="json")
    assert (found[1]["status"], found[1]["epochs_done"]) == ("running", 2)
    assert not {"folder", "worker_host", "worker_pid"} & set(found[0])


def test_curves_as_csv_have_a_row_for_each_epoch(server: str, three: RunStore) -> None:
    found = rows(get(server, "curves.csv"))
    keys = ("run_id", "name", "epoch", "loss", "val_auc", "seconds")
    assert [[row[key] for key in keys] for row in found] == [
        ["1", "own network on mnist-5k", "1", "0.5", "", "1.5"],
        ["1", "own network on mnist-5k", "2", "0.25", "0.99", "1.5"],
    ]


def test_curves_as_json(server: str, three: RunStore) -> None:
    found = get(server, "curves.json?ids=1,2").json()
    assert [(run["run_id"], len(run["metrics"])) for run in found] == [(1, 2), (2, 0)]
    assert found[0]["metrics"][0]["val_auc"] is None


@pytest.mark.parametrize("file", FILES)
def test_an_empty_store_gives_an_empty_file(server: str, file: str) -> None:
    answer = get(server, file)
    assert answer.status_code == 200
    assert (rows(answer) if file.endswith("csv") else answer.json()) == []
    assert file.endswith("json") or answer.text.startswith("run_id,name,")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("ids", ["", "x", "1,", "1;2", "-1", "1.0", "²", "<script>"])
def test_what_is_no_number_of_a_run_is_refused_in_words(server: str, three: RunStore, file: str, ids: str) -> None:
    answer = get(server, f"{file}?ids={ids}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["error"].startswith("ids are numbers of runs. Received: ")
    assert len(answer.json()["error"]) < 300


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("ids", ["7", "1,7", "0", "9" * 5000])
def test_a_run_that_is_not_there_is_not_found(server: str, three: RunStore, file: str, ids: str) -> None:
    answer = get(server, f"{file}?ids={ids}")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("There is no such run. Received: ")


def test_ids_may_also_come_one_by_one(server: str, three: RunStore) -> None:
    assert [run["run_id"] for run in get(server, "runs.json?ids=1&ids=3").json()] == [1, 3]


def test_runs_in_the_bin_are_only_there_if_they_are_named(server: str, three: RunStore) -> None:
    delete(three, [3])
    assert [run["run_id"] for run in get(server, "runs.json").json()] == [2, 1]
    assert [run["run_id"] for run in get(server, "runs.json?ids=3").json()] == [3]


@pytest.mark.parametrize("title", ['=HYPERLINK("https://example.org")', "+1", "-1+1", "@SUM(A1)", "＝1+1"])
def test_no_text_of_a_person_becomes_a_formula(server: str, three: RunStore, title: str) -> None:
    annotate(three, 1, title=title, tags=[title, "b"], notes=f"\t{title}")
    run = rows(get(server, "runs.csv?ids=1"))[0]
    for name in ("name", "tags", "notes"):
        assert run[name].startswith(f"'{title}"), name
    assert rows(get(server, "curves.csv?ids=1"))[0]["name"] == f"'{title}"
    assert get(server, "runs.json?ids=1").json()[0]["name"] == title


def test_texts_come_through_whole(server: str, three: RunStore) -> None:
    notes = 'größer, "besser"\nzweite Zeile; 手'
    annotate(three, 1, notes=notes, tags=["a", "b c"], favourite=True)
    run = rows(get(server, "runs.csv?ids=1"))[0]
    assert (run["notes"], run["tags"], run["favourite"]) == (notes, "a, b c", "true")


def test_a_number_that_is_not_finite_is_one_in_csv_and_a_word_in_json(server: str, lease: Lease) -> None:
    lease.log_epoch(EpochMetrics(1, {"loss": math.inf, "val_loss": math.nan, "f1": 0.5}, 1.5))
    row = rows(get(server, "curves.csv"))[0]
    assert (row["loss"], row["val_loss"], row["f1"], row["accuracy"]) == ("inf", "nan", "0.5", "")
    run = rows(get(server, "runs.csv"))[0]
    assert (run["last_loss"], run["best_loss"], run["last_val_loss"], run["best_f1"]) == ("inf", "", "nan", "0.5")
    for file, path in (("curves.json", "metrics"), ("runs.json", None)):
        entry = json.loads(get(server, file).text, parse_constant=pytest.fail)[0]
        found = entry[path][0] if path else {name: entry[f"last_{name}"] for name in ("loss", "val_loss", "f1")}
        assert (found["loss"], found["val_loss"], found["f1"]) == ("Infinity", "NaN", 0.5)


def test_runs_of_other_programs_are_exported_with_their_params(server: str, three: RunStore) -> None:
    worker = Worker("x", 1, "host")
    three.record_external(worker, params={"lr": 0.1, "opt": {"name": "Lion"}}, planned_epochs=3, title="Theirs")
    theirs = rows(get(server, "runs.csv"))[0]
    assert (theirs["source"], theirs["name"], theirs["lr"], theirs["opt.name"]) == ("external", "Theirs", "0.1", "Lion")
    assert (theirs["train.seed"], theirs["preset"]) == ("", "")
    entry = get(server, "runs.json").json()[0]
    assert (entry["settings"], entry["epochs"]) == ({"lr": 0.1, "opt": {"name": "Lion"}}, 3)
    assert get(server, "runs").json()[0]["source"] == "external"


HOSTILE = ("preset", "name", "status", "run_id", "data.dataset", "last_loss", "params.name", "train.seed", "settings")


def test_params_that_are_called_like_a_column_have_one_of_their_own(server: str, three: RunStore) -> None:
    params = {name: f"their {name}" for name in HOSTILE} | {"params": {"preset": "nested"}}
    lease = Lease(three, three.record_external(Worker("x", 1, "host"), params=params, title="Theirs"))
    lease.log_epoch(EpochMetrics(1, {"loss": 0.5}))
    columns = next(csv.reader(io.StringIO(get(server, "runs.csv").text)))
    assert len(set(columns)) == len(columns)
    theirs, *ours = rows(get(server, "runs.csv"))
    assert (theirs["name"], theirs["status"], theirs["preset"], theirs["last_loss"]) == ("Theirs", "running", "", "0.5")
    free = ("data.dataset", "train.seed", "settings")
    for name in HOSTILE:
        assert theirs[name if name in free else f"params.{name}"] == f"their {name}"
    assert theirs["params.params.preset"] == "nested"
    for run in ours:
        assert (run["dataset"], run["train.seed"]) == ("mnist-5k", "1")
        assert {run[name] for name in columns if name.startswith("params.")} | {run["data.dataset"]} == {""}
    assert get(server, "runs.json").json()[0]["settings"] == params
    assert "params.preset" not in rows(get(server, "runs.csv?ids=1"))[0]


def test_metrics_that_are_called_like_a_column_have_one_of_their_own(server: str, lease: Lease) -> None:
    named = {"epoch": 11.0, "name": 12.0, "seconds": 13.0, "run_id": 14.0, "metrics.epoch": 15.0, "_(a": 16.0}
    lease.log_epoch(EpochMetrics(1, named, 1.5))
    (row,) = rows(get(server, "curves.csv"))
    assert (row["run_id"], row["epoch"], row["seconds"]) == ("1", "1", "1.5")
    assert {name: float(row["_(a" if name == "_(a" else f"metrics.{name}"]) for name in named} == named
    epoch = get(server, "curves.json").json()[0]["metrics"][0]
    assert (epoch["epoch"], epoch["seconds"], epoch["metrics.epoch"], epoch["name"]) == (1, 1.5, 11.0, 12.0)
    assert (epoch["metrics.seconds"], epoch["metrics.metrics.epoch"]) == (13.0, 15.0)
    assert get(server, "runs.json").json()[0]["last__(a"] == 16.0


def test_columns_of_csv_keep_their_names_and_order(server: str, three: RunStore) -> None:
    columns = get(server, "runs.csv").text.splitlines()[0].split(",")
    metrics = [f"{which}_{name}" for which in ("last", "best") for name in USUAL_METRICS[:5]]
    assert columns[: columns.index("source")] == [
        *("run_id", "name", "status", "message", "dataset", "preset", "test_accuracy", "test_loss", "best_epoch"),
        *metrics,
        *("epochs_done", "seconds", "images_per_second", "first_metric_seconds", "parameters", "multiply_adds"),
        *("created_at", "ended_at", "favourite", "tags", "notes", "weights_sha256", "data_sha256"),
    ]
    usual = "run_id,name,epoch,loss,accuracy,val_loss,val_accuracy,val_auc,learning_rate,seconds,images_per_second"
    assert get(server, "curves.csv").text.splitlines()[0] == usual


def test_more_runs_than_are_read_at_once_come_in_the_order_asked_for(server: str, store: RunStore) -> None:
    ids = [store.create(RunConfig(), parameters=1, multiply_adds=1).id for _ in range(230)]
    asked = ids[::-2]
    found = get(server, f"curves.json?ids={','.join(map(str, asked))}").json()
    assert [run["run_id"] for run in found] == asked


@pytest.mark.parametrize("file", FILES)
def test_a_file_cannot_be_written_to(server: str, three: RunStore, file: str) -> None:
    assert requests.post(f"{server}/api/{file}", timeout=30).status_code == 405
