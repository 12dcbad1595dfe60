import pytest

from cnn_dash.plots.schedule import describe, schedule_info, schedule_plot


def test_places_and_rates_are_kept():
    info = schedule_info([0, 0.5, 1, 1.5], [0.1, 0.2, 0.3, 0.2])
    line = schedule_plot(info).data[0]
    assert list(line.x) == [0, 0.5, 1, 1.5]
    assert list(line.y) == [0.1, 0.2, 0.3, 0.2]


def test_a_constant_rate_is_drawn_on_an_axis_from_zero():
    info = schedule_info([0, 5], [0.001, 0.001])
    assert schedule_plot(info).layout.yaxis.range == pytest.approx((0, 0.0011))
    assert describe(info) == "Learning rate 0.001 throughout 5 epochs."


@pytest.mark.parametrize(("places", "rates"), [([], []), ([0, 1], [0.1])])
def test_places_without_rates_are_refused(places, rates):
    with pytest.raises(ValueError, match="Received: "):
        schedule_info(places, rates)


def test_the_schedule_in_words():
    assert describe(schedule_info([0, 1, 2, 3], [0.001, 0.01, 0.0005, 0.002])) == (
        "Learning rate over 3 epochs: starts at 0.001, is 0.01 at its highest and 0.0005 at its lowest, ends at 0.002."
    )
