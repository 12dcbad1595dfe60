import numpy as np
import pytest
from scipy.fft import dctn

from cnn_dash.datasets.exploration.duplicates import duplicates
from cnn_dash.datasets.exploration.perceptual_hash import distances, perceptual_hash
from tests.unit.datasets.exploration.made import blobs, made, noise


def test_the_hash_is_the_dct_against_its_median():
    image = noise(1, (32, 32))[0].astype(np.float32)
    low = dctn(image, norm="ortho")[1:9, 1:9].ravel()
    expected = sum(int(bit) << (63 - place) for place, bit in enumerate(low > np.median(low)))
    assert int(perceptual_hash(image[None])[0]) == expected


@pytest.mark.parametrize("shape", [(8, 8), (28, 28), (17, 40), (96, 96), (5, 3)])
def test_brightness_and_contrast_leave_the_hash_as_it_is(shape):
    image = noise(1, shape)[0].astype(np.float32)
    first, second = perceptual_hash(np.stack([image, image / 2 + 40]))
    assert distances(np.array([first]), np.array([second]))[0, 0] <= 2


def test_an_image_of_one_value_has_no_hash():
    np.testing.assert_array_equal(perceptual_hash(np.full((2, 9, 9), 200, np.float32)), [0, 0])


def test_exact_duplicates_are_found_across_and_within_the_splits():
    train, test = blobs(30), blobs(6, seed=2)
    train[7] = train[3]
    test[2] = train[3]
    test[4] = test[1]
    found = duplicates(made(train, list(range(3)) * 10, test, [0, 1, 1, 2, 0, 1]))
    assert [(pair.first, pair.second, pair.same_label) for pair in found.across] == [(32, 3, False)]
    assert {(pair.first, pair.second, pair.same_label) for pair in found.within} == {(7, 3, False), (34, 31, False)}
    assert (found.across_count, found.within_count, found.near_count) == (1, 2, 0)


def test_a_near_duplicate_is_found_and_paired_with_the_most_alike():
    train, test = blobs(40), blobs(5, seed=2)
    random = np.random.default_rng(0)

    def disturbed(image: np.ndarray, by: float) -> np.ndarray:
        return np.clip(image + random.normal(0, by, image.shape), 0, 255).astype(np.uint8)

    test[1] = disturbed(train[9], 3)
    train[20] = disturbed(train[9], 12)
    told = []
    found = duplicates(made(train, [0, 1] * 20, test, [0] * 5), told.append)
    assert [(pair.first, pair.second) for pair in found.near] == [(41, 9)]
    assert found.near[0].correlation > 0.99
    assert not found.near[0].same_label
    assert told == sorted(told)
    assert told[-1] == 1


def test_images_without_anything_on_them_are_no_near_duplicates():
    train = np.zeros((3, 10, 10))
    test = np.full((2, 10, 10), 90)
    found = duplicates(made(train, [0, 1, 0], test, [0, 1]))
    assert (found.near_count, found.across_count, found.within_count) == (0, 0, 3)


def test_a_set_without_test_images_has_none_across():
    assert duplicates(made(blobs(4), [0, 1, 0, 1], np.zeros((0, 24, 24)), [])).near == ()
