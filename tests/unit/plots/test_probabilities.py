import numpy as np
import pytest

from cnn_dash.plots.probabilities import bars, describe, probability_info


def test_the_answer_is_the_most_probable_class():
    info = probability_info(np.array([0.0123, 0.9834, 0.0043], dtype=np.float32), ["a", "b", "c"])
    assert info.answer == 1
    assert info.labels == ("1.2 %", "98.3 %", "0.4 %")
    assert info.probabilities == pytest.approx((0.0123, 0.9834, 0.0043))


def test_near_certainty_is_not_certainty():
    assert probability_info([0.9996, 0.0004], ["a", "b"]).labels == (">99.9 %", "<0.1 %")


def test_a_broken_network_gives_no_answer():
    info = probability_info([np.nan, 0.5], ["a", "b"])
    assert (info.answer, info.probabilities, info.labels) == (None, (0.0, 0.0), ("–", "–"))
    assert describe(info) == "Class probabilities: the network gave none."


def test_no_classes_give_no_answer():
    assert probability_info([], []).answer is None


@pytest.mark.parametrize("probabilities", [[0.5, 0.5], [[0.2, 0.3, 0.5]]])
def test_one_probability_for_each_class_is_required(probabilities):
    with pytest.raises(ValueError, match=r"3 classes\. Received: shape"):
        probability_info(probabilities, ["a", "b", "c"])


def test_the_answer_in_words():
    info = probability_info([0.004, 0.983, 0.013], ["0", "7", "1"])
    assert describe(info) == "Predicted 7, 98.3 %. Next: 1, 1.3 %."
    assert describe(probability_info([1.0], ["a"])) == "Predicted a, >99.9 %."


@pytest.mark.parametrize("classes", [1, 2, 10])
def test_few_classes_keep_their_order(classes):
    values = np.random.default_rng(0).dirichlet(np.ones(classes))
    rows = bars(probability_info(values, [f"class {number}" for number in range(classes)]))
    assert [row.name for row in rows] == [f"class {number}" for number in range(classes)]
    assert [row.is_answer for row in rows] == [place == values.argmax() for place in range(classes)]


@pytest.mark.parametrize("classes", [11, 300, 1000])
def test_of_many_classes_the_ten_most_probable_are_left_and_the_sum_of_the_others(classes):
    values = np.random.default_rng(0).dirichlet(np.full(classes, 0.1))
    rows = bars(probability_info(values, [f"class {number}" for number in range(classes)]))
    best = np.argsort(-values)
    assert [row.name for row in rows[:10]] == [f"class {place}" for place in best[:10]]
    assert [row.is_answer for row in rows] == [True] + 10 * [False]
    assert rows[10].name == ("1 other" if classes == 11 else f"{classes - 10:,} others")
    assert sum(row.probability for row in rows) == pytest.approx(1)


def test_the_bars_of_a_broken_network_are_empty():
    rows = bars(probability_info([np.nan] * 300, [str(number) for number in range(300)]))
    assert {(row.probability, row.label, row.is_answer) for row in rows} == {(0.0, "–", False)}
