"""Metrics of each class, against what is counted by hand and what this package computes otherwise."""

import numpy as np
import pytest
from sklearn import metrics

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.metrics import macro_auc
from cnn_dash.evaluation.per_class import MOST_POINTS, class_curves, class_metrics
from cnn_dash.evaluation.report import Report


def guessed(count: int, classes: int, seed: int = 0) -> Report:
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, count)
    logits = random.normal(0, 1, (count, classes))
    logits[np.arange(count), labels] += 1.5
    p = np.exp(logits)
    return Report(labels, (p / p.sum(axis=1, keepdims=True)).astype(np.float32))


def test_precision_recall_and_f1_of_a_class_are_what_is_counted():
    report = guessed(400, 4)
    found = class_metrics(report)
    for one in range(4):
        hits = int(((report.labels == one) & (report.predicted == one)).sum())
        precision, recall = hits / int((report.predicted == one).sum()), hits / int((report.labels == one).sum())
        assert found.precision[one] == pytest.approx(precision)
        assert found.recall[one] == pytest.approx(recall)
        assert found.f1[one] == pytest.approx(2 * precision * recall / (precision + recall))
        assert found.support[one] == (report.labels == one).sum()


def test_areas_are_those_of_scikit_learn_with_and_without_ties_and_their_mean_that_of_training():
    report = guessed(500, 6)
    rounded = Report(report.labels, report.probabilities.round(1))
    for one in (report, rounded):
        expected = [metrics.roc_auc_score(one.labels == label, one.probabilities[:, label]) for label in range(6)]
        assert class_metrics(one).auc == pytest.approx(expected)
        assert macro_auc(one.labels, one.probabilities) == pytest.approx(np.mean(expected))


def test_top_k_is_the_share_of_images_whose_class_is_among_the_k_most_probable():
    report = guessed(300, 8)
    expected = {k: metrics.top_k_accuracy_score(report.labels, report.probabilities, k=k) for k in (3, 5)}
    assert class_metrics(report).top == pytest.approx(expected)
    assert class_metrics(guessed(50, 3)).top == {}


def test_a_class_without_images_and_one_that_is_never_predicted_have_no_such_metric():
    p = np.array([[0.7, 0.2, 0.1], [0.8, 0.1, 0.1], [0.6, 0.3, 0.1]], np.float32)
    found = class_metrics(Report(np.array([0, 0, 1]), p))
    assert found.recall.tolist()[:2] == [1, 0]
    assert np.isnan(found.recall[2])
    assert np.isnan(found.precision[1:]).all()
    assert np.isnan(found.auc[2])
    assert [one.class_index for one in class_curves(Report(np.array([0, 0, 1]), p), [0, 1, 2])] == [0, 1]


def test_the_area_below_the_drawn_curve_is_that_of_all_thresholds():
    report = guessed(20_000, 3)
    for curve, area in zip(class_curves(report, [0, 1, 2]), class_metrics(report).auc, strict=True):
        assert len(curve.false_positive_rate) <= MOST_POINTS
        assert (curve.false_positive_rate[0], curve.true_positive_rate[-1]) == (0, 1)
        assert (curve.recall[0], curve.recall[-1]) == (1, 0)
        assert curve.auc == pytest.approx(area)
        assert np.trapezoid(curve.true_positive_rate, curve.false_positive_rate) == pytest.approx(area, abs=1e-3)
        assert -np.trapezoid(curve.precision, curve.recall) == pytest.approx(curve.average_precision, abs=5e-3)
        assert curve.share == pytest.approx((report.labels == curve.class_index).mean())


def test_a_network_that_gives_no_numbers_is_said():
    broken = guessed(10, 3)
    broken.probabilities[4] = np.nan
    for compute in (class_metrics, lambda report: class_curves(report, [0])):
        with pytest.raises(StoreError, match="for 1 of 10 test images"):
            compute(broken)
