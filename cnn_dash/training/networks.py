"""The network of a run with what trains it: all of its layers on images, or those after a base on its features."""

from collections.abc import Callable
from pathlib import Path

import keras

from cnn_dash.datasets.dataset import Dataset
from cnn_dash.models import base_weights
from cnn_dash.models.bases import BASES
from cnn_dash.models.build import build, build_on_base
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings
from cnn_dash.training.engine import Engine
from cnn_dash.training.features import with_features

OnStep = Callable[[str], None]
"""Told in a sentence how far it is; may raise what ends the work."""


def network_of(run: Run, settings: Settings, data: Dataset, on_step: OnStep) -> tuple[keras.Model, Dataset, Engine]:
    """Build the network of a run, whole, and the engine that trains it.

    Args:
        run: The run.
        settings: Where weights and features are kept.
        data: The data set of the run, split.
        on_step: Told how far a download or the features of a base are.

    Returns:
        The whole network; the data set, whose splits have features if there is a base; the engine.

    Raises:
        ConfigError: If the network cannot be built, or another file than the weights of its base has their name.
        DataError: If the weights of its base can be neither found nor downloaded.
    """
    recipe, classes = run.recipe, len(data.class_names)
    model, train = recipe.model, recipe.train
    if model.base == "none":
        whole = build(model, data.image_shape, classes, train.seed)
        return whole, data, Engine(whole, data.train, train)
    title = BASES[model.base].title
    weights = base_weights.fetch(
        model.base,
        settings,
        lambda progress: on_step(f"Downloading {progress}."),
        Path(run.data_dir) if run.data_dir else None,
    )
    digest = base_weights.sha256_of(weights)
    network = build_on_base(model, data.image_shape, classes, train.seed, weights)

    def on_images(done: int, total: int) -> None:
        on_step(f"{title} looks at each image once: {done:,} of {total:,}.")

    data = with_features(data, network.base, digest, settings.features_dir, on_images)
    return network.whole, data, Engine(network.rest, data.train, train, base=digest)
