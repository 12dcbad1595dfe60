"""What a configuration amounts to before it is trained: its layers, its data, its time. The one check before a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.datasets import catalogue
from cnn_dash.models import base_weights
from cnn_dash.models.layer_table import LayerTable, layer_table
from cnn_dash.runs.estimate import Estimate, each_epoch, estimate, first_look
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings


@dataclass(frozen=True)
class Preview:
    """A configuration that can be trained.

    Attributes:
        config: The configuration.
        dataset: What is known of its data set.
        table: The layers of its network.
        estimate: Time that its training takes.
        download_mb: Megabytes that have to be downloaded first; 0 if the data set is on this machine.
    """

    config: RunConfig
    dataset: catalogue.DatasetInfo
    table: LayerTable
    estimate: Estimate
    download_mb: int


def preview(settings: Settings, config: RunConfig, earlier: Sequence[Run] = ()) -> Preview:
    """Check a configuration and say what it amounts to.

    Args:
        settings: Where data sets are looked for.
        config: The configuration.
        earlier: Finished runs, newest first, from which the speed is taken; without any it is guessed.

    Raises:
        ConfigError: If there is no such preset or data set, the network cannot be built, or the weights of its base are
            not on this machine.
    """
    if config.preset is not None:
        presets.get(config.preset)
    base_weights.require(config.model.base, settings)
    dataset = catalogue.get(config.data.dataset, settings.data_dir)
    table = layer_table(config.model, dataset.image_shape, len(dataset.class_names))
    return Preview(
        config=config,
        dataset=dataset,
        table=table,
        estimate=estimate(
            config.train,
            train_images=dataset.train_count,
            multiply_adds=each_epoch(table.multiply_adds, config),
            earlier=earlier,
            first=first_look(config, dataset.train_count + dataset.test_count, earlier),
        ),
        download_mb=0 if catalogue.is_local(dataset.name, settings.data_dir) else dataset.download_mb,
    )
