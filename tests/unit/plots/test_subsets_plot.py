import pytest

from cnn_dash.plots.palette import BAD, GOOD
from cnn_dash.plots.subsets import GroupAccuracy, describe, subsets_info, subsets_plot

GROUPS = [GroupAccuracy("1–2", 50, 0.9, 0.8, 0.95, False), GroupAccuracy("2–3", 40, 0.5, 0.4, 0.6, True)]


def test_each_group_has_its_interval_and_one_that_falls_behind_another_mark():
    info = subsets_info("Size (pixels)", GROUPS, 0.85)
    good, behind = subsets_plot(info).data
    assert (list(good.x), list(good.y), list(behind.x), list(behind.y)) == ([0], [0.9], [1], [0.5])
    assert good.error_y.array == pytest.approx([0.05])
    assert behind.error_y.arrayminus == pytest.approx([0.1])
    assert (good.marker.color, behind.marker.color) == (GOOD, BAD)
    assert good.marker.symbol != behind.marker.symbol
    assert list(subsets_plot(info).layout.xaxis.ticktext) == ["1–2", "2–3"]


def test_the_groups_in_words():
    assert describe(subsets_info("Size (pixels)", GROUPS, 0.85)) == (
        "Accuracy by Size (pixels), 85.0 % of all images: 1–2 90.0 %; 2–3 50.0 % (falls behind)."
    )


def test_an_accuracy_outside_its_interval_is_refused():
    with pytest.raises(ValueError, match=r"Received: 0\.9"):
        subsets_info("Size", [GroupAccuracy("1", 5, 0.9, 0.1, 0.2, False)], 0.5)
