import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from cnn_dash.evaluation.calibration import BINS, MOST_POINTS, coverage, reliability


def sure(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels and probabilities of a network that is too sure of itself."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 4, count)
    logits = 2 * random.normal(0, 1, (count, 4))
    logits[np.arange(count), labels] += 1.5
    p = np.exp(logits)
    return labels, (p / p.sum(axis=1, keepdims=True)).astype(np.float32)


def test_the_bins_are_those_of_scikit_learn():
    labels, p = sure(3_000)
    found = reliability(labels, p)
    accuracy, confidence = calibration_curve(p.argmax(axis=1) == labels, p.max(axis=1), n_bins=BINS)
    some = found.counts > 0
    assert found.accuracy[some] == pytest.approx(accuracy)
    assert found.confidence[some] == pytest.approx(confidence)
    assert found.counts.sum() == 3_000


def test_the_calibration_error_is_the_weighted_distance_of_confidence_and_accuracy():
    # Two bins: 0.9 with half of it right, 0.6 with all right.
    p = np.array([[0.9, 0.1]] * 6 + [[0.4, 0.6]] * 2, np.float32)
    found = reliability(np.array([0, 0, 0, 1, 1, 1, 1, 1]), p)
    assert found.calibration_error == pytest.approx((6 * 0.4 + 2 * 0.4) / 8)
    assert found.overconfidence == pytest.approx((6 * 0.4 - 2 * 0.4) / 8)


def test_of_no_images_there_is_nothing_to_tell():
    found = reliability(np.empty(0, np.int64), np.ones((0, 3), np.float32))
    assert (found.calibration_error, found.overconfidence) == (0, 0)
    assert len(coverage(np.empty(0, np.int64), np.ones((0, 3), np.float32)).share) == 0


def test_accuracy_of_the_kept_is_what_is_counted():
    labels, p = sure(5_000)
    found = coverage(labels, p)
    assert len(found.share) <= MOST_POINTS
    correct, confidence = p.argmax(axis=1) == labels, p.max(axis=1)
    for share, accuracy, threshold in zip(found.share, found.accuracy, found.threshold, strict=True):
        kept = confidence >= threshold
        assert kept.mean() == pytest.approx(share)
        assert correct[kept].mean() == pytest.approx(accuracy)
    assert found.share[-1] == 1
    assert found.accuracy[-1] == correct.mean()


def test_equal_confidences_are_kept_or_left_out_together():
    p = np.array([[0.9, 0.1], [0.8, 0.2], [0.8, 0.2], [0.7, 0.3]], np.float32)
    found = coverage(np.array([0, 0, 1, 1]), p)
    assert found.share.tolist() == [0.25, 0.75, 1]
    assert found.accuracy == pytest.approx([1, 2 / 3, 0.5])
    assert found.share_at(0.6) == 0.75
    assert found.share_at(1.1) == 0
