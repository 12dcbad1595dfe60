"""The networks and recipes of the articles CNN Dash grew out of, by name.

Each preset carries its source, the accuracy the article reports, and what the article leaves open and we filled in.
A preset says nothing about the data set a person has chosen; `reported_on` names the one its accuracy was measured on.
"""

from dataclasses import dataclass

from cnn_dash.config import ConvBlock, DataConfig, DenseLayer, ModelConfig, RunConfig, TrainConfig
from cnn_dash.errors import ConfigError

DEFAULT_PRESET = "compact-valid"


@dataclass(frozen=True)
class Preset:
    """A network and a way to train it.

    Attributes:
        name: What it is called in the URL, on the command line and in the store.
        title: What it is called on the page.
        source: Where it comes from.
        reported_on: Name of the data set of the reported accuracy.
        reported_accuracy: Test accuracy in 0–1 that the source reports, or None.
        reported_loss: Test loss that the source reports, or None.
        filled_in: What the source leaves open and how it is settled here.
    """

    name: str
    title: str
    source: str
    model: ModelConfig
    train: TrainConfig
    reported_on: str
    reported_accuracy: float | None = None
    reported_loss: float | None = None
    filled_in: str = ""

    def config(self, dataset: str = "mnist-5k") -> RunConfig:
        """Return the run that this preset describes, on the given data set."""
        return RunConfig(preset=self.name, data=DataConfig(dataset=dataset), model=self.model, train=self.train)


def _compact(padding: str) -> ModelConfig:
    pooled = ConvBlock.model_validate({"filters": 32, "padding": padding})
    return ModelConfig(
        blocks=(
            pooled,
            pooled.model_copy(update={"filters": 64}),
            pooled.model_copy(update={"filters": 64, "pooling": "none"}),
        ),
        dense=(DenseLayer(units=64),),
    )


_PRESETS = (
    Preset(
        name="compact-valid",
        title="Compact, valid padding",
        source="a 2019 blog",
        model=_compact("valid"),
        train=TrainConfig(optimizer="rmsprop", batch_size=64, epochs=5),
        reported_on="mnist",
        reported_accuracy=0.9913,
        filled_in="The article trains on all 60,000 images; here a tenth is set aside for the validation curve.",
    ),
    Preset(
        name="compact-same",
        title="Compact, same padding",
        source="itnext.io, 2018",
        model=_compact("same"),
        train=TrainConfig(optimizer="rmsprop", batch_size=200, epochs=10),
        reported_on="mnist",
        reported_accuracy=0.9927,
        reported_loss=0.03166,
        filled_in="A tenth of the training images is set aside for the validation curve.",
    ),
    Preset(
        name="rubikscode",
        title="Three wide blocks",
        source="rubikscode.net, 2018",
        model=ModelConfig(
            blocks=tuple(
                ConvBlock(filters=filters, padding="same", activation="leaky_relu", dropout=0.25)
                for filters in (32, 64, 128)
            ),
            dense=(DenseLayer(units=128, activation="leaky_relu", dropout=0.3),),
        ),
        train=TrainConfig(optimizer="adam", batch_size=64, epochs=20, validation_fraction=0.2),
        reported_on="mnist",
        reported_accuracy=0.9939,
        filled_in="Dropout 0.25 and 0.3, 128 units in the first of the two dense layers and batch 64 are ours.",
    ),
    Preset(
        name="kuzushiji",
        title="Kuzushiji",
        source="towardsai.net",
        model=ModelConfig(
            blocks=(
                ConvBlock(filters=32, padding="same", dropout=0.25),
                ConvBlock(filters=64, padding="same", dropout=0.25),
                ConvBlock(filters=128, padding="same", dropout=0.25),
            ),
            dense=(DenseLayer(units=128, dropout=0.5),),
        ),
        train=TrainConfig(
            optimizer="adam",
            batch_size=128,
            epochs=30,
            validation_fraction=0.2,
            early_stopping=True,
            monitor="val_loss",
            patience=5,
            keep_best=True,
        ),
        reported_on="kmnist",
        filled_in="The article shows curves only; filters, dropout, batch 128, 30 epochs and patience 5 are ours.",
    ),
)

PRESETS: dict[str, Preset] = {preset.name: preset for preset in _PRESETS}


def get(name: str) -> Preset:
    """Return the preset of this name.

    Raises:
        ConfigError: If there is none.
    """
    if name not in PRESETS:
        raise ConfigError(f"There is no such preset. Received: {name!r}. Allowed: {', '.join(PRESETS)}.")
    return PRESETS[name]
