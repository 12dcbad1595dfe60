import numpy as np
import pytest

from cnn_dash.evaluation.disturbances import DISTURBANCES, disturb

BY_NAME = {one.name: one for one in DISTURBANCES}


def dot(bright: bool = True) -> np.ndarray:
    """A square of 6×6 in the middle of 21×21, slightly above it another pixel, to tell directions."""
    image = np.zeros((1, 21, 21, 1), np.uint8)
    image[0, 8:13, 8:13] = 255
    return image if bright else 255 - image


def photos(count: int = 5) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 16, 12, 3), dtype=np.uint8)


@pytest.mark.parametrize("one", DISTURBANCES, ids=lambda one: one.name)
def test_the_neutral_level_changes_nothing_and_every_other_does_and_twice_the_same(one):
    images = dot() if one.grey_only else photos()
    before = images.copy()
    assert one.neutral in one.levels
    assert list(one.levels) == sorted(one.levels)
    for level in one.levels:
        done = disturb(one, images, level)
        assert (done.dtype, done.shape) == (np.uint8, images.shape)
        np.testing.assert_array_equal(done, disturb(one, images, level))
        assert (done == images).all() == (level == one.neutral)
    np.testing.assert_array_equal(images, before)


def test_a_shift_moves_the_centre_of_the_ink_by_its_share_of_the_side():
    image = np.zeros((30, 100, 100, 1), np.uint8)
    image[:, 45:56, 45:56] = 255
    rows, columns = np.indices((100, 100))
    for done in disturb(BY_NAME["shift"], image, 16)[..., 0]:
        centre = (rows * done).sum() / done.sum() - 50, (columns * done).sum() / done.sum() - 50
        assert np.hypot(*centre) == pytest.approx(16, abs=0.3)


def test_a_turn_by_ninety_degrees_is_that_of_numpy():
    image = photos(1)[:, :12, :, :]
    (done,) = disturb(BY_NAME["rotation"], image, 90)
    assert any(np.abs(done.astype(int) - np.rot90(image[0], turn)).max() <= 1 for turn in (1, 3))


def test_half_the_size_has_a_quarter_of_the_ink():
    image = np.zeros((1, 64, 64, 1), np.uint8)
    image[0, 16:48, 16:48] = 255
    done = disturb(BY_NAME["scale"], image, 50)
    assert done.sum() / image.sum() == pytest.approx(0.25, rel=0.05)


@pytest.mark.parametrize("bright", [True, False])
@pytest.mark.parametrize(("level", "side"), [(-2, 3), (2, 7), (1, 6), (-1, 4)])
def test_strokes_get_wider_or_narrower_by_pixels_whatever_is_ink(bright, level, side):
    done = disturb(BY_NAME["stroke"], dot(bright), level)
    assert (done == (255 if bright else 0)).sum() == side**2


def test_noise_has_its_deviation_and_blur_keeps_the_mean():
    grey = np.full((4, 64, 64, 1), 128, np.uint8)
    assert disturb(BY_NAME["noise"], grey, 25).std() == pytest.approx(25, rel=0.05)
    image = np.zeros((1, 65, 65, 1), np.uint8)
    image[0, 30:35, 30:35] = 200
    assert disturb(BY_NAME["blur"], image, 2).mean() == pytest.approx(image.mean(), rel=0.1)


def test_contrast_is_about_the_mean_and_inversion_is_whole_at_the_end():
    image = photos(1)
    mean = image.mean()
    half = disturb(BY_NAME["contrast"], image, 50).astype(float)
    assert half == pytest.approx(mean + (image - mean) / 2, abs=0.51)
    np.testing.assert_array_equal(disturb(BY_NAME["inversion"], image, 100), 255 - image)
