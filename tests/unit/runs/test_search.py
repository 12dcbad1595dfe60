"""Runs by one line of text, and in the order of any of their fields."""

import math
from datetime import UTC, datetime, timedelta

import pytest

from cnn_dash import presets
from cnn_dash.config import DenseLayer, ModelConfig, RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.hyperparameters import flatten, override
from cnn_dash.runs.actions import edit, train_longer
from cnn_dash.runs.annotations import annotate
from cnn_dash.runs.field_names import SETTINGS, Fields
from cnn_dash.runs.metric_rows import write_epoch
from cnn_dash.runs.query import count, differing, fields_of, ids, sorted_by
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.schema import runs as runs_table
from cnn_dash.runs.search import condition
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from tests.factories import make_external_run

NOON = datetime(2026, 11, 24, 12, 0).astimezone()


def change(store: RunStore, run_id: int, **values: object) -> None:
    with store.transaction() as connection:
        connection.execute(runs_table.update().where(runs_table.c.id == run_id).values(values))


def record(store: RunStore, run_id: int, *epochs: dict[str, float]) -> None:
    with store.transaction() as connection:
        for number, metrics in enumerate(epochs, 1):
            write_epoch(connection, run_id, EpochMetrics(number, metrics, 1.0))


@pytest.fixture
def runs(store: RunStore) -> RunStore:
    """Three runs: a tested favourite, a failed one, one that waits."""
    small = override(presets.get("compact-valid").config(), {"train.learning_rate": 0.0003})
    wide = presets.get("rubikscode").config("kmnist")
    for config in (small, wide, small):
        store.create(config, parameters=9, multiply_adds=99)
    tested = {"test_accuracy": 0.985, "test_loss": 0.05, "best_epoch": 4, "seconds": 61.5, "epoch": 5}
    tested |= {"images_per_second": 3000.0, "weights_sha256": "0" * 64, "result_folder": "result-0001"}
    noon, later = NOON.timestamp(), (NOON + timedelta(hours=1)).timestamp()
    change(store, 1, status=Status.FINISHED, created_at=noon, ended_at=later, **tested)
    change(store, 2, status=Status.FAILED, created_at=noon, epoch=2)
    change(store, 3, created_at=(NOON + timedelta(days=1)).timestamp())
    annotate(store, 1, tags=["baseline", "two words"], favourite=True)
    annotate(store, 2, notes="Ran OUT of memory at 5%_")
    annotate(store, 3, title="Second try")
    record(store, 1, {"loss": 0.02, "accuracy": 0.99, "val_loss": 0.06, "val_accuracy": 0.97, "val_auc": 0.998})
    record(
        store,
        2,
        {"loss": 0.31, "accuracy": 0.89, "val_loss": 0.35, "val_accuracy": 0.89},
        {"loss": 0.3, "accuracy": 0.9, "val_loss": 0.4, "val_accuracy": 0.88},
    )
    return store


@pytest.fixture
def external(store: RunStore) -> RunStore:
    """Two runs of another program, with metrics and params of their own, and one of ours."""
    worker = Worker("w", 1, "host")
    params = {"lr": 0.01, "opt": {"name": "Lion"}, "amp": True, "loss": "mse", "layers": [1, 2], "Note!": "50%_a"}
    store.record_external(worker, params=params, title="Theirs")
    store.record_external(worker, params={"lr": "auto", "opt": {"name": "adam"}, "batch_size": 7})
    store.create(RunConfig(), parameters=9, multiply_adds=99)
    record(store, 1, {"f1": 0.5, "val_mae": 3.0, "loss": 1.0}, {"f1": 0.9, "val_mae": 2.0, "loss": math.inf})
    record(store, 2, {"f1": 0.95, "loss": 1.0}, {"f1": 0.7, "loss": math.nan})
    return store


