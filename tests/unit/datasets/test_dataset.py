import numpy as np
import pytest

from cnn_dash.datasets.dataset import Dataset, Split
from cnn_dash.errors import DataError


def split(count: int, size: int = 4, top: int = 2) -> Split:
    return Split(np.zeros((count, size, size, 1), np.uint8), np.arange(count, dtype=np.int64) % top)


def test_a_split_counts_its_pictures_and_cannot_be_changed():
    images = np.zeros((3, 4, 4, 1), np.uint8)
    made = Split(images, np.array([0, 1, 1]))
    assert len(made) == 3
    with pytest.raises(ValueError, match="read-only"):
        made.images[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        made.labels[0] = 1
    images[0] = 1  # the caller's own array stays writable


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (np.zeros((3, 4, 4), np.uint8), np.zeros(3, np.int64)),
        (np.zeros((3, 4, 4, 1), np.float32), np.zeros(3, np.int64)),
        (np.zeros((3, 4, 4, 1), np.uint8), np.zeros(3, np.uint8)),
        (np.zeros((3, 4, 4, 1), np.uint8), np.zeros(2, np.int64)),
        (np.zeros((3, 4, 4, 1), np.uint8), np.zeros((3, 1), np.int64)),
        (np.zeros((3, 4, 4, 1), np.uint8), np.array([0, -1, 0])),
    ],
)
def test_a_split_refuses_arrays_that_do_not_fit(images, labels):
    with pytest.raises(DataError, match=r"Received: .* Allowed: "):
        Split(images, labels)


def test_a_dataset_says_what_is_in_it():
    made = Dataset("x", "X", ("a", "b", "c"), split(4), split(2), split(3), "0" * 64)
    assert made.classes == 3
    assert made.image_shape == (4, 4, 1)
    assert made.counts == {"train": 4, "validation": 2, "test": 3}
    assert made.class_counts(made.test).tolist() == [2, 1, 0]


def test_a_label_without_a_class_name_is_refused():
    with pytest.raises(DataError, match=r"Received: 2\. Allowed: 0 to 1"):
        Dataset("x", "X", ("a", "b"), split(4), split(2), split(3, top=3), "0" * 64)


def test_pictures_of_different_shapes_are_refused():
    with pytest.raises(DataError, match="one shape"):
        Dataset("x", "X", ("a", "b"), split(4), split(2, size=5), split(3), "0" * 64)
