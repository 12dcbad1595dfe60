import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_dash.datasets.splits import hold_out, permutation, validation_split
from cnn_dash.errors import ConfigError


@given(
    count=st.integers(100, 2000),
    fraction=st.floats(0.01, 0.5),
    seed=st.integers(0, 2**31 - 1),
)
def test_every_picture_is_in_exactly_one_split_and_the_same_seed_gives_the_same(count, fraction, seed):
    train, validation = validation_split(count, fraction, seed)
    assert sorted([*train, *validation]) == list(range(count))
    assert len(validation) == round(count * fraction)
    again = validation_split(count, fraction, seed)
    np.testing.assert_array_equal(train, again[0])
    np.testing.assert_array_equal(validation, again[1])


@pytest.mark.parametrize(
    ("count", "fraction", "expected"),
    [(60_000, 0.2, (48_000, 12_000)), (60_000, 0.1, (54_000, 6_000)), (4_000, 0.1, (3_600, 400)), (2, 0.5, (1, 1))],
)
def test_the_counts_of_the_articles_come_out_exactly(count, fraction, expected):
    train, validation = validation_split(count, fraction, seed=1)
    assert (len(train), len(validation)) == expected


def test_another_seed_gives_another_split():
    assert set(validation_split(1000, 0.2, 1)[1]) != set(validation_split(1000, 0.2, 2)[1])


@pytest.mark.parametrize("fraction", [0, -0.1, 1, 1.5, 0.001, 0.999, float("nan")])
def test_a_share_that_leaves_nothing_on_one_side_is_refused(fraction):
    with pytest.raises(ConfigError, match=r"Received: .* Allowed: "):
        validation_split(100, fraction, 1)


def test_the_order_is_the_one_it_has_always_been():
    # Recorded once: an update of NumPy that changes these numbers would change every run.
    assert permutation(10, 1).tolist() == [9, 2, 4, 7, 5, 0, 8, 6, 3, 1]


def test_held_out_pictures_are_the_same_every_time_and_equally_many_of_each_class():
    labels = np.repeat(np.arange(5, dtype=np.uint8), 20)
    rest, held = hold_out(labels, 25, 5)
    assert sorted([*rest, *held]) == list(range(100))
    assert np.bincount(labels[held]).tolist() == [5] * 5
    np.testing.assert_array_equal(held, hold_out(labels, 25, 5)[1])


def test_held_out_pictures_are_not_sorted_by_class():
    labels = np.repeat(np.arange(10, dtype=np.uint8), 100)
    rest, held = hold_out(labels, 200, 10)
    assert len(set(labels[held][:10])) > 3
    assert len(set(labels[rest][:10])) > 3
