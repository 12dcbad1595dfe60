import pytest

from cnn_dash.plots.robustness import RobustnessLine, describe, robustness_info, robustness_plot
from cnn_dash.plots.run_marks import mark

LINES = [RobustnessLine("Run 1", 0, (0.9, 0.7)), RobustnessLine("Run 2", 1, (0.8, 0.85))]


def test_each_run_is_a_line_in_its_colour_over_the_levels():
    figure = robustness_plot(robustness_info("Blur", "pixels", [0, 2], 0, LINES))
    assert [(line.name, list(line.x), list(line.y)) for line in figure.data] == [
        ("Run 1", [0, 2], [0.9, 0.7]),
        ("Run 2", [0, 2], [0.8, 0.85]),
    ]
    assert [line.line.color for line in figure.data] == [mark(0).color, mark(1).color]
    (neutral,) = figure.layout.shapes
    assert neutral.x0 == neutral.x1 == 0


def test_the_curves_in_words():
    info = robustness_info("Blur", "pixels", [0, 2], 0, LINES)
    assert describe(info) == "Accuracy by Blur (pixels): Run 1 least at 2, 70.0 %; Run 2 least at 0, 80.0 %."


def test_a_line_without_an_accuracy_for_each_level_is_refused():
    with pytest.raises(ValueError, match="Received: 1 levels and 2 accuracies"):
        robustness_info("Blur", "pixels", [0], 0, LINES)
