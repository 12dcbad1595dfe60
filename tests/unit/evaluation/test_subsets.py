from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binomtest

from cnn_dash.evaluation.subsets import subsets_by, wilson


@pytest.mark.parametrize(("successes", "count"), [(0, 5), (5, 5), (3, 7), (950, 1000)])
def test_the_interval_is_that_of_scipy(successes, count):
    reference = binomtest(successes, count).proportion_ci(method="wilson")
    assert wilson(successes, count) == pytest.approx((reference.low, reference.high))


def test_groups_are_of_about_the_same_size_and_each_image_is_in_one():
    values = np.random.default_rng(0).normal(size=1003)
    groups = subsets_by(values, np.zeros(1003, bool))
    assert sorted(np.concatenate([group.images for group in groups]).tolist()) == list(range(1003))
    assert all(195 <= len(group.images) <= 206 for group in groups)
    assert all(values[before.images].max() < values[after.images].min() for before, after in pairwise(groups))


def test_a_group_that_is_wrong_more_often_falls_behind_and_the_others_do_not():
    values = np.arange(1000.0)
    wrong = np.zeros(1000, bool)
    wrong[::50] = True
    wrong[900::3] = True
    groups = subsets_by(values, wrong)
    assert [group.behind for group in groups] == [False, False, False, False, True]
    assert groups[-1].accuracy == pytest.approx(1 - wrong[800:].mean())


def test_equal_values_stay_together_and_unknown_ones_are_in_no_group():
    values = np.array([1.0] * 10 + [2.0] * 10 + [np.nan] * 3)
    groups = subsets_by(values, np.zeros(23, bool))
    assert [(group.name, len(group.images)) for group in groups] == [("1", 10), ("2", 10)]
    assert subsets_by(np.full(3, np.nan), np.zeros(3, bool)) == []


def test_one_group_of_all_images_cannot_fall_behind():
    (group,) = subsets_by(np.ones(5), np.ones(5, bool))
    assert not group.behind