def found(store: RunStore, text: str) -> list[int]:
    which = condition(text, fields_of(store))
    ids = [run.id for run in store.select(which)]
    assert count(store, which) == len(ids)
    return ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", [3, 2, 1]),
        ("   ", [3, 2, 1]),
        ('""', [3, 2, 1]),
        ("compact", [3, 1]),
        ("COMPACT", [3, 1]),
        ("second", [3]),
        ("kmnist", [2]),
        ("memory", [2]),
        ("out memory", [2]),
        ('"out of memory"', [2]),
        ('"memory out"', []),
        ("5%_", [2]),
        ("5_", []),
        ("5%o", []),
        ("#2", [2]),
        ("#22", []),
        ("#9999999999", []),
        ("favourite", [1]),
        ("favorite", [1]),
        ("favourite=off", [3, 2]),
        ("learning_rate>=0.001", [2]),
        ("learning_rate >= 0.001", [2]),
        ("learning_rate=3e-4", [3, 1]),
        ("train.learning_rate=0.0003", [3, 1]),
        ("lr=0.0003", [3, 1]),
        ("optimizer=adam", [2]),
        ("optimizer=ADAM,rmsprop", [3, 2, 1]),
        ("optimizer!=adam", [3, 1]),
        ("accuracy>0.98", [1]),
        ("accuracy>98%", [1]),
        ("accuracy>98 % baseline", [1]),
        ("accuracy<0.98", []),
        ("accuracy!=0.985", [3, 2]),
        ("test_accuracy=0.985", [1]),
        ("loss<=0.05", [1]),
        ("val_accuracy>=97%", [1]),
        ("val_accuracy<97%", [2]),
        ("last_val_accuracy<97%", [2]),
        ("best_val_accuracy>=89%", [2, 1]),
        ("val_loss<0.1 val_auc>0.99", [1]),
        ("auc>0.99", [1]),
        ("best_val_loss=0.35", [2]),
        ("train_accuracy>0.95", [1]),
        ("train_loss>0.1", [2]),
        ("best_train_loss=0.3", [2]),
        ("last_loss=0.3", [2]),
        ("ended>=2026-11-24T13:00", [1]),
        ("seconds>60", [1]),
        ("images_per_second>2000", [1]),
        ("epoch<3", [3, 2]),
        ("epoch>1.5", [2, 1]),
        ("epochs<10", [3, 1]),
        ("status=failed", [2]),
        ("status==queued,failed", [3, 2]),
        ("source=recipe", [3, 2, 1]),
        ("source=external", []),
        ("tag=baseline", [1]),
        ("tags=BASE*", [1]),
        ('tag="two words"', [1]),
        ("tag=two*", [1]),
        ("tag=bas_line", []),
        ("tag!=baseline", [3, 2]),
        ("name=second*", [3]),
        ("name=*TRY", [3]),
        ("preset=rubikscode", [2]),
        ("dataset=mnist-5k", [3, 1]),
        ("dataset=*mnist*", [3, 2, 1]),
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
        ("parameters<1e300", [3, 2, 1]),
        ("created>2026-11-24", [3]),
        ("created>=2026-11-24", [3, 2, 1]),
        ("created<=2026-11-24", [2, 1]),
        ("created=2026-11-24", [2, 1]),
        ("created<2026-11-24T12:00", []),
        ("created=2026-11-24T12:00", [2, 1]),
        ("run>1 run<3", [2]),
        ("compact status=finished", [1]),
        ('"a=b"', []),
        ("kmnist\0memory", [2]),
        ("'; DROP TABLE runs; --", []),
    ],
)
def test_a_search_finds_what_it_says(runs: RunStore, text: str, ids: list[int]) -> None:
    assert found(runs, text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("source=external", [2, 1]),
        ("f1>0.8", [1]),
        ("best_f1>92%", [2]),
        ("val_mae<=2", [1]),
        ("train_loss>1e300", [1]),
        ("train_loss<0", []),
        ("train_loss=nan", [2]),
        ("train_loss=inf,nan", [2, 1]),
        ("train_loss!=nan", [3, 1]),
        ("lr=0.01", [1]),
        ("lr=auto", [2]),
        ("learning_rate>0.005", [1]),
        ("learning_rate<=0.01", [3, 1]),
        ("opt.name=lion", [1]),
        ("amp=on", [1]),
        ("amp=off", []),
        ("params.loss=mse", [1]),
        ("layers=[1*", [1]),
        ("batch_size=7", [2]),
        ("batch_size!=7", [3, 1]),
        ("theirs", [1]),
        ("epoch=2", []),
        ("blocks=0", []),
    ],
)
def test_metrics_and_params_of_other_programs_are_searched_alike(external: RunStore, text: str, ids: list[int]) -> None:
    assert found(external, text) == ids


