import json

import numpy as np
import plotly.graph_objects as go
import pytest
from sklearn.metrics import confusion_matrix, recall_score

from cnn_dash.plots.confusion import cell_of, confusion_info, confusion_plot, describe

DIGITS = [str(digit) for digit in range(10)]


def markers(figure: go.Figure) -> go.Scatter:
    (trace,) = (trace for trace in figure.data if trace.type == "scatter")
    return trace


def cells(figure: go.Figure) -> list[go.Heatmap]:
    return [trace for trace in figure.data if trace.type == "heatmap"]


def test_the_numbers_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    labels, predicted = rng.integers(0, 10, 500), rng.integers(0, 10, 500)
    info = confusion_info(labels, predicted, DIGITS)
    assert info.matrix.tolist() == confusion_matrix(labels, predicted).tolist()
    assert info.recall == pytest.approx(recall_score(labels, predicted, average=None))
    assert info.totals.tolist() == np.bincount(labels).tolist()
    assert info.count == 500
    assert info.mistakes == int((labels != predicted).sum())


def test_rows_are_actual_and_columns_predicted():
    info = confusion_info([2, 2, 0], [1, 2, 0], ["a", "b", "c"])
    assert info.matrix.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 1]]
    assert info.recall[[0, 2]].tolist() == [1.0, 0.5]
    assert np.isnan(info.recall[1])


def test_no_pictures_give_an_empty_matrix_and_a_plot():
    info = confusion_info([], [], DIGITS)
    assert info.matrix.shape == (10, 10)
    assert info.count == info.mistakes == 0
    assert np.isnan(info.recall).all()
    assert "".join("".join(row) for trace in cells(confusion_plot(info)) for row in trace.text) == ""
    assert describe(info) == "Confusion matrix without pictures."


@pytest.mark.parametrize(
    ("labels", "predicted", "received"),
    [([1, 2], [1], r"\(2,\) and \(1,\)"), ([0, 3], [0, 1], "classes 0 to 3"), ([0], [-1], "classes -1 to 0")],
)
def test_what_does_not_fit_together_is_refused(labels, predicted, received):
    with pytest.raises(ValueError, match=f"Received: .*{received}"):
        confusion_info(labels, predicted, ["a", "b", "c"])


def test_every_count_is_written_once_and_zero_is_not():
    figure = confusion_plot(confusion_info([0, 0, 1, 2, 2], [0, 1, 1, 1, 1], ["a", "b", "c"]))
    written = np.full((3, 3), "", dtype=object)
    for trace in cells(figure):
        written = written + np.array(trace.text, dtype=object)
    assert written.tolist() == [["1", "1", ""], ["", "1", ""], ["", "2", ""]]


def test_one_mistake_in_a_hundred_is_coloured_and_the_diagonal_is_on_another_scale():
    labels = np.repeat(np.arange(10), 100)
    predicted = labels.copy()
    predicted[700] = 1
    info = confusion_info(labels, predicted, DIGITS)
    _, right, wrong = cells(confusion_plot(info))
    assert np.argwhere(np.isfinite(np.array(wrong.z, dtype=float))).tolist() == [[7, 1]]
    assert wrong.z[7][1] / wrong.zmax > 0.5
    assert np.isfinite(np.array(right.z, dtype=float)).sum() == 10
    assert right.z[7][7] == pytest.approx(0.99)
    assert wrong.colorscale != right.colorscale


def test_hovering_speaks_in_sentences():
    info = confusion_info([7] * 98 + [1], [1] * 4 + [7] * 94 + [1], DIGITS)
    text = markers(confusion_plot(info)).text
    assert text[7 * 10 + 1] == "7 taken for 1: 4 of 98"
    assert text[7 * 10 + 7] == "7 recognised: 94 of 98"
    assert text[7 * 10 + 3] == "7 taken for 3: none of 98"


def test_a_click_on_a_cell_comes_back_as_actual_and_predicted():
    trace = markers(confusion_plot(confusion_info([0, 1], [1, 1], ["a", "b"])))
    sent = json.loads(json.dumps(trace.to_plotly_json()["customdata"]))  # arrays would not survive as lists
    point = next(index for index, (x, y) in enumerate(zip(trace.x, trace.y, strict=True)) if (x, y) == (1, 0))
    event = {"selection": {"points": [{"point_index": point, "customdata": sent[point]}], "box": [], "lasso": []}}
    assert cell_of(event) == (0, 1)


@pytest.mark.parametrize("event", [None, {}, {"selection": {"points": [], "box": []}}])
def test_no_click_is_no_cell(event):
    assert cell_of(event) is None


def test_many_classes_have_no_room_for_counts():
    info = confusion_info([0, 1], [0, 1], [str(number) for number in range(40)])
    assert all(trace.texttemplate is None for trace in cells(confusion_plot(info)))


def test_the_matrix_in_words():
    info = confusion_info([7] * 98 + [1] * 2, [1] * 4 + [7] * 94 + [1, 7], DIGITS)
    assert describe(info) == (
        "Confusion matrix of 100 pictures: 95 right (95.0 %), 5 wrong. Most frequent mistake: 7 taken for 1: 4 of 98."
    )
    assert describe(confusion_info([1], [1], DIGITS)) == "Confusion matrix of 1 picture: all recognised."
