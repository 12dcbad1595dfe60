import numpy as np
import pytest

from cnn_dash.artifacts.local import LocalArtifactStore
from cnn_dash.errors import StoreError
from cnn_dash.evaluation import nearest
from cnn_dash.evaluation.nearest import Nearest, find_nearest
from cnn_dash.runs.folder import RunFile


def features(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32)


def pictures(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 3, 3, 1), dtype=np.uint8)


def brute_force(train: np.ndarray, test: np.ndarray) -> np.ndarray:
    def unit(images: np.ndarray) -> np.ndarray:
        flat = images.reshape(len(images), -1).astype(np.float64)
        return flat / np.linalg.norm(flat, axis=1, keepdims=True)

    return unit(test) @ unit(train).T


@pytest.mark.parametrize("numbers", [4_000_000, 300], ids=["one block", "many blocks"])
def test_the_nearest_are_those_of_a_search_through_all(monkeypatch, numbers):
    monkeypatch.setattr(nearest, "_BLOCK_NUMBERS", numbers)
    train, test, told = pictures(150, 0), pictures(40, 1), []
    found = find_nearest(features, train, test, told.append, batch=16)
    alike = brute_force(train, test)
    assert found.similarities == pytest.approx(-np.sort(-alike, axis=1)[:, :8], abs=2e-3)
    assert np.take_along_axis(alike, found.indices, axis=1) == pytest.approx(found.similarities, abs=2e-3)
    assert all(len(set(row)) == 8 for row in found.indices.tolist())
    assert found.searched == 150
    assert told == sorted(told)
    assert told[-1] == 1


def test_of_many_training_images_some_are_looked_at_spread_evenly(monkeypatch):
    monkeypatch.setattr(nearest, "MOST_IMAGES", 10)
    found = find_nearest(features, pictures(1000, 0), pictures(20, 1), lambda _share: None)
    assert found.searched == 10
    assert len(found.indices) == 10
    assert set(found.indices.ravel()) <= set(range(0, 1000, 100))


def test_of_wide_features_fewer_images_are_looked_at_so_that_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(nearest, "_MOST_NUMBERS", 45)
    assert find_nearest(features, pictures(100, 0), pictures(3, 1), lambda _share: None).searched == 5


def test_it_is_kept_and_a_damaged_file_is_said(tmp_path):
    file = RunFile(LocalArtifactStore(tmp_path), "00001/nearest.npz")
    assert Nearest.read(file) is None
    Nearest(np.array([[3, 1]]), np.array([[0.5, 0.25]], np.float32), 20).write(file)
    kept = Nearest.read(file)
    assert kept is not None
    assert (kept.indices.tolist(), kept.similarities.tolist(), kept.searched) == ([[3, 1]], [[0.5, 0.25]], 20)
    (tmp_path / file.key).write_bytes(b"PK\3\4 broken")
    with pytest.raises(StoreError, match=r"nearest\.npz"):
        Nearest.read(file)
