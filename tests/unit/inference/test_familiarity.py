"""Doubt: how unlike the training images an image is, and how undecided an answer."""

import numpy as np
import pytest

from cnn_dash.errors import StoreError
from cnn_dash.inference.familiarity import KEPT, Familiarity

RNG = np.random.default_rng(5)
CENTRES = np.eye(3, 16, dtype=np.float32)


def features(count: int, spread: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    labels = RNG.integers(0, 3, count)
    return (CENTRES[labels] + spread * RNG.normal(size=(count, 16))).astype(np.float32), labels


def probabilities(labels: np.ndarray, sharp: float = 6.0) -> np.ndarray:
    logits = sharp * np.eye(3)[labels] + RNG.normal(size=(len(labels), 3))
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return (powers / powers.sum(1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def known() -> Familiarity:
    seen, _ = features(500)
    checked, labels = features(2000)
    return Familiarity.measure(seen, checked, probabilities(labels), labels)


def test_nearly_all_validation_images_are_not_doubted(known):
    checked, labels = features(4000)

    doubted = (known.strangeness(checked) > 1) | (known.indecision(probabilities(labels)) > 1)

    assert doubted.mean() == pytest.approx(1 - KEPT, abs=0.006)


def test_features_in_another_direction_are_strange(known):
    strange = -CENTRES + 0.1 * RNG.normal(size=CENTRES.shape)

    assert (known.strangeness(strange.astype(np.float32)) > 2).all()
    assert known.strangeness(7 * CENTRES).max() < 0.5  # the length of the features says nothing


def test_an_even_answer_is_undecided_and_a_sharp_one_is_not(known):
    even, sharp = np.full((1, 3), 1 / 3, np.float32), np.array([[1, 0, 0]], np.float32)

    assert known.indecision(even) > 1
    assert known.indecision(sharp) < 0.1


def test_the_temperature_undoes_overconfidence():
    seen, labels = features(3000)
    fair = probabilities(labels, 2.0)
    guessed = np.array([RNG.choice(3, p=row / row.sum()) for row in fair.astype(float)])
    overconfident = fair**3 / (fair**3).sum(1, keepdims=True)

    known = Familiarity.measure(seen, seen, overconfident, guessed)

    assert known.temperature == pytest.approx(3, rel=0.15)
    calibrated = known.calibrated(overconfident)
    np.testing.assert_allclose(calibrated, fair, atol=0.06)
    np.testing.assert_array_equal(calibrated.argmax(1), overconfident.argmax(1))


def test_what_was_written_is_read(known, tmp_path):
    known.write(tmp_path / "familiarity.npz")

    again = Familiarity.read(tmp_path / "familiarity.npz")

    np.testing.assert_array_equal(again.features, known.features)
    assert (again.temperature, again.distance_limit) == (known.temperature, known.distance_limit)


@pytest.mark.parametrize("damage", ["cut", "text", "pickle", "shape"])
def test_a_damaged_file_is_a_sentence(known, tmp_path, damage):
    file = tmp_path / "familiarity.npz"
    known.write(file)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    elif damage == "text":
        file.write_text("no archive")
    elif damage == "pickle":
        np.savez(file, features=np.array([object()]), limits=np.ones(3))
    else:
        np.savez(file, features=known.features, limits=np.array([1.0, -1.0, 2.0]))

    with pytest.raises(StoreError, match=r"cannot be read. Received: familiarity.npz"):
        Familiarity.read(file)


def test_features_that_are_all_zero_are_no_error():
    zeros, labels = np.zeros((10, 4), np.float32), np.zeros(10, np.int64)

    known = Familiarity.measure(zeros, zeros, np.eye(2, dtype=np.float32)[labels], labels)

    assert np.isfinite(known.strangeness(zeros)).all()


def test_wide_features_are_kept_for_fewer_images():
    wide = RNG.normal(size=(300, 20_000)).astype(np.float32)

    known = Familiarity.measure(wide, wide[:5], np.eye(2, dtype=np.float32)[[0] * 5], np.zeros(5, np.int64))

    assert known.features.size <= 2_000_000
