import pytest

from cnn_dash.training.metric_sums import MetricSums


def test_two_stretches_add_up_and_the_means_go_by_pictures() -> None:
    both = MetricSums(6.0, 1, 2) + MetricSums(2.0, 5, 6, timed_images=6, seconds=0.5)
    assert both == MetricSums(8.0, 6, 8, timed_images=6, seconds=0.5)
    assert (both.loss, both.accuracy) == (1.0, 0.75)
    assert both.images_per_second == 12, "the pictures whose time was not taken do not count"


def test_nothing_added_changes_nothing() -> None:
    one = MetricSums(6.0, 1, 2, 2, 0.1)
    assert MetricSums() + one == one


@pytest.mark.parametrize("tally", [MetricSums(), MetricSums(6.0, 1, 2)])
def test_there_is_no_speed_without_a_time(tally: MetricSums) -> None:
    assert tally.images_per_second == 0
