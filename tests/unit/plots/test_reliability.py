import numpy as np
import pytest

from cnn_dash.plots import coverage
from cnn_dash.plots.reliability import LARGEST_PX, describe, reliability_info, reliability_line, reliability_plot


def test_bins_without_images_are_left_out_and_the_area_of_a_point_is_its_images():
    line = reliability_line("as trained", [0.1, np.nan, 0.9], [0.2, np.nan, 0.8], [100, 0, 400], 0.1)
    diagonal, drawn = reliability_plot(reliability_info(line)).data
    assert list(diagonal.x) == list(diagonal.y) == [0, 1]
    assert (list(drawn.x), list(drawn.y)) == ([0.1, 0.9], [0.2, 0.8])
    assert list(drawn.marker.size) == [LARGEST_PX / 2, LARGEST_PX]


def test_before_and_after_are_told_apart_by_colour_and_mark_and_named():
    line = reliability_line("as trained", [0.5], [0.5], [1], 0.0396)
    after = reliability_line("temperature-scaled", [0.5], [0.5], [1], 0.0288)
    figure = reliability_plot(reliability_info(line, after))
    _, first, second = figure.data
    assert first.line.color != second.line.color
    assert first.marker.symbol != second.marker.symbol
    assert figure.layout.showlegend
    assert not reliability_plot(reliability_info(line)).layout.showlegend
    assert describe(reliability_info(line, after)) == (
        "Reliability diagram: accuracy against confidence. Expected calibration error: as trained 4.0 %, "
        "temperature-scaled 2.9 %."
    )


def test_bins_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match=r"Received: shapes \(2,\), \(1,\) and \(1,\)"):
        reliability_line("a", [1, 2], [1], [1], 0)


def test_accuracy_by_share_kept_is_drawn_and_said():
    info = coverage.coverage_info([0.25, 0.5, 1], [1, 0.9, 0.8], [0.99, 0.9, 0.3])
    (line,) = coverage.coverage_plot(info).data
    assert (list(line.x), list(line.y), list(line.customdata)) == ([0.25, 0.5, 1], [1, 0.9, 0.8], [0.99, 0.9, 0.3])
    assert coverage.describe(info) == (
        "Accuracy against the share of predictions kept: 80.0 % of all, 90.0 % of the 50% with the largest confidence."
    )
    assert "no predictions" in coverage.describe(coverage.coverage_info([], [], []))
    with pytest.raises(ValueError, match="Received: shapes"):
        coverage.coverage_info([1], [], [])
