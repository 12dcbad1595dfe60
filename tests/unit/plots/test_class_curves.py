import numpy as np
import pytest

from cnn_dash.plots.class_curves import ClassCurve, class_curves_info, class_curves_plot, describe


def curve(name: str, index: int, area: float) -> ClassCurve:
    return ClassCurve(name, index, np.array([0, 0.5, 1]), np.array([0, 0.9, 1]), area)


def test_each_class_is_a_line_with_its_name_and_guessing_is_dotted():
    figure = class_curves_plot(class_curves_info("roc", [curve("a<b", 0, 0.9), curve("c", 3, 0.8)]))
    guess, *lines = figure.data
    assert (list(guess.x), list(guess.y), guess.line.dash) == ([0, 1], [0, 1], "dot")
    assert [line.name for line in lines] == ["a&lt;b", "c"]
    assert [list(line.y) for line in lines] == [[0, 0.9, 1]] * 2
    assert len({line.line.color for line in lines}) == 2


def test_precision_and_recall_have_no_diagonal_and_steps():
    (line,) = class_curves_plot(class_curves_info("precision-recall", [curve("a", 0, 0.9)])).data
    assert line.line.shape == "vh"


def test_eleven_classes_can_be_told_apart():
    figure = class_curves_plot(class_curves_info("precision-recall", [curve(str(n), n, 0.5) for n in range(11)]))
    assert len({(line.line.color, line.line.dash) for line in figure.data}) == 11


def test_what_does_not_fit_together_is_refused():
    broken = ClassCurve("a", 0, np.zeros(3), np.zeros(2), 0.5)
    with pytest.raises(ValueError, match=r"Received: shapes \(3,\) and \(2,\)"):
        class_curves_info("roc", [broken])


def test_the_curves_in_words():
    info = class_curves_info("roc", [curve("a", 0, 0.9), curve("b", 1, 0.8125)])
    assert describe(info) == "ROC curves, area below: a 0.900, b 0.812."
    assert describe(class_curves_info("precision-recall", [])) == "Precision–recall curves of no class."
