import math

import pytest

from cnn_dash.config import Schedule, TrainConfig
from cnn_dash.training.schedule import learning_rate

PEAK = 0.4


def config(schedule: Schedule, **more: object) -> TrainConfig:
    return TrainConfig.model_validate({"schedule": schedule, "learning_rate": PEAK, "epochs": 10, **more})


def rates(train: TrainConfig, batches: int) -> list[float]:
    """The rate of every step of a run with so many batches an epoch."""
    return [learning_rate(train, step / batches) for step in range(train.epochs * batches)]


def test_constant_is_constant() -> None:
    assert set(rates(config("constant"), 7)) == {PEAK}


def test_cosine_falls_from_the_peak_over_its_half_to_zero() -> None:
    train = config("cosine")
    assert learning_rate(train, 0) == PEAK
    assert learning_rate(train, 2.5) == pytest.approx(PEAK * (1 + math.sqrt(0.5)) / 2)
    assert learning_rate(train, 5) == pytest.approx(PEAK / 2)
    assert learning_rate(train, 10) == pytest.approx(0, abs=1e-12)
    steps = rates(train, 9)
    assert steps == sorted(steps, reverse=True)
    assert min(steps) > 0


def test_cosine_begins_where_the_warm_up_ends() -> None:
    train = config("cosine", warmup_epochs=2)
    assert learning_rate(train, 2) == PEAK
    assert learning_rate(train, 6) == pytest.approx(PEAK / 2)
    assert learning_rate(train, 10) == pytest.approx(0, abs=1e-12)


def test_one_cycle_climbs_for_three_tenths_and_ends_far_below_its_start() -> None:
    train = config("one_cycle")
    assert learning_rate(train, 0) == pytest.approx(PEAK / 25)
    assert learning_rate(train, 3) == pytest.approx(PEAK)
    assert learning_rate(train, 10) == pytest.approx(PEAK / 10_000)
    steps = rates(train, 10)
    assert steps[:31] == sorted(steps[:31])
    assert steps[30:] == sorted(steps[30:], reverse=True)
    assert max(steps) == pytest.approx(PEAK)


def test_one_cycle_has_no_second_warm_up() -> None:
    assert rates(config("one_cycle", warmup_epochs=5), 3) == rates(config("one_cycle"), 3)


def test_step_drops_by_the_factor_at_whole_epochs() -> None:
    train = config("step", step_every=3, step_factor=0.5)
    by_epoch = [learning_rate(train, epoch) / PEAK for epoch in range(10)]
    assert by_epoch == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]
    assert learning_rate(train, 3 - 1e-9) == PEAK


def test_a_plateau_drops_when_told_to_and_never_to_nothing() -> None:
    train = config("reduce_on_plateau", step_factor=0.1)
    assert learning_rate(train, 5) == PEAK
    assert learning_rate(train, 5, drops=2) == pytest.approx(PEAK * 0.01)
    assert learning_rate(train, 5, drops=50) == pytest.approx(PEAK * 1e-3)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "step", "reduce_on_plateau"])
def test_a_warm_up_climbs_evenly_and_then_lets_go(schedule: Schedule) -> None:
    train = config(schedule, warmup_epochs=2, step_every=10)
    assert learning_rate(train, 0) == pytest.approx(PEAK * 1e-3)
    assert learning_rate(train, 1) == pytest.approx(PEAK / 2)
    assert learning_rate(train, 2) == pytest.approx(PEAK)
    climb = rates(train, 8)[:17]
    assert climb == sorted(climb)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle", "step", "reduce_on_plateau"])
@pytest.mark.parametrize("warmup", [0, 0.5, 10, 50])
def test_every_rate_of_a_run_is_positive_and_at_most_the_peak(schedule: Schedule, warmup: float) -> None:
    steps = rates(config(schedule, warmup_epochs=warmup), 7)
    assert len(steps) == 70
    assert all(0 < rate <= PEAK * (1 + 1e-12) for rate in steps)


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle", "step", "reduce_on_plateau"])
def test_the_stages_of_a_run_that_was_trained_longer_keep_their_plans(schedule: Schedule) -> None:
    first = config(schedule)
    longer = first.longer(7, 12)  # it had stopped early, after 7 of 10 epochs
    assert rates(longer, 9)[: 7 * 9] == rates(first, 9)[: 7 * 9]
    assert rates(longer, 9)[7 * 9 :] == rates(config(schedule, epochs=12), 9)[7 * 9 :]
    assert rates(longer.longer(12, 20), 9)[: 12 * 9] == rates(longer, 9)
