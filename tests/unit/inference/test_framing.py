import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import center_of_mass

from cnn_dash.inference import CENTRED, Framing, framing_of
from cnn_dash.inference.framing import frame, ink_box

FASHION = Path("/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz")  # Debian's package


def blob(height: int, width: int) -> np.ndarray:
    """An L: its centre of mass is far from the centre of its box."""
    ink = np.zeros((height, width), np.float32)
    ink[:, : width // 5] = 1
    ink[-height // 5 :] = 1
    return ink


@pytest.mark.parametrize("part", ["x_train", "x_test"])
def test_mnist_shows_its_published_framing(mnist, part):
    framing = framing_of(mnist[part][..., None])

    assert (framing.longest_side, framing.centre) == (CENTRED.longest_side, CENTRED.centre)
    assert framing.stroke_px == pytest.approx(CENTRED.stroke_px, abs=0.4)


def test_kmnist_fills_its_frame(kmnist):
    framing = framing_of(kmnist[..., None])

    assert (framing.longest_side, framing.centre) == (28, "box")


@pytest.mark.skipif(not FASHION.exists(), reason="Debian's dataset-fashion-mnist is not installed")
def test_fashion_mnist_fills_its_frame_and_has_no_strokes():
    images = np.frombuffer(gzip.decompress(FASHION.read_bytes()), np.uint8, offset=16).reshape(-1, 28, 28, 1)

    framing = framing_of(images)

    assert (framing.longest_side, framing.centre) == (28, "box")
    assert framing.stroke_px[1] > 2 * 3  # a shirt is no stroke, and is not redrawn as one


def test_images_without_ink_show_nothing_so_mnist_s_framing_is_taken():
    assert framing_of(np.zeros((5, 28, 28, 1), np.uint8)) == CENTRED


@pytest.mark.parametrize("size", [20, 28, 32, 64])
def test_the_centre_of_mass_comes_to_the_middle(size):
    framed = frame(blob(150, 100), (size, size), CENTRED)

    top, left, bottom, right = ink_box(framed)
    assert bottom - top == round(20 * size / 28)
    assert center_of_mass(framed.astype(float)) == pytest.approx((size // 2, size // 2), abs=0.55)
    assert framed.dtype == np.uint8
    assert framed.max() == 255
    assert right - left == pytest.approx((bottom - top) / 1.5, abs=1)


def test_the_box_comes_to_the_middle():
    framed = frame(blob(150, 100), (28, 28), Framing(24, "box", (0.1, 28)))

    assert ink_box(framed) == (2, 6, 26, 22)


def test_no_ink_is_lost_where_the_centre_of_mass_asks_for_more_room():
    lopsided = np.zeros((200, 200), np.float32)
    lopsided[:, 180:] = 1
    lopsided[95:105] = 1

    framed = frame(lopsided, (28, 28), Framing(26, "mass", (0.1, 28)))

    assert ink_box(framed)[1::2] == (0, 26)
    assert framed.sum() / 255 == pytest.approx(lopsided.sum() * (26 / 200) ** 2, rel=0.05)


@pytest.mark.parametrize("pen_px", [1, 4, 60])
def test_every_pen_ends_as_a_usual_stroke(pen_px):
    line = np.ones((240, pen_px), np.float32)

    framed = frame(line, (28, 28), CENTRED)

    across = framed[14].sum() / 255
    assert CENTRED.stroke_px[0] - 0.4 <= across <= CENTRED.stroke_px[1] + 1.6


@pytest.mark.parametrize("seed", range(20))
def test_any_ink_can_be_framed(seed):
    rng = np.random.default_rng(seed)
    ink = rng.random(rng.integers(1, 60, 2)).astype(np.float32) ** rng.integers(1, 9)

    framed = frame(ink, (28, 28), CENTRED)

    assert framed.shape == (28, 28)
    assert framed.max() == 255


@pytest.mark.parametrize("shape", [(17, 40), (40, 17), (28, 28), (1, 9)])
@pytest.mark.parametrize("framing", [CENTRED, Framing(28, "box", (0.1, 28))], ids=["mass", "box"])
@pytest.mark.parametrize("drawn", [(150, 100), (20, 200), (200, 20)])
def test_ink_fits_a_frame_that_is_not_square(shape, framing, drawn):
    framed = frame(np.ones(drawn, np.float32), shape, framing)

    assert framed.shape == shape
    assert framed.max() == 255
    top, left, bottom, right = ink_box(framed)
    assert bottom - top <= shape[0]
    assert right - left <= shape[1]


def test_the_framing_of_wide_images_is_measured_along_their_longer_side():
    images = np.zeros((40, 17, 40, 1), np.uint8)
    images[:, 4:13, 10:30] = 255  # a box in the middle, half as wide as the image

    framing = framing_of(images)

    assert (framing.longest_side, framing.centre) == (14, "box")
    np.testing.assert_array_equal(frame(np.ones((9, 20), np.float32), (17, 40), framing), images[0, ..., 0])


def test_only_bright_ink_on_a_black_ground_has_a_framing():
    random = np.random.default_rng(0)
    colours = random.integers(0, 256, (20, 32, 32, 3), dtype=np.uint8)
    grey = random.integers(30, 256, (20, 32, 32, 1), dtype=np.uint8)
    scans = np.full((20, 28, 28, 1), 255, np.uint8)
    scans[:, 4:24, 13:15] = 0

    assert [framing_of(images) for images in (colours, grey, scans)] == [None, None, None]
