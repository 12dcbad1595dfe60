"""From a configuration to a queued run: the last check before anything is promised."""

from cnn_dash.config import RunConfig
from cnn_dash.runs.actions import edit
from cnn_dash.runs.preview import Preview, preview
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore


def submit(store: RunStore, config: RunConfig) -> Run:
    """Queue a run, if its preset and its data set exist and its network can be built.

    Raises:
        ConfigError: If there is no such preset or data set, or the network cannot be built.
        StoreError: If the store cannot be written.
    """
    return queue(store, preview(store.settings, config))


def queue(store: RunStore, checked: Preview) -> Run:
    """Queue a run that has been checked.

    Raises:
        StoreError: If the store cannot be written.
    """
    table = checked.table
    return store.create(checked.config, parameters=table.parameters, multiply_adds=table.multiply_adds)


def change(store: RunStore, run_id: int, config: RunConfig) -> Run:
    """Give a run that waits and was never started other settings, after the same checks.

    Raises:
        ConfigError: If there is no such preset or data set, or the network cannot be built.
        IllegalTransition: If a worker has taken the run meanwhile.
    """
    table = preview(store.settings, config).table
    return edit(store, run_id, config, parameters=table.parameters, multiply_adds=table.multiply_adds)
