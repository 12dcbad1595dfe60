"""A run as plain JSON: the same for the HTTP side and for the command line."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import EpochMetrics, Run
from cnn_dash.settings import Settings


def summary(run: Run) -> dict[str, Any]:
    """What a list of runs shows; accuracies in 0–1, times in seconds or ISO 8601."""
    result = run.result
    return {
        "run_id": run.id,
        "status": run.status.value,
        "message": run.message,
        "dataset": run.dataset,
        "preset": run.preset,
        "epochs": run.recipe.train.epochs,
        "epochs_done": run.epoch,
        "name": run.name,
        "tags": list(run.tags),
        "notes": run.notes,
        "favourite": run.favourite,
        "parameters": run.parameters,
        "created_at": run.created_at.isoformat(),
        "test_accuracy": result.accuracy if result else None,
        "test_loss": result.loss if result else None,
        "seconds": round(result.seconds, 3) if result else None,
        "images_per_second": round(run.images_per_second, 1) if run.images_per_second else None,
        "first_metric_seconds": None if run.first_metric_seconds is None else round(run.first_metric_seconds, 3),
    }


def details(run: Run, epochs: Iterable[EpochMetrics], settings: Settings) -> dict[str, Any]:
    """Everything about one run: the summary, its settings, where its files are, and the figures of every epoch."""
    return summary(run) | {
        "settings": run.recipe.model_dump(mode="json"),
        "folder": RunFolder.of(settings, run.id).location,
        "worker_pid": run.worker_pid,
        "worker_host": run.worker_host,
        "attempt": run.attempt,
        "request": run.request.value if run.request else None,
        "multiply_adds": run.multiply_adds,
        "best_epoch": run.result.best_epoch if run.result else None,
        "weights_sha256": run.result.weights_sha256 if run.result else None,
        "metrics": [asdict(record) for record in epochs],
    }
