import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest
from sklearn.metrics import confusion_matrix, recall_score

from cnn_dash.plots.confusion import (
    MAX_MISTAKE_CELLS,
    ConfusedPair,
    ConfusionInfo,
    cell_of,
    confused_pairs,
    confusion_info,
    confusion_plot,
    describe,
    left_out,
)

DIGITS = [str(digit) for digit in range(10)]


def markers(figure: go.Figure) -> go.Scatter:
    (trace,) = (trace for trace in figure.data if trace.type == "scatter")
    return trace


def hover_text(info: ConfusionInfo, true: int, predicted: int) -> str:
    """What the browser makes of the template: the names of both classes are the texts of the axes' ticks."""
    figure = confusion_plot(info)
    (trace,) = (t for t in figure.data if t.type == "scatter" and (true, predicted) in places(t))
    count, total = trace.customdata[places(trace).index((true, predicted))]
    template = trace.hovertemplate.replace(":,}", "}").replace("<extra></extra>", "")
    for name, value in (
        ("%{x}", figure.layout.xaxis.ticktext[predicted]),
        ("%{y}", figure.layout.yaxis.ticktext[true]),
        ("%{customdata[0]}", str(count)),
        ("%{customdata[1]}", str(total)),
    ):
        template = template.replace(name, value)
    return template


def places(trace: go.Scatter) -> list[tuple[int, int]]:
    return [(int(y), int(x)) for x, y in zip(trace.x, trace.y, strict=True)]


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


def test_rows_are_true_and_columns_predicted_classes():
    info = confusion_info([2, 2, 0], [1, 2, 0], ["a", "b", "c"])
    assert info.matrix.tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 1]]
    assert info.recall[[0, 2]].tolist() == [1.0, 0.5]
    assert np.isnan(info.recall[1])


def test_no_images_give_an_empty_matrix_and_a_plot():
    info = confusion_info([], [], DIGITS)
    assert info.matrix.shape == (10, 10)
    assert info.count == info.mistakes == 0
    assert np.isnan(info.recall).all()
    assert "".join("".join(row) for trace in cells(confusion_plot(info)) for row in trace.text) == ""
    assert describe(info) == "Confusion matrix without images."


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
    assert hover_text(info, 7, 1) == "7 predicted as 1: 4 of 98"
    assert hover_text(info, 7, 7) == "7 predicted as 7: 94 of 98"
    assert hover_text(info, 7, 3) == "7 predicted as 3: 0 of 98"


def test_a_click_on_a_cell_comes_back_as_true_and_predicted_class():
    event = {"selection": {"points": [{"point_index": 1, "x": 1, "y": 0}], "box": [], "lasso": []}}
    assert cell_of(event) == (0, 1)


@pytest.mark.parametrize("event", [None, {}, {"selection": {"points": [], "box": []}}])
def test_no_click_is_no_cell(event):
    assert cell_of(event) is None


def test_many_classes_have_no_room_for_counts():
    info = confusion_info([0, 1], [0, 1], [str(number) for number in range(40)])
    assert all(trace.texttemplate is None for trace in cells(confusion_plot(info)))


def guessed(classes: int, count: int) -> ConfusionInfo:
    random = np.random.default_rng(0)
    labels = random.integers(0, classes, count)
    predicted = np.where(random.random(count) < 0.6, labels, random.integers(0, classes, count))
    return confusion_info(labels, predicted, [f"a class of the name {number}" for number in range(classes)])


@pytest.mark.parametrize("classes", [2, 10, 40, 300, 1000])
def test_what_is_sent_to_the_browser_stays_small(classes):
    sent = plotly.io.to_json(confusion_plot(guessed(classes, 50_000)), validate=False)
    assert len(sent) < 500_000


@pytest.mark.parametrize("classes", [2, 10, 40])
def test_each_cell_of_few_classes_can_be_clicked(classes):
    trace = markers(confusion_plot(guessed(classes, 100)))
    assert sorted(places(trace)) == [(true, predicted) for true in range(classes) for predicted in range(classes)]


@pytest.mark.parametrize("classes", [41, 300, 1000])
def test_each_cell_with_something_in_it_can_be_clicked_whatever_the_number_of_classes(classes):
    info = guessed(classes, 5_000)
    figure = confusion_plot(info)
    drawn = [place for trace in figure.data for place in places(trace)]
    assert sorted(drawn) == [tuple(place) for place in np.argwhere(info.matrix).tolist()]
    assert not cells(figure)
    assert left_out(info) == 0
    (true, predicted), count = drawn[-1], info.matrix[drawn[-1]]
    assert hover_text(info, true, predicted) == (
        f"a class of the name {true} predicted as a class of the name {predicted}: {count} of {info.totals[true]}"
    )


