from math import comb

import numpy as np
import pytest

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.paired import compare, disagreements
from cnn_dash.evaluation.report import Report


def report(predicted: list[int], labels: list[int], confidence: float | list[float] = 0.9) -> Report:
    p = np.zeros((len(labels), 3), np.float32)
    p[np.arange(len(labels)), predicted] = confidence
    return Report(np.array(labels, np.int64), p)


def exact(only_first: int, only_second: int) -> float:
    """The two-sided binomial test of a fair coin, as it is defined."""
    n, least = only_first + only_second, min(only_first, only_second)
    return min(1.0, 2 * sum(comb(n, one) for one in range(least + 1)) / 2**n)


@pytest.mark.parametrize(("only_first", "only_second"), [(0, 1), (2, 9), (5, 5), (30, 12)])
def test_the_p_value_is_that_of_the_exact_binomial_test(only_first, only_second):
    labels = [0] * (only_first + only_second + 4)
    first = report([0] * only_first + [1] * only_second + [0, 0, 0, 1], labels)
    second = report([1] * only_first + [0] * only_second + [0, 0, 0, 2], labels)
    found = compare(first, second)
    assert (found.both, found.only_first, found.only_second, found.neither) == (3, only_first, only_second, 1)
    assert found.p_value == pytest.approx(exact(only_first, only_second))
    assert found.difference == pytest.approx((only_second - only_first) / len(labels))
    assert found.may_be_chance == (found.p_value >= 0.05)


def test_the_interval_of_the_difference_holds_in_19_of_20_trials():
    random, held = np.random.default_rng(0), 0
    for _ in range(400):
        labels = np.zeros(500, np.int64)
        hard = random.random(500) < 0.3
        first = report(list((hard & (random.random(500) < 0.6)).astype(int)), list(labels))
        second = report(list((hard & (random.random(500) < 0.5)).astype(int)), list(labels))
        low, high = compare(first, second).interval
        held += low <= 0.03 <= high
    assert 0.92 < held / 400 < 0.98


def test_two_networks_that_agree_differ_by_nothing():
    same = report([0, 1], [0, 0])
    found = compare(same, same)
    assert (found.p_value, found.difference, found.interval) == (1, 0, (0, 0))


def test_disagreements_come_with_the_surest_first():
    labels = [0, 0, 0, 0, 0]
    first = report([0, 0, 1, 1, 1], labels, [0.5, 0.9, 0.6, 0.6, 0.6])
    second = report([1, 1, 0, 2, 1], labels)
    assert disagreements(first, second, "only first").tolist() == [1, 0]
    assert disagreements(first, second, "only second").tolist() == [2]
    assert disagreements(first, second, "both wrong").tolist() == [3]


@pytest.mark.parametrize("labels", [[0, 1], [0, 1, 1]])
def test_runs_on_other_images_are_refused(labels):
    with pytest.raises(StoreError, match="not tested on the same images"):
        compare(report([0, 0], [0, 0]), report([0] * len(labels), labels))


def test_images_whose_label_was_corrected_in_between_are_left_out():
    first = report([0, 0, 0, 1, 1, 1], [0, 0, 0, 0, 0, 1])
    second = report([0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 0, 2])
    found = compare(first, second)
    assert (found.count, found.only_second, found.neither) == (5, 1, 1)
    assert disagreements(first, second, "only first").tolist() == []
    assert disagreements(first, second, "corrected").tolist() == [5]
    assert disagreements(first, second, "only second").tolist() == [3]


def test_no_images_are_nothing_to_compare():
    with pytest.raises(StoreError, match="no test images"):
        compare(report([], []), report([], []))
