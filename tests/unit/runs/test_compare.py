import math

import pytest

from cnn_dash.config import RunConfig
from cnn_dash.hyperparameters import override
from cnn_dash.presets import get
from cnn_dash.runs.compare import Result, Value, best_epoch, differences, results
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import EpochMetrics, TestResult
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore, Worker
from tests.factories import epoch_metrics


def epoch(number, *, loss=0.5, accuracy=0.8, val_loss=0.4, val_accuracy=0.9, val_auc=0.99, seconds=2.0):
    return epoch_metrics(number, loss, accuracy, val_loss, val_accuracy, val_auc, 0.001, seconds, 3000.0)


def changed(**changes):
    return override(RunConfig(), {path.replace("__", "."): value for path, value in changes.items()})


def runs_of(store: RunStore, configs):
    return [store.create(config, parameters=10, multiply_adds=100) for config in configs]


def test_only_what_differs_in_the_order_in_which_one_reads(store: RunStore):
    configs = [
        changed(train__learning_rate=0.01, model__blocks__0__filters=8),
        changed(data__dataset="mnist"),
        changed(train__learning_rate=0.01),
    ]
    assert [(one.path, one.values) for one in differences(runs_of(store, configs))] == [
        ("data.dataset", ("mnist-5k", "mnist", "mnist-5k")),
        ("model.blocks.0.filters", (8, 32, 32)),
        ("train.learning_rate", (0.01, 0.001, 0.01)),
    ]


def test_a_layer_that_only_one_has_differs_and_stands_where_it_belongs(store: RunStore):
    small, large = get("compact-valid").config(), RunConfig(preset="compact-valid")
    found = {one.path: one.values for one in differences(runs_of(store, [large, small]))}
    assert found["model.blocks.1.filters"] == (None, 64)
    assert found["model.dense.0.units"] == (None, 64)
    paths = list(found)
    assert paths.index("model.blocks.1.filters") < paths.index("model.blocks.2.filters")
    assert paths.index("model.blocks.2.dropout") < paths.index("model.dense.0.units")
    assert paths.index("model.dense.0.units") < paths.index("train.optimizer")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_equal_runs_do_not_differ(store: RunStore, count):
    assert differences(runs_of(store, [RunConfig()] * count)) == []


def test_the_params_of_other_programs_stand_behind_our_settings(store: RunStore, worker: Worker):
    (ours,) = runs_of(store, [RunConfig()])
    theirs = [
        store.record_external(worker, params={"lr": lr, "model": {"depth": 3}, "layers": [1, 2]}) for lr in (0.1, 0.2)
    ]
    assert [(one.path, one.values) for one in differences(theirs)] == [("lr", (0.1, 0.2))]
    found = {one.path: one.values for one in differences([ours, *theirs])}
    assert list(found)[-2:] == ["layers", "model.depth"]
    assert found["model.depth"] == (None, 3, 3)


def test_a_param_that_is_called_like_a_setting_is_in_its_row_and_before_what_only_one_source_has(
    store: RunStore, worker: Worker
):
    (ours,) = runs_of(store, [RunConfig()])
    theirs = store.record_external(
        worker,
        params={"optim": {"LR": 0.1}, "batch_size": 64, "seed": 7, "filters": 3, "epochs": 5, "hidden": 8, "": 1},
    )
    rows = differences([ours, theirs])
    assert [(row.path, row.values) for row in rows if row.only is None] == [
        ("model.blocks.0.filters", (32, 3)),
        ("train.learning_rate", (0.001, 0.1)),
        ("train.seed", (1, 7)),
    ]
    assert {row.path for row in rows if row.only is Source.EXTERNAL} == {"hidden", ""}
    assert "train.momentum" in {row.path for row in rows if row.only is Source.RECIPE}
    assert [row.only for row in rows] == sorted((row.only for row in rows), key=[None, *Source].index)


def test_a_param_that_may_mean_several_settings_has_a_row_of_its_own(store: RunStore, worker: Worker):
    ours = runs_of(store, [get("compact-valid").config()])[0]  # three blocks with filters
    theirs = store.record_external(
        worker, params={"filters": 3, "a": {"lr": 1}, "b": {"lr": 2}, "stages": "x", "train": {"momentum": 0.5}}
    )
    found = {row.path: (row.values, row.only) for row in differences([ours, theirs])}
    for path, value in (("filters", 3), ("a.lr", 1), ("b.lr", 2), ("stages", "x")):
        assert found[path] == ((None, value), Source.EXTERNAL)
    assert found["train.momentum"] == ((0.9, 0.5), None)


@pytest.mark.parametrize(("monitor", "best"), [("val_loss", 2), ("val_accuracy", 1), ("val_auc", 3)])
def test_the_monitored_metric_says_which_epoch_was_best_and_the_first_wins(
    store: RunStore, worker: Worker, monitor: str, best: int
):
    run = store.create(changed(train__monitor=monitor), parameters=10, multiply_adds=100)
    assert best_epoch(run) is None
    record(
        store,
        worker,
        epoch(1, val_loss=0.5, val_accuracy=0.9, val_auc=None),
        epoch(2, val_loss=0.3, val_accuracy=0.9, val_auc=0.8),
        epoch(3, val_loss=0.3, val_accuracy=0.8, val_auc=0.9),
    )
    assert best_epoch(store.run(run.id)) == best


