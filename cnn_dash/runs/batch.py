"""Several runs started together: checked as a whole before the first one is queued, found again by a common tag."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.errors import ConfigError
from cnn_dash.models.layer_table import layer_table
from cnn_dash.runs import annotations
from cnn_dash.runs.estimate import Estimate, estimate
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit


@dataclass(frozen=True)
class Batch:
    """Runs that could be started.

    Attributes:
        configs: One for each run, at least one.
        expected: How long they take together.
        download_mb: What has to be downloaded first for them.
    """

    configs: tuple[RunConfig, ...]
    expected: Estimate
    download_mb: int


def plan(store: RunStore, configs: Sequence[RunConfig], earlier: Sequence[Run]) -> Batch:
    """Check that all of these runs can be trained, and say how long that takes.

    Args:
        store: Where they are going to be put; its settings say how many are trained at the same time.
        configs: At least one.
        earlier: Finished runs, newest first, from which the speed is taken.

    Raises:
        ConfigError: If there is no such data set, or one of the networks cannot be built.
    """
    expected: list[Estimate] = []
    problems: list[ConfigError] = []
    sets: dict[str, catalogue.DatasetInfo] = {}
    for config in configs:
        entry = sets.setdefault(config.data.dataset, catalogue.get(config.data.dataset))
        try:
            table = layer_table(config.model, entry.image_shape, len(entry.class_names))
        except ConfigError as error:
            problems.append(error)
            continue
        images, work = entry.train_count, table.multiply_adds
        expected.append(estimate(config.train, train_images=images, multiply_adds=work, earlier=earlier))
    if problems:
        many = "" if len(configs) == 1 else f"{len(problems)} of {len(configs)} networks cannot be built. The first: "
        raise ConfigError(f"{many}{problems[0]}")
    seconds = sum(one.seconds for one in expected) / min(store.settings.workers, len(expected))
    missing = [entry for entry in sets.values() if not catalogue.is_local(entry.name, store.settings.data_dir)]
    return Batch(tuple(configs), replace(expected[0], seconds=seconds), sum(entry.download_mb for entry in missing))


def submit_all(store: RunStore, batch: Batch) -> list[Run]:
    """Queue the runs in their order; several get a common tag, `batch-12` after the first of them.

    Raises:
        StoreError: If the store cannot be written; those queued before stay.
    """
    queued = [submit(store, config) for config in batch.configs]
    if len(queued) == 1:
        return queued
    return [annotations.annotate(store, run.id, tags=[f"batch-{queued[0].id}"]) for run in queued]
