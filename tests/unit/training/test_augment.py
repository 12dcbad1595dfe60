import numpy as np
import pytest

from cnn_dash.config import Augmentation
from cnn_dash.training.augment import augment

SIZE = 29  # odd: the centre is a pixel


def blobs(n: int = 64, row: float = 14, column: float = 14) -> np.ndarray:
    """Soft dots at a place, far from the border: float32 (n, SIZE, SIZE, 1)."""
    y, x = np.mgrid[:SIZE, :SIZE]
    dot = 200 * np.exp(-((y - row) ** 2 + (x - column) ** 2) / 8)
    return np.repeat(dot[None, ..., None], n, axis=0).astype(np.float32)


def moved(images: np.ndarray, seed: tuple[int, int] = (1, 0), **amounts: float) -> np.ndarray:
    return np.asarray(augment(images, Augmentation(**amounts), list(seed)))


def centres(images: np.ndarray) -> np.ndarray:
    """Row and column of the centre of mass: (n, 2)."""
    mass = images[..., 0] / images[..., 0].sum(axis=(1, 2), keepdims=True)
    places = np.arange(SIZE)
    return np.stack([(mass.sum(2) * places).sum(1), (mass.sum(1) * places).sum(1)], axis=1)


def test_nothing_happens_when_all_amounts_are_zero() -> None:
    images = np.random.default_rng(0).uniform(0, 255, (8, 28, 28, 3)).astype(np.float32)
    np.testing.assert_allclose(moved(images), images, atol=1e-2)


def test_a_shift_moves_by_up_to_its_share_each_way_and_each_picture_by_its_own() -> None:
    way = centres(moved(blobs(256), shift=0.2)) - 14
    limit = 0.2 * SIZE
    assert np.abs(way).max() <= limit + 0.05
    assert (np.abs(way).max(axis=0) > 0.9 * limit).all()
    assert (way.min(axis=0) < 0).all()
    assert (way.max(axis=0) > 0).all()
    assert len(np.unique(way.round(3), axis=0)) > 250
    assert abs(np.corrcoef(way.T)[0, 1]) < 0.3, "rows and columns are drawn apart"


def test_a_rotation_turns_about_the_middle_by_up_to_its_angle() -> None:
    np.testing.assert_allclose(centres(moved(blobs(), rotation=180)), 14, atol=0.05)
    away = centres(moved(blobs(256, row=14, column=20), rotation=30)) - 14
    np.testing.assert_allclose(np.hypot(*away.T), 6, atol=0.1)
    angle = np.degrees(np.arctan2(away[:, 0], away[:, 1]))
    assert np.abs(angle).max() <= 30.5
    assert angle.min() < -25
    assert angle.max() > 25


def test_a_zoom_changes_the_size_by_up_to_its_share() -> None:
    away = centres(moved(blobs(256, row=14, column=20), zoom=0.25)) - 14
    np.testing.assert_allclose(away[:, 0], 0, atol=0.05)
    factor = away[:, 1] / 6
    assert 0.74 < factor.min() < 0.8
    assert 1.2 < factor.max() < 1.26


def test_a_turn_and_a_shift_together_keep_to_their_amounts() -> None:
    way = centres(moved(blobs(256), shift=0.1, rotation=90)) - 14
    assert np.abs(way).max() <= 0.1 * SIZE + 0.05


def test_what_comes_in_from_outside_is_black() -> None:
    white = np.full((32, SIZE, SIZE, 1), 255, np.float32)
    out = moved(white, shift=0.5)
    assert out.min() == 0
    assert out.max() == pytest.approx(255)


def test_the_same_seed_moves_alike_and_another_otherwise() -> None:
    images = blobs()
    assert np.array_equal(moved(images, (1, 5), shift=0.2), moved(images, (1, 5), shift=0.2))
    assert not np.array_equal(moved(images, (1, 5), shift=0.2), moved(images, (1, 6), shift=0.2))
    assert not np.array_equal(moved(images, (1, 5), shift=0.2), moved(images, (2, 5), shift=0.2))
