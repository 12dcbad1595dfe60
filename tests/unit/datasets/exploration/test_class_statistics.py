import numpy as np
import pytest

from cnn_dash.datasets.exploration import positions
from cnn_dash.datasets.exploration.class_counts import class_counts, unbalanced
from cnn_dash.datasets.exploration.class_images import class_images
from tests.unit.datasets.exploration.made import made, noise


def test_images_have_one_number_over_both_splits():
    train, test = noise(5), noise(3, seed=2)
    data = made(train, [0, 1, 0, 1, 1], test, [1, 0, 0])
    assert positions.count(data) == 8
    assert [positions.place(data, one) for one in (0, 4, 5, 7)] == [
        ("train", 0),
        ("train", 4),
        ("test", 0),
        ("test", 2),
    ]
    np.testing.assert_array_equal(positions.images_at(data, np.array([6, 0])), np.stack([test[1], train[0]]))


def test_chunks_cover_every_image_once_whatever_their_length(monkeypatch):
    monkeypatch.setattr(positions, "CHUNK_BYTES", 300)  # two images
    train, test = noise(5), noise(3, seed=2)
    told = []
    parts = list(positions.chunks(made(train, [0] * 5, test, [0] * 3), told.append))
    assert [begin for begin, _ in parts] == [0, 2, 4, 5, 7]
    np.testing.assert_array_equal(np.concatenate([part for _, part in parts]), np.concatenate([train, test]))
    assert told == sorted(told)
    assert told[-1] == 1


def test_counts_are_by_split_and_class():
    data = made(noise(4), [0, 0, 2, 2], noise(1), [1])
    np.testing.assert_array_equal(class_counts(data), [[2, 0, 2], [0, 1, 0]])


@pytest.mark.parametrize(
    ("counts", "says"),
    [([10, 12, 49], None), ([10, 50], "50 images of b, 5 times as many, 10 of a"), ([5, 0], "5 images of a, 0 of b")],
)
def test_unbalanced_classes_are_said_with_numbers(counts, says):
    told = unbalanced(np.array(counts), ("a", "b", "c"))
    assert told is None if says is None else says in told


@pytest.mark.parametrize("shape", [(12, 10, 1), (7, 9, 3)])
def test_mean_deviation_and_histogram_are_those_of_numpy(monkeypatch, shape):
    monkeypatch.setattr(positions, "CHUNK_BYTES", 3 * int(np.prod(shape)))
    train, test = noise(11, shape), noise(4, shape, seed=2)
    train_labels, test_labels = [0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 2], [2, 0, 0, 3]
    told = []
    found = class_images(made(train, train_labels, test, test_labels), told.append)
    images, labels = np.concatenate([train, test]), np.array(train_labels + test_labels)
    for label in (0, 2, 3):
        np.testing.assert_array_equal(found.mean[label], np.rint(images[labels == label].mean(axis=0)))
        np.testing.assert_array_equal(found.deviation[label], np.rint(images[labels == label].std(axis=0)))
    assert not found.mean[1].any()  # a class without images
    for channel in range(shape[-1]):
        expected = np.bincount(images[..., channel].ravel(), minlength=256)
        np.testing.assert_array_equal(found.histogram[channel], expected)
    assert told[-1] == 1


def test_whoever_is_told_may_end_it():
    def end(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        class_images(made(noise(4), [0, 0, 1, 1], noise(1), [1]), end)
