import json
import os
import platform
import socket

import pytest

from cnn_dash.cli.measurement import Measurement
from cnn_dash.cli.reproduce import configurations
from cnn_dash.cli.results import results_page
from cnn_dash.presets import PRESETS, get
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings

MACHINE = {"cores": 2, "cpu": "A CPU", "system": "Linux", "python": "3", "tensorflow": "2", "keras": "3"}


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"CNN_DASH_HOME": str(tmp_path)})


def measurement(store, preset, accuracies):
    """A preset with a run of made-up accuracy for each seed; None failed."""
    runs = []
    for planned in configurations(preset, store.settings, None, None, accuracies):
        submit(store, planned)
        lease = Lease.claim(store, Worker("worker", 1, "secret-host"))
        accuracy = accuracies[planned.train.seed]
        if accuracy is None:
            lease.end(Status.FAILED, message="The disk is full.")
        else:
            lease.end(Status.FINISHED, result=TestResult(accuracy, 0.0301, 1, 123.4, 2950.0, "ab" * 32))
        runs.append(store.run(lease.run.id))
    return Measurement(preset, tuple(runs))


def test_a_quick_look_gives_the_same_network_as_training_it(trained, tmp_path):
    cli, page = trained[0], tmp_path / "docs" / "results.md"
    quick = ("--only", "compact-valid", "--dataset", "mnist-5k", "--epochs", 1, "--seed", 7)
    found = cli.json("reproduce", *quick, "--output", page)
    (row,) = found["results"]
    assert row["weights_sha256"] == cli.json("show", 1)["weights_sha256"]  # the same seed
    assert (row["preset"], row["dataset"], row["epochs"], row["seed"]) == ("compact-valid", "mnist-5k", 1, 7)
    assert row["reported_accuracy"] == 0.9913
    assert row["difference_points"] is None  # another data set than the article's
    assert "Not the article's length: 1 instead of 5 epochs." in row["note"]
    assert found["machine"]["cores"] == os.cpu_count()
    assert found["machine"]["python"] == platform.python_version()
    text = page.read_text("utf-8")
    assert f"| compact-valid | mnist-5k | 99.13 % | {100 * row['test_accuracy']:.2f} % | – |" in text
    assert found["date"] in text
    assert socket.gethostname() not in text


def test_each_preset_goes_with_the_data_of_its_article(settings):
    for name in ("compact-valid", "compact-same", "rubikscode"):
        assert configurations(get(name), settings, None, None, [1]) == [get(name).config("mnist")]


def test_kmnist_is_replaced_where_it_is_not_at_hand_and_said_so(settings, capsys):
    planned = configurations(get("kuzushiji"), settings, None, None, [5, 2])
    assert [one.data.dataset for one in planned] == ["kmnist-10k"] * 2
    assert [one.train.seed for one in planned] == [5, 2]
    assert capsys.readouterr().err.count("kmnist is not on this machine") == 1


def test_kmnist_is_taken_where_it_is(settings, capsys):
    folder = settings.data_dir / "kmnist"
    folder.mkdir(parents=True)
    for part in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{part}-ubyte").touch()  # only looked for, not read
    assert configurations(get("kuzushiji"), settings, None, None, [1])[0].data.dataset == "kmnist"
    assert capsys.readouterr().err == ""


def test_the_page_sets_article_and_measurement_side_by_side(settings):
    store = RunStore(settings)
    measured = [measurement(store, preset, {1: 0.9925}) for preset in PRESETS.values()]
    assert [m.difference_points for m in measured] == [
        pytest.approx(0.12),
        pytest.approx(-0.02),
        pytest.approx(-0.14),
        None,
    ]
    page = results_page(measured, MACHINE, "2026-01-02")
    assert (
        "| compact-same | mnist | 99.27 % | 99.25 % | -0.02 | 0.03166 | 0.03010 | 0 of 10 | 1 | 123 | 2,950 |" in page
    )
    assert "Measured on kmnist-10k, not on kmnist." in page
    assert "2026-01-02. Machine: 2 cores, A CPU" in page
    assert "secret-host" not in page
    assert "by seed" not in page
    assert "`python -m cnn_dash reproduce --seed 1`" in page


@pytest.mark.parametrize(
    ("accuracies", "row"),
    [
        ({1: 0.9871, 2: 0.9914, 3: 0.9916, 4: 0.9915, 5: 0.9913}, "99.14 % | +0.01 | – | 0.03010 | 0 of 5 | 2 |"),
        ({1: 0.9914, 2: 0.9871}, "98.71 % | -0.42 | – | 0.03010 | 0 of 5 | 2 |"),
        ({1: 0.9914, 2: None, 3: 0.99}, "failed | – | – | – | 0 of 5 | 2 |"),
    ],
    ids=["five", "two", "one that failed"],
)
def test_with_several_seeds_the_run_of_median_accuracy_counts_and_every_seed_is_told(settings, accuracies, row):
    one = measurement(RunStore(settings), get("compact-valid"), accuracies)
    page = results_page([one], MACHINE, "2026-01-02")
    assert f"| compact-valid | mnist | 99.13 % | {row}" in page
    by_seed = ", ".join(f"{100 * a:.2f} % ({seed})" if a else f"failed ({seed})" for seed, a in accuracies.items())
    assert f"Accuracy by seed: {by_seed}." in page
    assert "reproduce --seed 1 --seed 2" in page
    assert [(row["seed"], row["test_accuracy"]) for row in one.as_json()["by_seed"]] == list(accuracies.items())


def test_every_seed_is_trained(cli, ended):
    quick = ("--only", "compact-valid", "--dataset", "mnist-5k")
    process = cli.start("reproduce", *quick, "--seed", 3, "--seed", 4, "--seed", 3, "--json")
    store = cli.store()
    for accuracy in (0.9, 0.8):
        while not (lease := Lease.claim(store, Worker("worker", os.getpid(), socket.gethostname()))):
            pass
        lease.end(Status.FINISHED, result=TestResult(accuracy, 0.03, 1, 1.0, 2950.0, "ab" * 32))
    (row,) = json.loads(ended(process)[0])["results"]
    assert [(one["seed"], one["test_accuracy"]) for one in row["by_seed"]] == [(3, 0.9), (4, 0.8)]
    assert (row["seed"], row["test_accuracy"]) == (4, 0.8)


def test_a_failure_is_in_the_result_and_the_page_stays_as_it_was(cli, ended, tmp_path):
    page = tmp_path / "results.md"
    page.write_text("before")
    process = cli.start("reproduce", "--dataset", "mnist-5k", "--only", "compact-valid", "--output", page)
    store = cli.store()
    while not (lease := Lease.claim(store, Worker("worker", os.getpid(), socket.gethostname()))):
        pass
    lease.end(Status.FAILED, message="The disk is full.")
    out, err = ended(process, code=1)
    assert "failed" in out
    assert "The disk is full." in out
    assert "left as it was" in err
    assert page.read_text() == "before"
