import numpy as np
import pytest

from cnn_dash.figures.layout import MAX_POINTS, percent, thinned


def test_a_short_line_keeps_every_point():
    assert thinned(np.arange(500.0)).tolist() == list(range(500))
    assert thinned(np.empty(0)).tolist() == []


def test_a_long_line_keeps_ends_and_extremes():
    values = np.random.default_rng(0).normal(size=20_000)
    values[[777, 12_345]] = 50, -50
    kept = thinned(values)
    assert len(kept) <= MAX_POINTS
    assert {0, 777, 12_345, 19_999} <= set(kept.tolist())
    assert (np.diff(kept) > 0).all()


@pytest.mark.parametrize("count", [5, 501, 502, 999, 1000])
@pytest.mark.parametrize("limit", [4, 5, 500])
def test_the_limit_holds_for_awkward_lengths(count, limit):
    assert len(thinned(np.random.default_rng(count).random(count), limit)) <= max(limit, 4)


def test_gaps_do_not_hide_the_extremes():
    values = np.full(5_000, np.nan)
    values[[1_000, 1_001]] = 3, -3
    assert {0, 1_000, 1_001, 4_999} == set(thinned(values).tolist())


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "<0.1 %"),
        (0.00099, "<0.1 %"),
        (0.001, "0.1 %"),
        (0.9834, "98.3 %"),
        (0.999, "99.9 %"),
        (0.9996, ">99.9 %"),
        (1.0, ">99.9 %"),
    ],
)
def test_per_cent_never_claims_certainty(share, text):
    assert percent(share) == text
