"""What the live panel is told to draw of the metrics of a run."""

import json

from cnn_dash.api.live_charts import expected, live_charts
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from tests.factories import make_run


def lines(shown: dict, name: str) -> list[tuple[str, str, str]]:
    chart = next(one for one in shown["charts"] if one["name"] == name)
    return [(line["metric"], line["by"], line["label"]) for line in chart["lines"]]


def test_training_and_validation_share_a_plot_and_cpu_and_gpu_one() -> None:
    shown = live_charts({"loss", "learning_rate", "cpu", "gpu"}, {"loss", "val_loss", "learning_rate"})
    assert [(chart["name"], chart["title"]) for chart in shown["charts"]] == [
        ("loss", "Loss"),
        ("learning_rate", "Learning rate"),
        ("system/usage", "CPU and GPU"),
    ]
    assert lines(shown, "loss") == [
        ("loss", "step", "batches"),
        ("loss", "epoch", "training"),
        ("val_loss", "epoch", "validation"),
    ]
    assert lines(shown, "learning_rate") == [("learning_rate", "step", "learning rate")]
    assert lines(shown, "system/usage") == [("cpu", "step", "CPU"), ("gpu", "step", "GPU")]
    colors = [line["color"] for line in shown["charts"][-1]["lines"]]
    assert len(set(colors)) == 2


def test_metrics_that_nobody_declared_have_charts_of_their_own_behind_the_known_ones() -> None:
    shown = live_charts(set(), {"val_f1", "f1", "top5", "val_mae", "loss", "images_per_second"})
    assert [chart["name"] for chart in shown["charts"]] == ["loss", "f1", "mae", "top5"]
    assert lines(shown, "f1") == [("f1", "epoch", "training"), ("val_f1", "epoch", "validation")]
    assert shown["metrics"]["val_mae"]["direction"] == "min"
    assert shown["metrics"]["top5"]["direction"] == "max"


def test_the_numbers_above_are_of_each_chart_that_of_validation_or_else_of_training() -> None:
    assert live_charts(set(), {"loss", "val_loss", "val_f1"})["headline"] == ["val_loss", "val_f1"]
    assert live_charts(set(), {"loss", "val_loss", "f1", "mae"})["headline"] == ["val_loss", "f1", "mae"]
    assert live_charts(set(), {"loss", "f1", "learning_rate"})["headline"] == ["loss", "f1"]
    assert live_charts({"cpu"}, set())["headline"] == []


def test_an_axis_ends_at_one_where_no_value_can_be_larger() -> None:
    shown = live_charts({"cpu", "memory_bytes"}, {"val_auc", "accuracy", "loss", "f1"})
    assert {chart["name"] for chart in shown["charts"] if chart["bounded"]} == {"auc", "accuracy", "system/usage"}


def test_what_is_sent_is_json() -> None:
    json.dumps(live_charts({"loss", "cpu"}, {"val_auc", "größe"}), allow_nan=False)


def test_a_run_of_ours_has_its_charts_before_there_is_a_value(store: RunStore) -> None:
    steps, epochs = expected(make_run(store, Status.QUEUED))
    assert [chart["name"] for chart in live_charts(steps, epochs)["charts"]] == [
        "loss", "accuracy", "auc", "learning_rate", "system/usage", "system/memory",
    ]  # fmt: skip
    steps, epochs = expected(make_run(store, Status.FAILED))
    assert [chart["name"] for chart in live_charts(steps, epochs)["charts"]] == [
        "loss", "accuracy", "auc", "learning_rate",
    ]  # fmt: skip


def test_a_run_of_another_program_has_what_it_recorded(store: RunStore) -> None:
    run = store.record_external(Worker("w", 1, "elsewhere"))
    assert expected(run) == (frozenset(), frozenset())
    assert live_charts(*expected(run)) == {"metrics": {}, "headline": [], "charts": []}