def test_of_very_many_mistakes_the_most_frequent_are_drawn():
    labels, predicted = np.repeat(np.arange(200), 100), np.tile(np.arange(100), 200) + 50
    info = confusion_info([*labels, 3, 3], [*predicted, 199, 199], [str(number) for number in range(200)])
    wrong = confusion_plot(info).data[-1]
    assert len(wrong.x) == MAX_MISTAKE_CELLS
    assert (3, 199) in places(wrong)
    assert left_out(info) == np.count_nonzero(info.matrix - np.diag(np.diagonal(info.matrix))) - MAX_MISTAKE_CELLS


def test_the_matrix_in_words():
    info = confusion_info([7] * 98 + [1] * 2, [1] * 4 + [7] * 94 + [1, 7], DIGITS)
    assert describe(info) == (
        "Confusion matrix of 100 images: 95 correct (95.0 %), 5 wrong. "
        "Most frequent mistake: 7 predicted as 1, 4 of 98."
    )
    assert describe(confusion_info([1], [1], DIGITS)) == "Confusion matrix of 1 image: all correct."


def texts(figure: go.Figure) -> list[list[str]]:
    written = np.full(np.shape(cells(figure)[0].text), "", dtype=object)
    for trace in cells(figure):
        written = written + np.array(trace.text, dtype=object)
    return written.tolist()


def test_cells_tell_their_share_of_the_row_or_of_the_column_in_per_cent():
    info = confusion_info([0] * 200 + [1] * 4, [0] * 199 + [1] + [1] * 3 + [0], ["a", "b"])
    assert texts(confusion_plot(info, "rows")) == [["100", "0.5"], ["25", "75"]]
    assert texts(confusion_plot(info, "columns")) == [["100", "25"], ["0.5", "75"]]


def test_a_mistake_of_a_hundred_is_darker_than_one_of_ten_and_that_than_one_by_the_logarithm():
    labels = np.repeat(np.arange(4), 1000)
    predicted = labels.copy()
    predicted[:1], predicted[1000:1010], predicted[2000:2100] = 1, 2, 3
    wrong = np.array(cells(confusion_plot(confusion_info(labels, predicted, list("abcd"))))[2].z, dtype=float)
    one, ten, hundred = wrong[0, 1], wrong[1, 2], wrong[2, 3]
    assert 0.1 < one < ten < hundred == 1
    assert hundred - ten == pytest.approx(np.log(101 / 11) / np.log(101))


def test_by_column_hovering_tells_of_all_that_were_predicted_as_the_class():
    info = confusion_info([7] * 98 + [1], [1] * 4 + [7] * 94 + [1], DIGITS)
    figure = confusion_plot(info, "columns")
    trace = markers(figure)
    assert trace.customdata[places(trace).index((7, 1))].tolist() == [4, 5]
    assert trace.hovertemplate.startswith("Answer %{x}, in truth %{y}: ")


def test_a_cell_that_was_chosen_elsewhere_has_a_frame():
    (frame,) = confusion_plot(confusion_info([0, 1], [0, 1], DIGITS), chosen=(7, 1)).layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, 6.5, 7.5)
    assert not confusion_plot(confusion_info([0, 1], [0, 1], DIGITS)).layout.shapes


def test_the_most_confused_pairs_come_with_the_most_images_first():
    info = confusion_info([0] * 10 + [1] * 4 + [2] * 2, [0] * 8 + [1, 1] + [1, 1, 2, 2] + [2, 0], ["a", "b", "c"])
    assert confused_pairs(info, 2) == [ConfusedPair(1, 2, 2, 0.5), ConfusedPair(0, 1, 2, 0.2)]
    assert confused_pairs(info, 9)[2:] == [ConfusedPair(2, 0, 1, 0.5)]
    assert confused_pairs(confusion_info([0, 1], [0, 1], ["a", "b"]), 5) == []


def test_beside_another_matrix_the_same_shade_is_the_same_number_of_images():
    labels = np.zeros(1000, np.int64)
    few, many = ((np.arange(1000) < count).astype(np.int64) for count in (30, 300))
    first, second = (confusion_info(labels, predicted, ["a", "b"]) for predicted in (few, many))

    def shade(figure: go.Figure) -> float:
        return float(cells(figure)[2].z[0][1])

    assert shade(confusion_plot(first)) == shade(confusion_plot(second)) == 1
    assert shade(confusion_plot(second, beside=first)) == 1
    assert 0.5 < shade(confusion_plot(first, beside=second)) < 0.9


def test_a_class_name_is_no_markup():
    figure = confusion_plot(confusion_info([0, 1], [0, 0], ["<b>a</b>", "b"]))
    assert list(figure.layout.xaxis.ticktext) == ["&lt;b&gt;a&lt;/b&gt;", "b"]
