import pytest

from cnn_dash.training.metric_monitor import MetricMonitor


def followed(monitor: str, values: list[float | None], patience: int = 2) -> tuple[list[bool], MetricMonitor]:
    best = MetricMonitor(monitor, patience)
    return [best.update(epoch, value) for epoch, value in enumerate(values, start=1)], best


def test_a_loss_is_better_when_smaller() -> None:
    better, best = followed("val_loss", [3.0, 2.0, 2.0, 2.5, 1.0])
    assert better == [True, True, False, False, True]
    assert best.epoch == 5


@pytest.mark.parametrize("monitor", ["val_accuracy", "val_auc"])
def test_accuracy_and_auc_are_better_when_larger(monitor: str) -> None:
    better, best = followed(monitor, [0.5, 0.7, 0.6])
    assert better == [True, True, False]
    assert best.epoch == 2


def test_patience_is_counted_from_the_last_improvement() -> None:
    _, best = followed("val_loss", [3.0, 4.0])
    assert not best.exhausted
    best.update(3, 2.0)
    best.update(4, 2.0)
    assert not best.exhausted
    best.update(5, 9.0)
    assert best.exhausted
    best.reset_wait()
    assert not best.exhausted


def test_an_epoch_without_a_figure_is_never_better_than_one_with() -> None:
    better, best = followed("val_auc", [None, None, 0.1, None])
    assert better == [True, False, True, False]
    assert best.epoch == 3
