"""All settings of a run together."""

from pydantic import Field

from cnn_dash.config.network import MAX_BLOCKS, MAX_DENSE, ConvBlock, DenseLayer, ModelConfig
from cnn_dash.config.setting import Part
from cnn_dash.config.training import TrainConfig


class DataConfig(Part):
    """Which images the network learns from."""

    dataset: str = Field(
        "mnist-5k",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}(@[1-9][0-9]{0,5})?(\.fold[1-9]of[2-9])?$",
        title="Data set",
        description="The images to learn from. mnist-5k is always there; the larger ones are downloaded once.",
    )


class RunConfig(Part):
    """All that a run depends on. The same configuration on the same machine gives the same weights."""

    preset: str | None = Field(None, title="Preset", description="The recipe these settings started from.")
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    train: TrainConfig = TrainConfig()


LARGEST = RunConfig(model=ModelConfig(blocks=(ConvBlock(),) * MAX_BLOCKS, dense=(DenseLayer(),) * MAX_DENSE))
"""A configuration with all layers there can be, and so with every setting: `flatten(LARGEST)` lists their paths."""
