"""Metrics of each class, and the curves behind two of them, by scikit-learn.

Importing this takes a second, for scikit-learn; pages import it in the background.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

from cnn_dash.errors import StoreError
from cnn_dash.evaluation.metrics import class_auc
from cnn_dash.evaluation.report import Report

TOP = (3, 5)
"""The k of the top-k accuracy, where there are more classes."""
MOST_POINTS = 300
"""Of a curve; more cannot be told apart."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClassMetrics:
    """Metrics of K classes, each against all others; NaN where a metric is not defined.

    Attributes:
        precision: float64 (K,), share of the images predicted as the class that are of it, 0–1.
        recall: float64 (K,), share of its images that were predicted as it, 0–1.
        f1: float64 (K,), harmonic mean of both, 0–1.
        auc: float64 (K,), area under the ROC curve, 0–1.
        support: int64 (K,), images of the class.
        top: Accuracy if the true class need only be among the k most probable ones, by k.
    """

    precision: Floats
    recall: Floats
    f1: Floats
    auc: Floats
    support: NDArray[np.int64]
    top: dict[int, float]


@dataclass(frozen=True, eq=False)
class ClassCurves:
    """The curves of one class against all others, at most `MOST_POINTS` points each.

    Attributes:
        class_index: Which class.
        false_positive_rate: float64 (M,), of the ROC curve, 0–1, rising.
        true_positive_rate: float64 (M,), of the ROC curve, 0–1.
        auc: Area under the ROC curve.
        recall: float64 (L,), of the precision–recall curve, 0–1, falling.
        precision: float64 (L,), of the precision–recall curve, 0–1.
        average_precision: Mean of the precisions, weighted by the rise in recall.
        share: Share of the images that are of the class: the precision of guessing.
    """

    class_index: int
    false_positive_rate: Floats
    true_positive_rate: Floats
    auc: float
    recall: Floats
    precision: Floats
    average_precision: float
    share: float


def class_metrics(report: Report, on_share: Callable[[float], None] = lambda _share: None) -> ClassMetrics:
    """Compute the metrics of all classes.

    Args:
        report: The predictions.
        on_share: Told how much is done, 0–1: with many classes it takes seconds.

    Raises:
        StoreError: If the network gave something else than numbers.
    """
    _require_numbers(report)
    classes = report.probabilities.shape[1]
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        report.labels, report.predicted, labels=np.arange(classes), zero_division=np.nan
    )
    precision[np.bincount(report.predicted, minlength=classes) == 0] = np.nan
    none = support == 0
    recall[none] = f1[none] = np.nan
    # Not `roc_auc_score`: it looks over its input for 40 times as long as it ranks, for each class.
    area = class_auc(report.labels, report.probabilities, on_share)
    # Counted once for all k; `top_k_accuracy_score` sorts all classes of each image, for each k.
    ahead = (report.probabilities > report.of_label[:, None]).sum(axis=1)  # classes that are more probable, (N,)
    top = {k: float((ahead < k).mean()) for k in TOP if k < classes and len(report.labels)}
    return ClassMetrics(precision, recall, f1, area, np.asarray(support, np.int64), top)


def class_curves(report: Report, classes: Sequence[int]) -> list[ClassCurves]:
    """Compute the curves of some classes; one without images, or with all of them, has none.

    Raises:
        StoreError: If the network gave something else than numbers.
    """
    _require_numbers(report)
    found = []
    for one in classes:
        inside, values = report.labels == one, report.probabilities[:, one]
        if not inside.any() or inside.all():
            continue
        false_rate, true_rate, _ = metrics.roc_curve(inside, values)
        precision, recall, _ = metrics.precision_recall_curve(inside, values)
        average = float(metrics.average_precision_score(inside, values))
        area = float(metrics.auc(false_rate, true_rate))
        roc, pr = _spread(false_rate, true_rate), _spread(recall, precision)
        found.append(
            ClassCurves(
                one, false_rate[roc], true_rate[roc], area, recall[pr], precision[pr], average, float(inside.mean())
            )
        )
    return found


def _spread(x: Floats, y: Floats) -> NDArray[np.int64]:
    """Return which points of a curve to keep: evenly spread along it, both ends among them."""
    if len(x) <= MOST_POINTS:
        return np.arange(len(x))
    along = np.concatenate([[0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
    return np.unique(np.searchsorted(along, np.linspace(0, along[-1], MOST_POINTS)).clip(0, len(x) - 1))


def _require_numbers(report: Report) -> None:
    broken = int((~np.isfinite(report.probabilities).all(axis=1)).sum())
    if broken:
        raise StoreError(
            f"These metrics need a probability for each class. Received: NaN or infinity for {broken:,} of "
            f"{len(report.labels):,} test images. Allowed: finite numbers. Train with a lower learning rate, or test "
            "the network again."
        )
