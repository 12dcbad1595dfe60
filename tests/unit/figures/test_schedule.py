import numpy as np
import pytest

from cnn_dash.figures.schedule import describe, schedule_figure, schedule_info


def test_steps_are_placed_in_epochs():
    info = schedule_info([0.1, 0.2, 0.3, 0.2], steps_per_epoch=2)
    assert info.epochs.tolist() == [0, 0.5, 1, 1.5]
    assert info.rates.tolist() == [0.1, 0.2, 0.3, 0.2]
    assert info.steps == 4


def test_a_long_schedule_keeps_its_ends_and_its_peak():
    rates = np.concatenate([np.linspace(0, 1, 3_001), np.linspace(1, 0.1, 57_000)])
    info = schedule_info(rates.tolist(), steps_per_epoch=937)
    assert len(info.epochs) == len(info.rates) <= 500
    assert (info.rates[0], info.rates.max(), info.rates[-1]) == (0, 1, pytest.approx(0.1))
    assert info.epochs[-1] == pytest.approx(60_000 / 937)
    assert info.steps == 60_001


def test_a_constant_rate_is_drawn_on_an_axis_from_zero():
    info = schedule_info([0.001] * 10, 5)
    assert schedule_figure(info).layout.yaxis.range == pytest.approx((0, 0.0011))
    assert describe(info) == "Learning rate 0.001 throughout 10 steps."


def test_no_steps_say_so():
    info = schedule_info([], 5)
    assert info.rates.tolist() == []
    assert schedule_figure(info).layout.annotations[0].text == "No steps to plan."
    assert describe(info) == "Learning rate of a run without steps."


def test_a_single_step_is_a_point():
    assert schedule_figure(schedule_info([0.01], 1)).data[0].mode == "markers"


def test_an_epoch_without_steps_is_refused():
    with pytest.raises(ValueError, match="Received: steps_per_epoch=0"):
        schedule_info([0.1], 0)


def test_the_schedule_in_words():
    assert describe(schedule_info([0.001, 0.01, 0.0005, 0.002], 2)) == (
        "Learning rate over 4 steps: starts at 0.001, is 0.01 at its highest and 0.0005 at its lowest, ends at 0.002."
    )
