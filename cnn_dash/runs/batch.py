"""Several runs started together: checked as a whole before the first one is queued, found again by a common tag."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cnn_dash.config import RunConfig
from cnn_dash.errors import ConfigError
from cnn_dash.runs import annotations
from cnn_dash.runs.estimate import Estimate
from cnn_dash.runs.preview import Preview, preview
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import queue
from cnn_dash.settings import Settings


@dataclass(frozen=True)
class Batch:
    """Runs that could be started.

    Attributes:
        previews: One for each run, at least one.
        workers: How many of them are trained at the same time.
    """

    previews: tuple[Preview, ...]
    workers: int = 1

    @property
    def estimate(self) -> Estimate:
        """Time that they take together."""
        seconds = sum(one.estimate.seconds for one in self.previews) / min(self.workers, len(self.previews))
        return replace(self.previews[0].estimate, seconds=seconds)

    @property
    def download_mb(self) -> int:
        """Megabytes that have to be downloaded first for all of them."""
        return sum({one.dataset.name: one.download_mb for one in self.previews}.values())


def plan(settings: Settings, configs: Iterable[RunConfig], earlier: Sequence[Run]) -> Batch:
    """Check that all of these runs can be trained.

    Args:
        settings: Those of the store into which they are going to be put.
        configs: At least one.
        earlier: Finished runs, newest first, from which the speed is taken.

    Raises:
        ConfigError: If there is no such preset or data set, or one of the networks cannot be built.
    """
    previews: list[Preview] = []
    problems: list[ConfigError] = []
    for config in configs:
        try:
            previews.append(preview(settings, config, earlier))
        except ConfigError as error:
            problems.append(error)
    if problems:
        count = len(previews) + len(problems)
        many = "" if count == 1 else f"{len(problems)} of {count} runs cannot be trained. The first: "
        raise ConfigError(f"{many}{problems[0]}")
    return Batch(tuple(previews), settings.workers)


def submit_all(store: RunStore, batch: Batch) -> list[Run]:
    """Queue the runs in their order; several get a common tag, `batch-12` after the first of them.

    Raises:
        StoreError: If the store cannot be written; those queued before stay.
    """
    queued = [queue(store, checked) for checked in batch.previews]
    if len(queued) == 1:
        return queued
    return [annotations.annotate(store, run.id, tags=[f"batch-{queued[0].id}"]) for run in queued]
