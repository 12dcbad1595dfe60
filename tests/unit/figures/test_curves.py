import math
from dataclasses import dataclass

import numpy as np
import pytest

from cnn_dash.figures.curves import curve_figure, curve_info, describe
from cnn_dash.figures.palette import TRAIN, VALIDATION


@dataclass(frozen=True)
class Record:
    epoch: int
    loss: float | None = None
    accuracy: float | None = None
    val_loss: float | None = None
    val_accuracy: float | None = None
    val_auc: float | None = None
    learning_rate: float | None = None


RUN = [
    Record(3, 0.2, 0.96, 0.35, 0.93, 0.99, 0.001),
    Record(1, 0.9, 0.7, 0.8, 0.75, 0.95, 0.003),
    Record(2, 0.4, 0.9, 0.3, 0.93, 0.995, 0.002),
]


@pytest.mark.parametrize(
    ("metric", "train", "validation", "best"),
    [
        ("loss", [0.9, 0.4, 0.2], [0.8, 0.3, 0.35], 1),
        ("accuracy", [0.7, 0.9, 0.96], [0.75, 0.93, 0.93], 1),  # the first of equals
        ("auc", [math.nan] * 3, [0.95, 0.995, 0.99], 1),
        ("learning_rate", [0.003, 0.002, 0.001], [math.nan] * 3, None),
    ],
)
def test_the_numbers_come_in_the_order_of_epochs(metric, train, validation, best):
    info = curve_info(RUN, metric)
    assert info.epochs.tolist() == [1, 2, 3]
    np.testing.assert_array_equal(info.train, train)
    np.testing.assert_array_equal(info.validation, validation)
    assert info.best == best


def test_the_best_epoch_has_a_ring():
    figure = curve_figure(curve_info(RUN, "loss"))
    assert [trace.name for trace in figure.data] == ["training", "validation", "best: epoch 2"]
    assert (list(figure.data[2].x), list(figure.data[2].y)) == ([2], [0.3])
    assert [trace.line.color for trace in figure.data[:2]] == [TRAIN, VALIDATION]
    assert figure.data[0].line.dash != figure.data[1].line.dash


def test_accuracy_is_shown_in_per_cent_and_the_axis_ends_at_100():
    figure = curve_figure(curve_info([Record(1, accuracy=0.5, val_accuracy=1.0)], "accuracy"))
    assert (list(figure.data[0].y), list(figure.data[1].y)) == ([50.0], [100.0])
    low, high = figure.layout.yaxis.range
    assert 0 <= low < 50
    assert 100 < high < 101


def test_a_single_epoch_is_a_visible_point():
    figure = curve_figure(curve_info(RUN[:1], "loss"))
    assert "markers" in figure.data[0].mode
    assert figure.layout.xaxis.range == (2.5, 3.5)


def test_a_failed_run_ends_where_its_numbers_end():
    records = [Record(1, 2.0, val_loss=1.5), Record(2, math.inf, val_loss=math.nan), Record(3)]
    info = curve_info(records, "loss")
    np.testing.assert_array_equal(info.train, [2.0, math.nan, math.nan])
    assert info.best == 0
    assert np.isfinite(curve_figure(info).layout.yaxis.range).all()
    assert describe(info) == (
        "Over 3 epochs: training loss from 2.0000 to 2.0000, validation loss from 1.5000 to 1.5000. "
        "Best: 1.5000 in epoch 1."
    )


@pytest.mark.parametrize("records", [[], [Record(1), Record(2)]])
@pytest.mark.parametrize(("metric", "name"), [("loss", "loss"), ("auc", "AUC"), ("learning_rate", "learning rate")])
def test_nothing_recorded_says_so(records, metric, name):
    info = curve_info(records, metric)
    assert info.best is None
    figure = curve_figure(info)
    assert not figure.data
    assert figure.layout.annotations[0].text == describe(info) == f"No {name} was recorded."


def test_training_without_validation_has_no_best_epoch():
    figure = curve_figure(curve_info([Record(1, 0.5), Record(2, 0.4)], "loss"))
    assert [trace.name for trace in figure.data] == ["training"]


def test_a_very_long_run_stays_light_and_keeps_its_best_epoch():
    losses = np.random.default_rng(1).random(3_000) + 1
    losses[1_234] = 0.1
    records = [Record(epoch, 1.0, val_loss=float(loss)) for epoch, loss in enumerate(losses, start=1)]
    figure = curve_figure(curve_info(records, "loss"))
    assert max(len(trace.x) for trace in figure.data) <= 500
    assert 1_235 in figure.data[1].x
    assert list(figure.data[2].x) == [1_235]


@pytest.mark.parametrize(("epochs", "step"), [(1, 1), (5, 1), (9, 1), (10, 2), (20, 5), (80, 10), (1_000, 200)])
def test_epoch_ticks_are_whole_and_few(epochs, step):
    records = [Record(epoch, 0.5) for epoch in range(1, epochs + 1)]
    assert curve_figure(curve_info(records, "loss")).layout.xaxis.dtick == step


def test_curves_in_words():
    assert describe(curve_info(RUN, "accuracy")) == (
        "Over 3 epochs: training accuracy from 70.00 % to 96.00 %, validation accuracy from 75.00 % to 93.00 %. "
        "Best: 93.00 % in epoch 2."
    )
    assert describe(curve_info(RUN[:1], "learning_rate")) == "Over 1 epoch: learning rate from 0.001 to 0.001."
