"""The generator that the benchmark of drawn digits stands on."""

import numpy as np
import pytest


def test_drawings_vary_in_place_size_and_pen_but_not_in_the_digit(drawn, seven):
    rng = np.random.default_rng(2)
    drawings = [drawn.drawing(seven, rng) for _ in range(30)]
    boxes = [(rows.min(), np.ptp(rows) + 1) for rows in (np.flatnonzero((one < 128).any(1)) for one in drawings)]

    assert all(one.shape == (280, 280) and one.dtype == np.uint8 for one in drawings)
    assert len({top for top, _ in boxes}) > 20
    assert min(height for _, height in boxes) < 120
    assert max(height for _, height in boxes) > 230


def test_both_inks_are_each_other_turned_over(drawn, seven):
    dark, bright = (drawn.drawing(seven, np.random.default_rng(4), 0.5, ink) for ink in (False, True))

    np.testing.assert_array_equal(dark, 255 - bright)
    assert dark[0, 0] == 255


def test_pens_differ_in_the_ink_they_leave(drawn, seven):
    ink = [int(drawn.enlarge(seven, 200, pen).sum()) for pen in sorted(drawn.STROKES.values())]

    assert ink == sorted(ink)
    assert ink[-1] > 2 * ink[0]


def test_a_thin_pen_does_not_break_the_digit_away(drawn, seven):
    assert drawn.enlarge(seven, 200, -5.0).sum() > 0.4 * drawn.enlarge(seven, 200).sum()


def test_a_perfect_reader_scores_full_and_a_blind_one_by_chance(drawn, seven):
    digits, labels = np.stack([seven] * 16), np.full(16, 7)
    perfect = drawn.accuracy_of(lambda x: np.eye(10)[[7] * len(x)], digits, labels)
    blind = drawn.accuracy_of(lambda x: np.eye(10)[[0] * len(x)], digits[..., None], labels)

    assert (perfect.accuracy, perfect.plain_accuracy, perfect.gap) == (1, 1, 0)
    assert set(perfect.by) == {f"{ink}, {pen}" for ink in ("black on white", "white on black") for pen in drawn.STROKES}
    assert blind.accuracy == 0


def test_the_gap_is_what_drawing_costs(drawn, seven):
    def knows_only_the_plain_digit(pictures):
        plain = (pictures[..., 0] == seven).all((1, 2))
        return np.eye(10)[np.where(plain, 7, 0)]

    assert drawn.accuracy_of(knows_only_the_plain_digit, np.stack([seven] * 8), np.full(8, 7)).gap == 1


def test_a_blank_picture_counts_as_misread_not_as_an_error(drawn):
    assert not drawn.prepared([np.zeros((280, 280), np.uint8)]).any()


def test_a_photo_is_unevenly_lit_and_noisy(drawn, seven):
    photo = np.asarray(drawn.photo(seven, np.random.default_rng(1)).convert("L")).astype(float)

    assert photo.shape == (900, 1200)
    assert np.ptp([photo[:50, :50].mean(), photo[:50, -50:].mean(), photo[-50:, :50].mean()]) > 30
    assert photo[:20, :20].std() == pytest.approx(4, abs=3)
