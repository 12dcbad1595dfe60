"""From a configuration to a queued run: the last check before anything is promised."""

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.models.layer_table import LayerTable, layer_table
from cnn_dash.runs.actions import edit
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore


def submit(store: RunStore, config: RunConfig) -> Run:
    """Queue a run, if its preset and its data set exist and its network can be built.

    Raises:
        ConfigError: If there is no such preset or data set, or the network cannot be built.
        StoreError: If the store cannot be written.
    """
    table = _checked(config)
    return store.create(config, parameters=table.parameters, multiply_adds=table.multiply_adds)


def change(store: RunStore, run_id: int, config: RunConfig) -> Run:
    """Give a run that waits and was never started other settings, after the same checks.

    Raises:
        ConfigError: If there is no such preset or data set, or the network cannot be built.
        IllegalTransition: If a worker has taken the run meanwhile.
    """
    table = _checked(config)
    return edit(store, run_id, config, parameters=table.parameters, multiply_adds=table.multiply_adds)


def _checked(config: RunConfig) -> LayerTable:
    if config.preset is not None:
        presets.get(config.preset)
    entry = catalogue.get(config.data.dataset)
    return layer_table(config.model, entry.image_shape, len(entry.class_names))
