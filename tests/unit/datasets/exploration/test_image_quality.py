import numpy as np
import pytest

from cnn_dash.datasets.exploration import image_quality as quality
from cnn_dash.datasets.exploration.class_images import class_images
from cnn_dash.datasets.exploration.positions import labels
from tests.unit.datasets.exploration.made import blobs, made, noise


def test_the_numbers_are_those_of_numpy():
    images = noise(6, (9, 8, 3))
    data = made(images[:4], [0, 1, 0, 1], images[4:], [0, 1])
    mean = class_images(data).mean
    found = quality.image_quality(data, mean)
    grey = images @ [0.299, 0.587, 0.114]
    np.testing.assert_allclose(found.brightness, grey.mean(axis=(1, 2)), rtol=1e-4)
    np.testing.assert_allclose(found.contrast, grey.std(axis=(1, 2)), rtol=1e-4)
    difference = images.astype(float) - mean[[0, 1, 0, 1, 0, 1]]
    np.testing.assert_allclose(found.distance, np.sqrt((difference**2).mean(axis=(1, 2, 3))), rtol=1e-4)


def test_sharpness_is_the_variance_of_the_laplacian_over_that_of_the_image():
    image = np.zeros((1, 5, 5))
    image[0, 2, 2] = 200
    data = made(image, [0], image, [0])
    kernel = np.zeros((5, 5))
    kernel[1:4, 1:4] = [[0, 200, 0], [200, -800, 200], [0, 200, 0]]
    (sharpness, _) = quality.image_quality(data, np.zeros((1, 5, 5, 1), np.uint8)).sharpness
    assert sharpness == pytest.approx(kernel.var() / image.var())


def test_each_kind_of_bad_image_is_named():
    images = (blobs(60) // 2 + 64).astype(np.uint8)
    images[3] = 120  # empty
    images[11] = images[11] // 6  # dark
    images[20] = 255 - images[20] // 6  # bright
    images[31] = np.arange(100, 172, 3)[None, :, None]  # blurred: nothing but a slope
    data = made(images[:50], [0] * 50, images[50:], [0] * 10)
    found = quality.doubts(quality.image_quality(data, class_images(data).mean), labels(data))
    reasons = {(one.position, one.reason) for one in found}
    assert reasons >= {(3, quality.EMPTY), (11, quality.DARK), (20, quality.BRIGHT), (31, quality.BLURRED)}
    assert found[0].position == 3
    assert len({one.position for one in found}) < 10


def test_what_is_unlike_its_own_class_is_found_by_class():
    random = np.random.default_rng(4)
    images = np.concatenate([np.full((40, 8, 8, 1), 60), np.full((40, 8, 8, 1), 190)]).astype(float)
    images += random.normal(0, 12, images.shape) * random.uniform(0.8, 1.2, (80, 1, 1, 1))
    label = [0] * 40 + [1] * 40
    label[7] = 1
    data = made(np.clip(images, 0, 255), label, np.zeros((0, 8, 8)), [])
    found = quality.doubts(quality.image_quality(data, class_images(data).mean), labels(data))
    assert [one.position for one in found if one.reason == quality.UNLIKE] == [7]


def test_an_odd_size_before_resizing_is_found():
    data = made(blobs(40), [0] * 40, np.zeros((0, 24, 24)), [])
    sizes = np.random.default_rng(1).integers(380, 420, (40, 2))
    sizes[5] = (2000, 90)
    measured = quality.image_quality(data, class_images(data).mean)
    found = [one.position for one in quality.doubts(measured, labels(data), sizes) if one.reason == quality.ODD_SIZE]
    assert found == [5]


@pytest.mark.parametrize("values", [[1.0] * 50 + [9.0], [1.0, 2.0, 300.0], []])
def test_nothing_stands_out_among_few_or_where_most_are_the_same(values):
    assert not quality.modified_z(np.array(values)).any()


def test_the_modified_z_score_is_that_of_iglewicz_and_hoaglin():
    values = np.arange(21.0)
    assert quality.modified_z(values)[20] == pytest.approx(0.6745 * 10 / 5)
