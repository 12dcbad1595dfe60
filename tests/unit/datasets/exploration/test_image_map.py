import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.decomposition import PCA

from cnn_dash.datasets.exploration import image_map
from cnn_dash.datasets.exploration.averaging import averaging, thumbnails
from cnn_dash.datasets.exploration.tsne import tsne
from tests.unit.datasets.exploration.made import made, noise


def two_groups(count: int = 30, shape: tuple[int, ...] = (8, 8, 1)):
    images = noise(count, shape) // 8 + np.repeat([20, 200], count // 2)[:, None, None, None]
    return made(images.astype(np.uint8), [0] * (count // 2) + [1] * (count // 2), np.zeros((0, *shape)), [])


def test_pca_is_that_of_scikit_learn_within_a_unit_square():
    data = two_groups()
    found = image_map.pca_map(data)
    reference = PCA(2).fit(data.train_images.reshape(30, -1).astype(float))
    expected = reference.transform(data.train_images.reshape(30, -1).astype(float))
    for axis in range(2):
        assert abs(np.corrcoef(found.points[:, axis], expected[:, axis])[0, 1]) == pytest.approx(1, abs=1e-3)
    assert found.explained == pytest.approx(reference.explained_variance_ratio_.sum(), abs=1e-3)
    np.testing.assert_allclose([found.points.min(), found.points.max()], [0, 1], atol=1e-6)
    np.testing.assert_allclose(found.points.min(axis=0) + found.points.max(axis=0), 1, atol=1e-6)
    assert np.ptp(found.points[:, 1]) < 1  # in proportion


@pytest.mark.parametrize("make", [image_map.pca_map, image_map.tsne_map])
def test_groups_lie_apart_and_always_at_the_same_places(make):
    data = two_groups()
    points = make(data).points
    first, second = points[:15], points[15:]
    gap = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
    assert gap > 2 * max(first.std(), second.std())
    np.testing.assert_array_equal(make(data).points, points)


def test_the_program_does_the_same_and_tells_how_far_it_is(tmp_path):
    components = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    np.save(tmp_path / "components.npy", components)
    program = [sys.executable, "-m", tsne.__module__, str(tmp_path / "components.npy"), str(tmp_path / "points.npy")]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[-1] == {"done": True}
    shares = [one["share"] for one in told[:-1]]
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1
    np.testing.assert_array_equal(np.load(tmp_path / "points.npy"), tsne(components))


@pytest.mark.parametrize("make", [image_map.pca_map, image_map.tsne_map])
@pytest.mark.parametrize("count", [2, 4])
def test_a_few_equal_images_are_placed_too(make, count):
    data = made(np.full((count, 6, 6), 9), [0] * count, np.zeros((0, 6, 6)), [])
    assert make(data).points.shape == (count, 2)
    assert np.isfinite(make(data).points).all()


def test_a_large_set_is_sampled_always_in_the_same_way(monkeypatch):
    monkeypatch.setattr(image_map, "MOST_IMAGES", 10)
    positions = image_map.sample(two_groups(), 10)
    assert len(positions) == 10
    assert (np.diff(positions) > 0).all()
    np.testing.assert_array_equal(image_map.sample(two_groups(), 10), positions)


def test_large_images_are_averaged_down():
    data = two_groups(4, (64, 96, 3))
    found = image_map.features(data, np.arange(4))
    assert found.shape[1] <= image_map.MOST_NUMBERS
    np.testing.assert_allclose(found.mean(axis=1), data.train_images.mean(axis=(1, 2, 3)), rtol=1e-3)


def test_the_weights_average_evenly():
    np.testing.assert_allclose(averaging(3, 2), [[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]], rtol=1e-6)


@pytest.mark.parametrize(("shape", "expected"), [((96, 48, 3), (32, 16, 3)), ((28, 28, 1), (28, 28, 1))])
def test_thumbnails_keep_proportion_and_are_never_larger(shape, expected):
    images = np.full((2, *shape), 77, np.uint8)
    small = thumbnails(images, 32)
    assert small.shape == (2, *expected)
    assert (small == 77).all()
