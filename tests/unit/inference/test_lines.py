"""Straight lines are found and taken out, and strokes stay whole."""

import cv2
import numpy as np
import pytest

from cnn_dash.inference.lines import find_lines, without

SIDE = 480


def seven(thickness: int = 12) -> np.ndarray:
    image = np.zeros((SIDE, SIDE), np.uint8)
    cv2.polylines(image, [np.array([(170, 150), (300, 150), (220, 340)])], False, 1, thickness)
    return image > 0


def ruled(pitch: int, slope: float = 0.0, width: int = 2, upright: bool = False) -> np.ndarray:
    image = np.zeros((SIDE, SIDE), np.uint8)
    for at in range(-SIDE, 2 * SIDE, pitch):
        cv2.line(image, (-10, at), (SIDE + 10, round(at + slope * (SIDE + 20))), 1, width)
    return (image.T if upright else image) > 0


STRENGTH = np.full((SIDE, SIDE), 0.8, np.float32)


@pytest.mark.parametrize("slope", [-0.08, -0.03, 0.0, 0.02, 0.07])
@pytest.mark.parametrize("width", [1, 2, 4])
def test_ruled_lines_are_found_at_any_small_slope(slope, width):
    lines = ruled(40, slope, width)

    found = find_lines(lines)

    assert (found.spanning & lines).sum() > 0.97 * lines.sum()


@pytest.mark.parametrize("pitch", [40, 24])
def test_squared_paper_goes_and_the_digit_stays(pitch):
    lines = ruled(pitch) | ruled(pitch, upright=True)
    digit = seven()
    ink = lines | digit

    found = find_lines(ink)
    left = without(ink, found.spanning | found.inner, np.where(digit, 0.8, 0.3).astype(np.float32))

    assert (left & digit).sum() > 0.97 * digit.sum()
    assert (left & ~digit).sum() < 0.03 * lines.sum()


def test_a_line_as_strong_as_the_pen_does_not_cut_the_strokes_that_cross_it():
    digit = seven()
    ink = digit | ruled(60)

    left = without(ink, find_lines(ink).spanning, STRENGTH)

    count, _ = cv2.connectedComponents((left & digit).astype(np.uint8))
    assert count == 2  # ground and one digit
    assert (left & digit).sum() > 0.93 * digit.sum()


def test_a_line_that_ends_within_the_picture_is_told_from_one_that_crosses_it():
    image = np.zeros((SIDE, SIDE), np.uint8)
    cv2.line(image, (150, 400), (320, 402), 1, 4)

    found = find_lines(image > 0)

    assert not found.spanning.any()
    assert (found.inner & (image > 0)).sum() > 0.9 * image.sum()


@pytest.mark.parametrize("thickness", [12, 24, 40])
def test_a_digit_alone_has_no_line_that_crosses_the_picture(thickness):
    assert not find_lines(seven(thickness)).spanning.any()


def test_pictures_smaller_than_a_line_have_none():
    assert not find_lines(np.ones((3, 3), bool)).spanning.any()
    assert not find_lines(np.ones((2, 900), bool)).inner.any()
