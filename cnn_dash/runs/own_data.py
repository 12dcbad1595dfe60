"""Deletes an own data set, unless a run needs it."""

from cnn_dash.datasets.own import library
from cnn_dash.errors import DataError
from cnn_dash.runs.schema import runs
from cnn_dash.runs.store import RunStore

_NAMED = 10


def runs_that_need(store: RunStore, dataset: str) -> list[int]:
    """Return the numbers of the runs, outside of the trash, that are or were trained on a data set, or a fold of it."""
    name = runs.c.config["data"]["dataset"].as_string()
    named = (name == dataset) | name.startswith(f"{dataset}.fold", autoescape=True)
    return sorted(run.id for run in store.select(named))


def delete_dataset(store: RunStore, dataset: str) -> None:
    """Move a version of an own data set to its trash; `library.undo` brings it back.

    Raises:
        ConfigError: If no own data set can be called so.
        DataError: If there is none, or a run needs it: to train, for its test images, or for an export.
    """
    library.manifest(dataset, store.settings.data_dir)
    if needing := runs_that_need(store, dataset):
        more = f" and {len(needing) - _NAMED:,} more" if len(needing) > _NAMED else ""
        numbers = f"{', '.join(map(str, needing[:_NAMED]))}{more}"
        raise DataError(
            f"{dataset} is not deleted: it is needed. Received: a data set of run{'s' * (len(needing) > 1)} {numbers}. "
            "Allowed: one that no run was trained on. Move those runs to the trash first."
        )
    library.delete(dataset, store.settings.data_dir)
