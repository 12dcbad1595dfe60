import numpy as np
import pytest

from cnn_dash.datasets.dataset import Dataset, Split
from cnn_dash.datasets.selected_images import SelectedImages
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


def test_selected_images_are_those_of_the_array_and_read_like_one(tmp_path):
    source = np.random.default_rng(0).integers(0, 256, (9, 4, 4, 3), np.uint8)
    np.save(tmp_path / "images.npy", source)
    rows = np.array([7, 0, 3, 8])
    images = SelectedImages(np.load(tmp_path / "images.npy", mmap_mode="r"), rows)
    assert (images.shape, images.ndim, images.nbytes, len(images)) == ((4, 4, 4, 3), 4, 4 * 48, 4)
    for which in (2, np.int64(-1), slice(1, 3), slice(None, None, 2), np.array([3, 3, 0])):
        np.testing.assert_array_equal(images[which], source[rows][which])
    np.testing.assert_array_equal(np.asarray(images), source[rows])
    assert [one.tolist() for one in images] == source[rows].tolist()
    kept = Split(images, np.zeros(4, np.int64))
    assert kept.images is images
    assert isinstance(kept.in_memory().images, np.ndarray)
    with pytest.raises(DataError, match="do not belong together"):
        Split(images, np.zeros(3, np.int64))


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
