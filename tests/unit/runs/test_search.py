"""Runs by one line of text, and in the order of any of their facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cnn_dash import presets
from cnn_dash.config import DenseLayer, ModelConfig, RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import flatten, override
from cnn_dash.runs.fields import SETTINGS, differing, in_order, names, run_field
from cnn_dash.runs.records import MetricSummary, Run, TestResult
from cnn_dash.runs.search import find
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

NOON = datetime(2026, 11, 24, 12, 0).astimezone()


@pytest.fixture
def runs(store: RunStore) -> list[Run]:
    """Three runs, newest first: a tested favourite, a failed one, one that waits."""
    small = override(presets.get("compact-valid").config(), {"train.learning_rate": 0.0003})
    wide = presets.get("rubikscode").config("kmnist")
    made = [store.create(config, parameters=9, multiply_adds=99) for config in (small, wide, small)]
    result = TestResult(0.985, 0.05, 4, 61.5, 3000.0, "0" * 64, "result-0001")
    tested = {"status": Status.FINISHED, "result": result, "epoch": 5, "images_per_second": 3000.0}
    first = replace(made[0], **tested, tags=("baseline", "two words"), favourite=True, created_at=NOON)
    first = replace(first, last=MetricSummary(0.02, 0.99, 0.06, 0.97, 0.998), ended_at=NOON + timedelta(hours=1))
    second = replace(made[1], status=Status.FAILED, epoch=2, notes="Ran OUT of memory", created_at=NOON)
    second = replace(second, last=MetricSummary(0.3, 0.9, 0.4, 0.88), best=MetricSummary(0.3, 0.9, 0.35, 0.89))
    third = replace(made[2], title="Second try", created_at=NOON + timedelta(days=1))
    return [third, second, first]


def found(runs: list[Run], text: str) -> list[int]:
    return [run.id for run in find(runs, text)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [3, 2, 1]),
        ("   ", [3, 2, 1]),
        ("compact", [3, 1]),
        ("COMPACT", [3, 1]),
        ("second", [3]),
        ("kmnist", [2]),
        ("memory", [2]),
        ("out memory", [2]),
        ('"out of memory"', [2]),
        ('"memory out"', []),
        ("#2", [2]),
        ("#22", []),
        ("favourite", [1]),
        ("favorite", [1]),
        ("favourite=off", [3, 2]),
        ("learning_rate>=0.001", [2]),
        ("learning_rate >= 0.001", [2]),
        ("learning_rate=3e-4", [3, 1]),
        ("train.learning_rate=0.0003", [3, 1]),
        ("optimizer=adam", [2]),
        ("optimizer=ADAM,rmsprop", [3, 2, 1]),
        ("optimizer!=adam", [3, 1]),
        ("accuracy>0.98", [1]),
        ("accuracy>98%", [1]),
        ("accuracy>98 % baseline", [1]),
        ("accuracy<0.98", []),
        ("accuracy!=0.985", [3, 2]),
        ("loss<=0.05", [1]),
        ("val_accuracy>=97%", [1]),
        ("val_accuracy<97%", [2]),
        ("best_val_accuracy>=89%", [2]),
        ("val_loss<0.1 val_auc>0.99", [1]),
        ("best_val_loss=0.35", [2]),
        ("train_accuracy>0.95", [1]),
        ("train_loss>0.1", [2]),
        ("ended>=2026-11-24T13:00", [1]),
        ("seconds>60", [1]),
        ("images_per_second>2000", [1]),
        ("epoch<3", [3, 2]),
        ("epochs<10", [3, 1]),
        ("status=failed", [2]),
        ("status==queued,failed", [3, 2]),
        ("tag=baseline", [1]),
        ("tags=BASE*", [1]),
        ('tag="two words"', [1]),
        ("tag!=baseline", [3, 2]),
        ("name=second*", [3]),
        ("preset=rubikscode", [2]),
        ("dataset=mnist-5k", [3, 1]),
        ("filters=128", [2]),
        ("filters!=128", [3, 1]),
        ("blocks.0.filters=32", [3, 2, 1]),
        ("model.blocks.1.filters=64", [3, 2, 1]),
        ("blocks.2.filters>64", [2]),
        ("blocks.5.filters>0", []),
        ("dropout=0.3", [2]),
        ("dense.dropout=25%", []),
        ("blocks=3 dense=1", [3, 2, 1]),
        ("early_stopping=off", [3, 2, 1]),
        ("batch_norm=on", []),
        ("parameters=9 multiply_adds=99", [3, 2, 1]),
        ("created>2026-11-24", [3]),
        ("created>=2026-11-24", [3, 2, 1]),
        ("created<=2026-11-24", [2, 1]),
        ("created=2026-11-24", [2, 1]),
        ("created<2026-11-24T12:00", []),
        ("created=2026-11-24T12:00", [2, 1]),
        ("run>1 run<3", [2]),
        ("compact status=finished", [1]),
        ('"a=b"', []),
    ],
)
def test_a_search_finds_what_it_says(runs: list[Run], text: str, ids: list[int]) -> None:
    assert found(runs, text) == ids


@pytest.mark.parametrize(
    ("text", "received", "allowed"),
    [
        ("lerning_rate>0.1", "'lerning_rate'", "Did you mean learning_rate?"),
        ("colour=red", "'colour'", "epochs"),
        ("optimizer=adm", "'adm'", "adam, adamw"),
        ("optimizer>adam", "'>'", "optimizer=…"),
        ("status=over", "'over'", "finished"),
        ("favourite=perhaps", "'perhaps'", "on or off"),
        ("epochs<ten", "'ten'", "a number"),
        ("epochs<nan", "'nan'", "a number"),
        ("epochs<1e999", "'1e999'", "a number"),
        ("accuracy>98", "'98'", "98%"),
        ("created>yesterday", "'yesterday'", "a day"),
        ("created>9999-12-31", "'9999-12-31'", "a day"),
        ("epochs<", "'epochs<'", "a sign and a value"),
        ("x" * 501, "501", "500"),
    ],
)
def test_what_cannot_be_understood_is_said(runs: list[Run], text: str, received: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        find(runs, text)
    assert received in str(caught.value)
    assert allowed in str(caught.value)


def test_every_setting_has_a_short_name_and_can_be_asked_for() -> None:
    config = RunConfig(model=ModelConfig(dense=(DenseLayer(),)))
    for path in flatten(config):
        assert run_field(path).name == path
        assert path.rsplit(".", 1)[-1] in SETTINGS
    assert len(set(names())) == len(names())


def test_a_layer_that_is_not_there_has_no_value(runs: list[Run]) -> None:
    third = runs[0]
    assert run_field("blocks.2.filters").values(third) == (64,)
    assert run_field("blocks.3.filters").values(third) == ()
    assert run_field("filters").value(third) == "32, 64, 64"
    assert run_field("batch_norm").value(third) == "off, off, off"
    assert run_field("accuracy").value(third) is None


@pytest.mark.parametrize(
    ("name", "ascending", "descending"),
    [
        ("run", [1, 2, 3], [3, 2, 1]),
        ("accuracy", [1, 3, 2], [1, 3, 2]),
        ("val_accuracy", [2, 1, 3], [1, 2, 3]),
        ("best_val_loss", [2, 3, 1], [2, 3, 1]),
        ("learning_rate", [3, 1, 2], [2, 3, 1]),
        ("filters", [3, 1, 2], [2, 3, 1]),
        ("name", [1, 2, 3], [3, 2, 1]),
        ("tag", [1, 3, 2], [1, 3, 2]),
        ("created", [2, 1, 3], [3, 2, 1]),
    ],
)
def test_runs_are_sorted_by_any_fact(runs: list[Run], name: str, ascending: list[int], descending: list[int]) -> None:
    assert [run.id for run in in_order(runs, run_field(name), descending=False)] == ascending
    assert [run.id for run in in_order(runs, run_field(name), descending=True)] == descending


def test_only_the_settings_that_differ_are_offered(runs: list[Run]) -> None:
    third, second, first = runs
    assert differing([third, first]) == []
    assert differing([]) == []
    assert differing([third, second])[:3] == ["preset", "dataset", "filters"]
    assert "learning_rate" in differing(runs)


def test_times_without_a_zone_are_those_of_this_machine(runs: list[Run]) -> None:
    utc = NOON.astimezone(UTC)
    assert found(runs, f"created={utc:%Y-%m-%dT%H:%M}+00:00") == [2, 1]
