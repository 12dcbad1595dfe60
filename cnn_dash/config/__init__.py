"""What a run is made of: one frozen `RunConfig`, JSON in and out.

This is the only place that knows the bounds, choices, labels, units and explanations of the settings, which of them are
searched on a logarithmic scale, and which have an effect only if another has a certain value. Widgets, URL, search and
command line derive from it. What comes from outside goes through `hyperparameters`, which asks here and answers with
sentences instead of tracebacks.
"""

from cnn_dash.config.network import (
    MAX_BLOCKS,
    MAX_DENSE,
    Activation,
    Base,
    ConvBlock,
    DenseLayer,
    Head,
    ModelConfig,
    Padding,
    Pooling,
)
from cnn_dash.config.run import LARGEST, DataConfig, RunConfig
from cnn_dash.config.setting import Part, Setting
from cnn_dash.config.training import Augmentation, Monitor, Optimizer, Schedule, TrainConfig

__all__ = [
    "LARGEST",
    "MAX_BLOCKS",
    "MAX_DENSE",
    "Activation",
    "Augmentation",
    "Base",
    "ConvBlock",
    "DataConfig",
    "DenseLayer",
    "Head",
    "ModelConfig",
    "Monitor",
    "Optimizer",
    "Padding",
    "Part",
    "Pooling",
    "RunConfig",
    "Schedule",
    "Setting",
    "TrainConfig",
]
