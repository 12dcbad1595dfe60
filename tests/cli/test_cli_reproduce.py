import os
import platform
import socket

import pytest

from cnn_dash.cli.measurement import Measurement
from cnn_dash.cli.reproduce import configuration
from cnn_dash.cli.results import results_page
from cnn_dash.presets import PRESETS, get
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"CNN_DASH_HOME": str(tmp_path)})


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
        planned = configuration(get(name), settings, None, None, 1)
        assert planned == get(name).config("mnist")


def test_kmnist_is_replaced_where_it_is_not_at_hand_and_said_so(settings, capsys):
    planned = configuration(get("kuzushiji"), settings, None, None, 5)
    assert planned.data.dataset == "kmnist-10k"
    assert planned.train.seed == 5
    assert "kmnist is not on this machine" in capsys.readouterr().err


def test_kmnist_is_taken_where_it_is(settings, capsys):
    folder = settings.data_dir / "kmnist"
    folder.mkdir(parents=True)
    for part in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{part}-ubyte").touch()  # only looked for, not read
    assert configuration(get("kuzushiji"), settings, None, None, 1).data.dataset == "kmnist"
    assert capsys.readouterr().err == ""


def test_the_page_sets_article_and_measurement_side_by_side(settings):
    store = RunStore(settings)
    measured = []
    for preset in PRESETS.values():
        submit(store, configuration(preset, settings, None, None, 1))
        lease = Lease.claim(store, Worker("worker", 1, "secret-host"))
        result = TestResult(0.9925, 0.0301, 1, 123.4, 2950.0, "ab" * 32)
        lease.end(Status.FINISHED, result=result)
        measured.append(Measurement(preset, store.run(lease.run.id)))
    assert [m.difference_points for m in measured] == [
        pytest.approx(0.12),
        pytest.approx(-0.02),
        pytest.approx(-0.14),
        None,
    ]
    machine = {"cores": 2, "cpu": "A CPU", "system": "Linux", "python": "3", "tensorflow": "2", "keras": "3"}
    page = results_page(measured, machine, "2026-01-02")
    assert (
        "| compact-same | mnist | 99.27 % | 99.25 % | -0.02 | 0.03166 | 0.03010 | 0 of 10 | 1 | 123 | 2,950 |" in page
    )
    assert "Measured on kmnist-10k, not on kmnist." in page
    assert "2026-01-02. Machine: 2 cores, A CPU" in page
    assert "secret-host" not in page


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
