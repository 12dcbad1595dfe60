"""Runs that repeat a run on parts of its training images, each without one part, on which it is tested.

They are ordinary runs of the queue, to be seen and stopped like any other. Their data set says which part (`fold`), and
a tag (`label-check-12`) whose training images they check.
"""

from collections.abc import Sequence

from cnn_dash.config import RunConfig
from cnn_dash.datasets.sources.fold import Fold
from cnn_dash.errors import ConfigError, IllegalTransition
from cnn_dash.runs import actions, annotations, batch, trash
from cnn_dash.runs.query import fields_of
from cnn_dash.runs.records import Run
from cnn_dash.runs.search import condition
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore

FOLDS = (3, 4, 5)
"""How many parts a person may choose."""


def tag_of(run_id: int) -> str:
    """Return the tag of the runs that check the training images of a run."""
    return f"label-check-{run_id}"


def configs(run: Run, folds: int, epochs: int) -> list[RunConfig]:
    """Return the settings of such runs: those of the run, but for the number of epochs and the data.

    Raises:
        ConfigError: If its data are a part already.
        IllegalTransition: If another program recorded the run.
    """
    recipe = run.recipe
    if Fold.of(recipe.data.dataset) is not None:
        raise ConfigError(
            f"Run {run.id} has learned from a part of the training images itself. Received: {recipe.data.dataset}. "
            "Allowed: a run on a whole data set. Choose the run that it belongs to."
        )
    train = recipe.train.model_copy(update={"epochs": epochs, "stages": ""})
    names = [Fold(recipe.data.dataset, number, folds).name for number in range(1, folds + 1)]
    return [
        recipe.model_copy(update={"train": train, "data": recipe.data.model_copy(update={"dataset": name})})
        for name in names
    ]


def start(store: RunStore, run: Run, planned: batch.Batch) -> list[Run]:
    """Queue the runs that were planned for a run, with the tag and a name that says what they are for.

    Raises:
        IllegalTransition: If there are such runs already.
        StoreError: If the store cannot be written; those queued before stay.
    """
    if there := fold_runs(store, run.id):
        raise IllegalTransition(
            f"The training images of run {run.id} are being checked already. Received: runs "
            f"{', '.join(str(one.id) for one in there)}. Delete them first."
        )
    queued = batch.submit_all(store, planned)
    return [
        annotations.annotate(
            store,
            one.id,
            title=f"Labels of run {run.id}, part {number} of {len(queued)}",
            tags=[tag_of(run.id), *one.tags],
        )
        for number, one in enumerate(queued, 1)
    ]


def fold_runs(store: RunStore, run_id: int) -> list[Run]:
    """Return the runs that check the training images of a run, by part; those in the trash are left out."""
    found: dict[str, Run] = {}
    tagged = store.select(condition(f'tag="{tag_of(run_id)}"', fields_of(store)))
    for run in sorted(tagged, key=lambda one: one.id):
        if run.config is not None and Fold.of(run.config.data.dataset) is not None:
            found[run.config.data.dataset] = run  # a later one takes the place of an earlier one
    return [found[name] for name in sorted(found)]


def stop(store: RunStore, runs: Sequence[Run]) -> None:
    """Stop those that train or wait."""
    for run in runs:
        if run.status.active or run.status is Status.PAUSED:
            actions.stop(store, run.id)


def delete(store: RunStore, runs: Sequence[Run]) -> None:
    """Put all of them into the trash.

    Raises:
        IllegalTransition: If one of them is being trained; then none is deleted.
    """
    trash.delete(store, [run.id for run in runs])