def record(store: RunStore, worker: Worker, *epochs):
    lease = Lease.claim(store, worker)
    for one in epochs:
        lease.log_epoch(one)


def by_name(found):
    return {(one.name, one.which): one for one in found}


def results_of(store: RunStore, *run_ids: int):
    runs = [store.run(run_id) for run_id in run_ids]
    return by_name(results(runs, [store.epochs(run_id) for run_id in run_ids]))


def test_best_and_last_with_their_epochs(lease: Lease):
    for one in (epoch(1, val_accuracy=0.95, loss=0.1), epoch(2, val_accuracy=0.9, val_auc=None, loss=0.2)):
        lease.log_epoch(one)
    rows = results_of(lease.store, 1)
    assert rows["val_accuracy", "best"].values == (Value(0.95, 1),)
    assert rows["val_accuracy", "last"].values == (Value(0.9),)
    assert rows["loss", "best"].values == (Value(0.1, 1),)
    assert rows["loss", "last"].values == (Value(0.2),)
    assert rows["val_auc", "best"].values == (Value(0.99, 1),)
    assert rows["val_auc", "last"].values == (Value(0.99),)  # the last that there is
    assert rows["seconds", None].values == (Value(4.0),)
    assert rows["test_accuracy", None].values == (None,)
    assert rows["parameters", None].values == (Value(10),)
    assert not {name for name, _ in rows} & {"learning_rate", "cpu"}, "no run is judged by them"


def test_runs_are_compared_by_all_metrics_that_any_of_them_has(store: RunStore, worker: Worker):
    for metrics in ({"f1": 0.5, "loss": 0.4}, {"val_mae": 2.0, "loss": 0.3, "note": 1.0}):
        run = store.record_external(worker)
        Lease(store, run).log_epoch(EpochMetrics(1, metrics))
    rows = results_of(store, 1, 2)
    assert rows["f1", "best"].values == (Value(0.5, 1), None)
    assert rows["val_mae", "last"].values == (None, Value(2.0))
    assert rows["loss", "best"].best() == {1}
    assert ("note", "last") in rows
    assert ("note", "best") not in rows, "nobody knows which way is better"
    assert rows["seconds", None].values == (None, None)


def test_a_run_without_epochs_and_one_that_has_finished(store: RunStore, worker: Worker):
    for _ in range(2):
        store.create(RunConfig(), parameters=10, multiply_adds=100)
    lease = Lease.claim(store, worker)
    assert lease is not None
    lease.log_epoch(epoch(1))
    lease.end(Status.FINISHED, result=TestResult(0.97, 0.1, 1, 12.5, 2900.0, "0" * 64, "."))
    runs = [store.run(2), store.run(1)]
    rows = by_name(results(runs, [store.epochs(2), store.epochs(1)]))
    assert rows["test_accuracy", None].values == (None, Value(0.97))
    assert rows["test_loss", None].values == (None, Value(0.1))
    assert rows["val_loss", "best"].values == (None, Value(0.4, 1))
    assert rows["epochs", None].values == (Value(0), Value(1))
    assert rows["seconds", None].values == (None, Value(12.5))
    assert rows["images_per_second", None].values == (None, Value(2900.0))


def test_values_that_are_no_numbers_are_not_the_best(lease: Lease):
    for one in (epoch(1, val_loss=math.nan), epoch(2, val_loss=0.4), epoch(3, val_loss=math.inf)):
        lease.log_epoch(one)
    rows = results_of(lease.store, 1)
    assert rows["val_loss", "best"].values == (Value(0.4, 2),)
    assert rows["val_loss", "last"].values == (Value(math.inf),)
    values = (Value(math.nan), Value(0.5), Value(0.4))
    assert Result("x", "last", "min", values).best() == {2}
    infinite = (Value(-math.inf), Value(0.5), Value(0.4), Value(math.inf))
    assert Result("x", "last", "min", infinite).best() == {2}
    assert Result("x", "last", "max", infinite).best() == {1}


def test_without_runs_there_are_rows_without_values():
    assert {one.values for one in results([], [])} == {()}


@pytest.mark.parametrize(
    ("direction", "numbers", "best"),
    [
        ("max", [0.1, 0.3, 0.2], {1}),
        ("min", [0.1, 0.3, 0.2], {0}),
        ("max", [0.3, None, 0.3, 0.2], {0, 2}),
        ("max", [0.3, 0.3], set()),
        ("max", [None, 0.3], set()),
        ("min", [], set()),
        (None, [1, 2], set()),
    ],
)
def test_the_best_of_a_row(direction, numbers, best):
    values = tuple(None if number is None else Value(number) for number in numbers)
    assert Result("x", None, direction, values).best() == best
