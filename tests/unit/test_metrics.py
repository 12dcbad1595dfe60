"""The registry of metrics: what is declared, and what a name tells."""

import math
import re
from pathlib import Path

import pytest

from cnn_dash.config import Monitor
from cnn_dash.metrics import DECLARED, Format, charts, in_reading_order, metric

NAN, INF = math.nan, math.inf
PACKAGE = Path(__file__).parents[2] / "cnn_dash"


@pytest.mark.parametrize(
    ("name", "direction", "part", "chart"),
    [
        ("val_loss", "min", "validation", "loss"),
        ("accuracy", "max", "train", "accuracy"),
        ("learning_rate", None, None, "learning_rate"),
        ("val_f1", "max", "validation", "f1"),
        ("test_top_5_accuracy", "max", "test", "top_5_accuracy"),
        ("val_mae", "min", "validation", "mae"),
        ("output_a_loss", "min", "train", "output_a_loss"),
        ("val_", None, "train", "val_"),
        ("lossless", None, "train", "lossless"),
        ("gradient/norm", None, "train", "gradient/norm"),
    ],
)
def test_a_name_tells_direction_part_and_chart(name, direction, part, chart):
    found = metric(name)
    assert (found.direction, found.part, found.chart) == (direction, part, chart)


@pytest.mark.parametrize(
    ("direction", "value", "than", "better"),
    [
        ("loss", 0.1, None, True), ("loss", NAN, None, False), ("loss", 0.1, NAN, True), ("loss", 0.1, 0.1, False),
        ("loss", -INF, 0.1, False), ("accuracy", INF, 0.9, False), ("accuracy", INF, None, False),
        ("loss", 0.1, -INF, True), ("accuracy", 0.9, INF, True), ("accuracy", NAN, INF, False),
        ("note", 1.0, None, False),
    ],
)  # fmt: skip
def test_any_number_is_better_than_none_and_nan_and_infinity_never_are(direction, value, than, better):
    assert metric(direction).better(value, than) is better


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("val_accuracy", 0.98724, "98.72 %"), ("loss", 0.04212, "0.0421"), ("learning_rate", 0.0003, "0.0003"),
        ("images_per_second", 12345.6, "12,346"), ("memory_bytes", 412e6, "412 MB"), ("f1", NAN, "NaN"),
        ("learning_rate", 1e-7, "1e-7"), ("learning_rate", 0.00012345, "0.000123"), ("learning_rate", 1234.5, "1230"),
        ("loss", 999_999.4, "999999.4000"), ("loss", 1.23449e9, "1.234e+9"), ("loss", -1.7e308, "-1.700e+308"),
        ("accuracy", 1e300, "1.000e+302 %"), ("images_per_second", 2.5e9, "2,500,000,000"),
        ("images_per_second", 1e300, "1.000e+300"), ("memory_bytes", 1e300, "1.000e+294 MB"),
        ("loss", INF, "∞"), ("loss", -INF, "−∞"), ("loss", None, "–"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_its_metric_is(name, value, text):
    assert metric(name).text(value) == text


def test_the_declared_ones_come_first_and_a_validation_metric_behind_its_own():
    names = ["zebra", "val_f1", "f1", "gpu", "val_loss", "loss", "loss", "alpha"]
    assert in_reading_order(names) == ["loss", "val_loss", "gpu", "alpha", "f1", "val_f1", "zebra"]


def test_a_chart_is_called_by_what_it_measures():
    titles = {chart.name: chart.title for chart in charts(["val_loss", "gpu", "val_f1", "f1", "val_auc"])}
    assert titles == {"loss": "Loss", "auc": "AUC (macro, one-vs-rest)", "system/usage": "GPU", "f1": "f1"}
    assert charts(["cpu", "gpu"])[0].title == "CPU and GPU"
    assert charts(["images_per_second"]) == []


@pytest.mark.parametrize("name", ["mae", "val_mae", "Top 5 (strict)", "gradient/norm", "val_", "AUC_weighted"])
def test_a_metric_that_is_not_declared_is_called_as_it_was_recorded(name):
    assert (metric(name).label, metric(name).phrase) == (name, name)


def test_a_declared_metric_has_a_name_for_a_sentence():
    phrases = [metric(name).phrase for name in ("val_loss", "val_auc", "cpu", "learning_rate")]
    assert phrases == ["validation loss", "validation AUC", "CPU", "learning rate"]


def test_a_metric_that_is_called_like_the_chart_of_the_machine_has_a_chart_of_its_own():
    shown = charts(["cpu", "memory_bytes", "usage", "val_memory"])
    assert [[one.name for one in chart.metrics] for chart in shown] == [
        ["cpu"], ["memory_bytes"], ["val_memory"], ["usage"],
    ]  # fmt: skip


def test_what_can_be_monitored_has_a_direction():
    assert all(metric(name).direction for name in Monitor.__args__)


def test_metrics_of_one_chart_are_written_alike():
    for chart in charts(DECLARED):
        assert {(one.format, one.unit) for one in chart.metrics} == {(chart.format, chart.unit)}
        assert chart.format in Format


# What is not about metrics: where the largest or smallest is taken of something else, and what older versions did.
_OTHER_MEANINGS = ("migrations/versions/", "config/network.py", "models/")


def test_the_direction_of_a_metric_is_said_once():
    """A text "max" or "min" may be compared with a direction, but no other module gives one to a metric."""
    sources = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.js")]
    spelled = re.compile(r"""(?<!== )(?<!\()["'](max|min)["']""")
    found = [
        f"{file.relative_to(PACKAGE)}: {line.strip()}"
        for file in sources
        if file != PACKAGE / "metrics.py" and not any(part in file.as_posix() for part in _OTHER_MEANINGS)
        for line in file.read_text("utf-8").splitlines()
        if spelled.search(line)
    ]
    assert found == []
