import numpy as np
import pytest
from PIL import Image

from cnn_dash.inference.strokes import stroke_width, widen


@pytest.mark.parametrize("width", [2, 6, 20])
def test_width_of_a_long_bar(width):
    bar = np.zeros((300, 60), np.float32)
    bar[20:280, 20 : 20 + width] = 1

    assert stroke_width(bar) == pytest.approx(2 * 260 * width / (2 * (260 + width)), rel=0.02)


def test_width_of_a_soft_bar_is_that_of_its_ink():
    bar = np.zeros((300, 60), np.float32)
    bar[:, 20:27] = [0.25, 0.75, 1, 1, 1, 0.75, 0.25]

    assert stroke_width(bar) == pytest.approx(5, rel=0.03)


def test_no_ink_has_no_width():
    assert stroke_width(np.zeros((5, 5), np.float32)) == 0


@pytest.mark.parametrize(("by_px", "width"), [(6, 16), (-4, 6), (0, 10), (0.9, 10)])
def test_strokes_are_redrawn_wider_or_narrower(by_px, width):
    bar = np.zeros((100, 60), np.uint8)
    bar[:, 20:30] = 255

    redrawn = np.asarray(widen(Image.fromarray(bar), by_px))

    assert (redrawn[50] == 255).sum() == width