@pytest.mark.parametrize(
    ("text", "received", "allowed"),
    [
        ("lerning_rate>0.1", "'lerning_rate'", "Did you mean learning_rate?"),
        ("colour=red", "'colour'", "epochs"),
        ("f1>0.5", "'f1'", "epochs"),
        ("best_tag=a", "'best_tag'", ""),
        ("optimizer=adm", "'adm'", "adam, adamw"),
        ("optimizer>adam", "'>'", "optimizer=…"),
        ("status=over", "'over'", "finished"),
        ("source=mine", "'mine'", "recipe, external"),
        ("favourite=perhaps", "'perhaps'", "on or off"),
        ("epochs<ten", "'ten'", "a number"),
        ("epochs<nan", "'nan'", "a number"),
        ("epochs<1e999", "'1e999'", "a number"),
        ("accuracy>98", "'98'", "98%"),
        ("created>yesterday", "'yesterday'", "a day"),
        ("created>9999-12-31", "'9999-12-31'", "a day"),
        ("created>0001-01-01", "'0001-01-01'", "a day"),
        ("epochs<", "'epochs<'", "a sign and a value"),
        ("x" * 501, "501", "500"),
    ],
)
def test_what_cannot_be_understood_is_said(text: str, received: str, allowed: str) -> None:
    with pytest.raises(ConfigError) as caught:
        condition(text, Fields())
    assert received in str(caught.value)
    assert allowed in str(caught.value)


def test_every_setting_has_a_short_name_and_can_be_asked_for() -> None:
    config, fields = RunConfig(model=ModelConfig(dense=(DenseLayer(),))), Fields()
    for path in flatten(config):
        assert fields.field(path).name == path
        assert path.rsplit(".", 1)[-1] in SETTINGS
    names = fields.names()
    assert len(set(names)) == len(names)
    assert [fields.field(name).name for name in names] == list(names)


def test_names_of_other_programs_are_offered_and_never_hide_ours(external: RunStore) -> None:
    fields = fields_of(external)
    names = fields.names()
    assert {"f1", "best_f1", "val_mae", "opt.name", "amp", "params.loss"} <= set(names)
    assert len(set(names)) == len(names)
    run = external.run(1)
    assert fields.field("loss").label == "Test loss"
    assert fields.field("params.loss").value(run) == "mse"
    assert fields.field("best_f1").value(run) == 0.9
    assert fields.field("layers").value(run) == [1, 2]


def test_a_layer_that_is_not_there_has_no_value(runs: RunStore) -> None:
    third, fields = runs.run(3), Fields()
    assert fields.field("blocks.2.filters").values(third) == (64,)
    assert fields.field("blocks.3.filters").values(third) == ()
    assert fields.field("filters").value(third) == "32, 64, 64"
    assert fields.field("batch_norm").value(third) == "off, off, off"
    assert fields.field("accuracy").value(third) is None


def in_order(store: RunStore, name: str, *, descending: bool) -> list[int]:
    return [run.id for run in store.select(order=sorted_by(fields_of(store).field(name), descending=descending))]


