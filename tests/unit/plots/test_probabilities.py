import numpy as np
import pytest

from cnn_dash.plots.probabilities import describe, probability_info


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
    assert describe(info) == "Probabilities of the classes: the network gave no answer."


def test_no_classes_give_no_answer():
    assert probability_info([], []).answer is None


@pytest.mark.parametrize("probabilities", [[0.5, 0.5], [[0.2, 0.3, 0.5]]])
def test_one_probability_for_each_class_is_required(probabilities):
    with pytest.raises(ValueError, match=r"3 classes\. Received: shape"):
        probability_info(probabilities, ["a", "b", "c"])


def test_the_answer_in_words():
    info = probability_info([0.004, 0.983, 0.013], ["0", "7", "1"])
    assert describe(info) == "The answer is 7, 98.3 %. Next comes 1, 1.3 %."
    assert describe(probability_info([1.0], ["a"])) == "The answer is a, >99.9 %."
