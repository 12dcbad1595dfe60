import re
from html import unescape

import pytest

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import override
from cnn_dash.plots.run_marks import mark
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.compare import differences, results
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import TestResult
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.ui.runs.comparison_tables import differences_html, results_html
from tests.factories import epoch_metrics


@pytest.fixture
def runs(store: RunStore):
    """Run 1 has finished with two epochs, run 2 is being trained with one, run 3 waits."""
    store.create(RunConfig(), parameters=1234, multiply_adds=1)
    store.create(override(RunConfig(), {"train.seed": 2_000_000_001}), parameters=1234, multiply_adds=1)
    store.create(presets.get("compact-valid").config(), parameters=93_322, multiply_adds=1)
    for accuracies in ([0.9, 0.95], [0.91]):
        lease = Lease.claim(store, Worker("w", 1, "here"))
        assert lease is not None
        for epoch, accuracy in enumerate(accuracies, start=1):
            lease.log_epoch(epoch_metrics(epoch, 0.5, 0.8, 0.4, accuracy, None, 0.001, 1.5, 2950.0))
        if len(accuracies) == 2:
            lease.end(Status.FINISHED, result=TestResult(0.9612, 0.12345, 2, 65.25, 2950.4, "0" * 64, "."))
    return [store.run(run_id) for run_id in (1, 2, 3)]


def cells(html: str) -> dict[str, list[str]]:
    """The text of each row by its name."""
    rows = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr.*?>(.*?)</tr>", html)]
    text = [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in rows]
    return {first: rest for first, *rest in text}


def places(runs):
    return {run.id: place for place, run in enumerate(runs)}


def test_params_of_another_program_stand_beside_settings_under_their_own_names(store: RunStore, runs) -> None:
    params = {"backbone": "resnet", "lr": 0.1, "model": "big", "aug": {"flip": True}, "": 1}
    external = store.record_external(Worker("theirs", 1, "there"), params=params)
    both = [runs[0], external]
    rows = cells(differences_html(both, places(both), differences(both)))
    assert rows["backbone"] == ["–", "resnet"]
    assert (rows["model"], rows["aug.flip"], rows["(no name)"]) == (["–", "big"], ["–", "True"], ["–", "1"])
    assert rows["Learning rate"] == ["0.001", "0.1"]


def test_a_long_value_is_folded_and_whole_under_the_pointer(store: RunStore, runs) -> None:
    path = "s3://" + "x" * 400 + '/"a"'
    external = store.record_external(Worker("theirs", 1, "there"), params={"weights": path})
    both = [runs[0], external]
    (found,) = re.findall(
        r'<div title="([^"]+)" style="([^"]+)">s3', differences_html(both, places(both), differences(both))
    )
    assert unescape(found[0]) == path
    assert "overflow-wrap: anywhere" in found[1]
    assert "max-width" in found[1]


def table_of_results(store, runs):
    found = store.epochs_of([run.id for run in runs])
    return results_html(runs, places(runs), results(runs, [found[run.id] for run in runs]))


def test_results_in_words(store: RunStore, runs) -> None:
    rows = cells(table_of_results(store, runs))
    assert rows["Test accuracy"] == ["96.12 %", "–", "–"]
    assert rows["Test loss"] == ["0.1235", "–", "–"]
    assert rows["Validation accuracy, best"] == ["95.00 % epoch 2", "91.00 % epoch 1", "–"]
    assert rows["Validation accuracy, last"] == ["95.00 %", "91.00 %", "–"]
    assert "Validation AUC (macro, one-vs-rest), best" not in rows  # none of them has it
    assert rows["Training accuracy, last"] == ["80.00 %", "80.00 %", "–"]
    assert rows["Epochs"] == ["2 of 5", "1 of 5", "0 of 5"]
    assert rows["Seconds"] == ["65.2", "1.5", "–"]
    assert rows["Images/s"] == ["2,950", "2,950", "–"]
    assert rows["Parameters"] == ["1,234", "1,234", "93,322"]


def test_the_best_of_a_row_is_bold(store: RunStore, runs) -> None:
    bold = re.findall(r"<b [^>]*><span[^>]*>([\d.]+ %)", table_of_results(store, runs))
    assert bold == ["95.00 %", "95.00 %"]  # best and last validation accuracy; there is only one test accuracy


def test_differences_in_words(runs) -> None:
    rows = cells(differences_html(runs, places(runs), differences(runs)))
    assert rows["Preset"] == ["–", "–", "compact-valid"]
    assert rows["Seed"] == ["1", "2000000001", "1"]
    assert rows["Block 2 · Filters"] == ["–", "–", "64"]
    assert rows["Dense 1 · Activation"] == ["–", "–", "ReLU"]
    assert "Learning rate" in rows or "Optimizer" in rows
    assert "Block 1 · Filters" not in rows


def test_every_run_wears_the_mark_of_its_curve_and_says_how_it_stands(runs) -> None:
    html = differences_html(runs, {1: 4, 2: 0, 3: 14}, [])
    assert [color.upper() for color in re.findall(r"fill%3D%27%23([0-9A-Fa-f]{6})", html)] == [
        mark(place).color[1:].upper() for place in (4, 0, 14)
    ]
    assert cells(html)[""] == [
        "Run 1own network on mnist-5k",
        "Run 2 · runningown network on mnist-5k",
        "Run 3 · queuedcompact-valid on mnist-5k",
    ]


def test_a_title_cannot_bring_in_html(store: RunStore, runs) -> None:
    named = annotate(store, 1, title='<img src=x onerror="alert(1)">')
    html = differences_html([named], {1: 0}, [])
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=&quot;" in html
