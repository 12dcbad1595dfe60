import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

from cnn_dash.evaluation.metrics import accuracy, cross_entropy, macro_auc

CLASSES = 7


def answers(seed: int, n: int = 300, decimals: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Labels of all classes, and probabilities that know something of them; rounded, there are many ties."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(n) % CLASSES).astype(np.int64)
    logits = rng.normal(size=(n, CLASSES)) + 1.5 * np.eye(CLASSES)[labels]
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    if decimals is not None:
        p = np.maximum(p.round(decimals), 10.0**-decimals)
        p[:, 0] += 1 - p.sum(1)  # still sums to 1
        p = np.clip(p, 0, 1)
        p /= p.sum(1, keepdims=True)
    return labels, p


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("decimals", [None, 1, 2])
def test_auc_is_that_of_scikit_learn_ties_included(seed: int, decimals: int | None) -> None:
    labels, p = answers(seed, decimals=decimals)
    assert macro_auc(labels, p) == pytest.approx(roc_auc_score(labels, p, multi_class="ovr"), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_loss_and_accuracy_are_those_of_scikit_learn(seed: int) -> None:
    labels, p = answers(seed)
    assert cross_entropy(labels, p) == pytest.approx(log_loss(labels, p, labels=range(CLASSES)), rel=1e-9)
    assert accuracy(labels, p) == accuracy_score(labels, p.argmax(1))


def test_float32_answers_are_as_good() -> None:
    labels, p = answers(0)
    small = p.astype(np.float32)
    assert cross_entropy(labels, small) == pytest.approx(cross_entropy(labels, p), rel=1e-6)
    auc = macro_auc(labels, p)
    assert auc is not None
    assert macro_auc(labels, small) == pytest.approx(auc, abs=1e-4)


def test_missing_classes_are_left_out_of_the_mean() -> None:
    labels, p = answers(1)
    there = labels < 4
    labels, p = labels[there], p[there]
    areas = [roc_auc_score(labels == label, p[:, label]) for label in range(4)]
    assert macro_auc(labels, p) == pytest.approx(np.mean(areas), abs=1e-12)


def test_one_class_alone_has_no_area() -> None:
    assert macro_auc(np.zeros(5, np.int64), np.full((5, 3), 1 / 3)) is None


def test_perfect_reversed_and_indifferent_answers_have_areas_one_zero_and_a_half() -> None:
    labels = np.array([0, 1, 0, 1])
    p = np.eye(2)[labels]
    assert (macro_auc(labels, p), macro_auc(labels, 1 - p), macro_auc(labels, np.full((4, 2), 0.5))) == (1, 0, 0.5)


def test_smoothing_is_the_loss_against_smoothed_answers() -> None:
    labels, p = answers(2)
    target = 0.8 * np.eye(CLASSES)[labels] + 0.2 / CLASSES
    assert cross_entropy(labels, p, 0.2) == pytest.approx(-(target * np.log(p)).sum(1).mean(), rel=1e-9)


def test_a_certain_mistake_costs_much_but_not_infinity() -> None:
    loss = cross_entropy(np.array([0]), np.array([[0.0, 1.0]]))
    assert loss == pytest.approx(-np.log(1e-7), rel=1e-3)


def test_nan_answers_have_a_nan_loss() -> None:
    assert np.isnan(cross_entropy(np.array([0]), np.array([[np.nan, np.nan]])))
