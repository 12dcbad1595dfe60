"""A small, real problem: a few hundred MNIST digits and networks that learn them in a moment."""

import numpy as np
import pytest

from cnn_dash.config import ConvBlock, DenseLayer, ModelConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.datasets.sources import embedded


@pytest.fixture(scope="session")
def digits() -> Split:
    """256 digits of all classes, in random order."""
    images, labels = embedded.MNIST_5K.read(embedded.MNIST_5K.path())
    chosen = np.random.default_rng(0).permutation(len(labels))[:256]
    return Split(images[chosen][..., None], labels[chosen].astype(np.int64))


@pytest.fixture(scope="session")
def more_digits() -> Split:
    """96 other digits."""
    images, labels = embedded.MNIST_5K.read(embedded.MNIST_5K.path())
    chosen = np.random.default_rng(0).permutation(len(labels))[256:352]
    return Split(images[chosen][..., None], labels[chosen].astype(np.int64))


@pytest.fixture
def small() -> ModelConfig:
    """Some 500 parameters."""
    return ModelConfig(blocks=(ConvBlock(filters=4, kernel_size=5, stride=2),), head="global_average")


@pytest.fixture
def everything() -> ModelConfig:
    """Small as well, with all that is random or has a state."""
    block = ConvBlock(filters=4, kernel_size=5, stride=2, batch_norm=True, dropout=0.3)
    return ModelConfig(blocks=(block,), dense=(DenseLayer(units=8, dropout=0.3),))