@pytest.mark.parametrize(
    ("name", "ascending", "descending"),
    [
        ("run", [1, 2, 3], [3, 2, 1]),
        ("accuracy", [1, 3, 2], [1, 3, 2]),
        ("val_accuracy", [2, 1, 3], [1, 2, 3]),
        ("best_val_loss", [1, 2, 3], [2, 1, 3]),
        ("learning_rate", [3, 1, 2], [2, 3, 1]),
        ("filters", [3, 1, 2], [2, 3, 1]),
        ("name", [1, 2, 3], [3, 2, 1]),
        ("tag", [1, 3, 2], [1, 3, 2]),
        ("created", [2, 1, 3], [3, 2, 1]),
        ("favourite", [3, 2, 1], [1, 3, 2]),
        ("blocks", [3, 2, 1], [3, 2, 1]),
    ],
)
def test_runs_are_sorted_by_any_field(runs: RunStore, name: str, ascending: list[int], descending: list[int]) -> None:
    assert in_order(runs, name, descending=False) == ascending
    assert in_order(runs, name, descending=True) == descending


@pytest.mark.parametrize(
    ("name", "ascending", "descending"),
    [
        ("f1", [2, 1, 3], [1, 2, 3]),
        ("train_loss", [1, 3, 2], [1, 3, 2]),  # NaN counts as none, infinity does not
        ("learning_rate", [3, 1, 2], [2, 1, 3]),  # a number is smaller than a text
        ("opt.name", [2, 1, 3], [1, 2, 3]),
        ("blocks", [3, 2, 1], [3, 2, 1]),
    ],
)
def test_metrics_and_params_of_other_programs_sort(
    external: RunStore, name: str, ascending: list[int], descending: list[int]
) -> None:
    assert in_order(external, name, descending=False) == ascending
    assert in_order(external, name, descending=True) == descending


def test_a_page_is_cut_out_of_the_order(runs: RunStore) -> None:
    order = sorted_by(Fields().field("val_accuracy"), descending=True)
    pages = [[run.id for run in runs.select(order=order, limit=2, offset=offset)] for offset in (0, 2, 4)]
    assert pages == [[1, 2], [3], []]


def test_only_the_settings_that_differ_are_offered(runs: RunStore) -> None:
    fields = fields_of(runs)
    assert differing(runs, condition("compact", fields), fields) == []
    assert differing(runs, condition("nowhere", fields), fields) == []
    every = differing(runs, condition("", fields), fields)
    assert every[:3] == ["preset", "dataset", "filters"]
    assert "learning_rate" in every
    assert "seed" not in every


def test_params_that_differ_are_offered_too(external: RunStore) -> None:
    fields = fields_of(external)
    assert {"opt.name", "batch_size", "amp"} <= set(differing(external, condition("source=external", fields), fields))


def test_times_without_a_zone_are_those_of_this_machine(runs: RunStore) -> None:
    utc = NOON.astimezone(UTC)
    assert found(runs, f"created={utc:%Y-%m-%dT%H:%M}+00:00") == [2, 1]


def test_runs_in_the_trash_are_not_found(runs: RunStore) -> None:
    change(runs, 3, deleted_at=1.0)
    assert found(runs, "compact") == [1]


def test_settings_that_change_are_found_by_what_they_are_now(store: RunStore) -> None:
    store.create(RunConfig(), parameters=9, multiply_adds=99)
    edit(store, 1, override(RunConfig(), {"train.batch_size": 7}), parameters=9, multiply_adds=99)
    assert (found(store, "batch_size=7"), found(store, "batch_size=64")) == ([1], [])
    change(store, 1, status=Status.FINISHED, epoch=5)
    train_longer(store, 1, 3)
    assert found(store, "epochs=8") == [1]


def test_a_param_with_the_name_of_a_field_is_found_by_its_prefix_which_an_error_names(store: RunStore) -> None:
    run = make_external_run(store, [], params={"accuracy": "high", "status": "x", "Seed": 3}).run
    fields = fields_of(store)
    for text in ("params.accuracy=high", "params.status=x", "params.seed=3", "params.status!=y"):
        assert ids(store, condition(text, fields)) == [run.id], text
    for text in ("accuracy=high", "status=x"):
        with pytest.raises(ConfigError, match=f"The param of another program: params.{text}."):
            condition(text, fields)
    with pytest.raises(ConfigError) as refused:
        condition("loss=high", fields)
    assert "params." not in str(refused.value)
