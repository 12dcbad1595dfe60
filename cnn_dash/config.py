"""What a run is made of: one frozen `RunConfig`, JSON in and out.

This is the only place that knows the bounds, choices, labels and explanations of the hyperparameters. What comes from
outside goes through `hyperparameters`, which asks here and answers with sentences instead of tracebacks.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Activation = Literal["relu", "leaky_relu", "elu", "gelu", "tanh"]
Padding = Literal["valid", "same"]
Pooling = Literal["max", "average", "none"]
Head = Literal["flatten", "global_average"]
Optimizer = Literal["adam", "adamw", "rmsprop", "sgd", "nadam"]
Schedule = Literal["constant", "cosine", "one_cycle", "step", "reduce_on_plateau"]
Monitor = Literal["val_loss", "val_accuracy", "val_auc"]

MAX_BLOCKS = 6
MAX_DENSE = 3


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class DataConfig(_Part):
    """Which pictures the network learns from."""

    dataset: str = Field(
        "mnist-5k",
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$",
        title="Data set",
        description="The pictures to learn from. mnist-5k is always there; the larger ones are downloaded once.",
    )


class ConvBlock(_Part):
    """Convolution, then batch normalization, activation, pooling and dropout, in this order."""

    filters: int = Field(
        32,
        ge=1,
        le=512,
        title="Filters",
        description="How many patterns this block can look for. More see more, cost more and overfit sooner.",
    )
    kernel_size: int = Field(
        3,
        ge=1,
        le=11,
        title="Kernel",
        description="Side of the little window that slides over the picture, in pixels. 3 is usual; 5 or 7 sees more "
        "at once for more work.",
    )
    stride: int = Field(
        1,
        ge=1,
        le=4,
        title="Stride",
        description="How far the window moves each time. 2 halves the width, like pooling, but cheaper.",
    )
    padding: Padding = Field(
        "valid",
        title="Padding",
        description="valid: the window stays inside, the picture shrinks. same: a border of zeros keeps its size; use "
        "it in deep networks.",
    )
    activation: Activation = Field(
        "relu",
        title="Activation",
        description="What a filter's answer becomes. relu is a good start; leaky_relu, elu or gelu if units die out.",
    )
    batch_norm: bool = Field(
        False,
        title="Batch normalization",
        description="Rescales the answers within each batch. Lets deep networks learn faster and with higher rates.",
    )
    pooling: Pooling = Field(
        "max",
        title="Pooling",
        description="Shrinks the picture by keeping the largest (max) or the mean (average) of each small square.",
    )
    pool_size: int = Field(
        2, ge=2, le=4, title="Pool size", description="Side of the square that pooling reduces to one pixel."
    )
    dropout: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Dropout",
        description="Share of the answers that are blanked at random while training. Raise it when validation falls "
        "behind training.",
    )


class DenseLayer(_Part):
    """A fully connected layer, then dropout."""

    units: int = Field(
        64,
        ge=1,
        le=2048,
        title="Units",
        description="How many combinations of all features this layer forms. Most parameters of a network sit here.",
    )
    activation: Activation = Field(
        "relu", title="Activation", description="What a unit's answer becomes. relu is a good start."
    )
    dropout: float = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Dropout",
        description="Share of the units that are blanked at random while training; 0.3 to 0.5 is usual here.",
    )


class ModelConfig(_Part):
    """The network: convolution blocks, a bridge to vectors, dense layers; the softmax over the classes follows."""

    blocks: tuple[ConvBlock, ...] = Field(
        (ConvBlock(),),
        min_length=1,
        max_length=MAX_BLOCKS,
        title="Convolution blocks",
        description="How deep the network looks. Each block sees larger, more abstract patterns than the one before.",
    )
    head: Head = Field(
        "flatten",
        title="From maps to a vector",
        description="flatten keeps where something was seen; global_average keeps only whether, with far fewer "
        "parameters.",
    )
    dense: tuple[DenseLayer, ...] = Field(
        (),
        max_length=MAX_DENSE,
        title="Dense layers",
        description="Fully connected layers before the answer. One is usually enough for digits.",
    )


class Augmentation(_Part):
    """Random changes made to every training picture, anew in each epoch."""

    shift: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Shift",
        description="Moves a picture by up to this share of its side. 0.1 makes drawn digits more robust.",
    )
    rotation: float = Field(
        0.0,
        ge=0,
        le=180,
        title="Rotation",
        description="Turns a picture by up to this many degrees either way. Beyond 20 a 6 may become a 9.",
    )
    zoom: float = Field(
        0.0, ge=0, le=0.5, title="Zoom", description="Enlarges or shrinks a picture by up to this share."
    )

    @property
    def active(self) -> bool:
        """Whether any picture is changed at all."""
        return bool(self.shift or self.rotation or self.zoom)


class TrainConfig(_Part):
    """How the network learns."""

    optimizer: Optimizer = Field(
        "adam",
        title="Optimizer",
        description="How gradients become steps. adam works almost always; sgd with momentum can end better but wants "
        "a tuned learning rate.",
    )
    learning_rate: float = Field(
        0.001,
        ge=1e-6,
        le=1.0,
        title="Learning rate",
        description="Size of a step. Too high: the loss jumps or turns to NaN. Too low: it crawls. Change it by "
        "factors of 3.",
    )
    momentum: float = Field(
        0.9,
        ge=0,
        le=0.999,
        title="Momentum",
        description="Only for sgd: how much of the last step is carried on. 0.9 is usual.",
    )
    weight_decay: float = Field(
        0.004,
        ge=0,
        le=0.5,
        title="Weight decay",
        description="Only for adamw: pulls all weights gently towards zero, against overfitting.",
    )
    schedule: Schedule = Field(
        "constant",
        title="Schedule",
        description="How the learning rate changes during the run. cosine and one_cycle often end a little better "
        "than constant.",
    )
    warmup_epochs: float = Field(
        0.0,
        ge=0,
        le=50,
        title="Warm-up",
        description="Epochs in which the rate climbs from near zero. Helps high rates and deep networks start calmly.",
    )
    step_every: int = Field(
        5, ge=1, le=500, title="Step every", description="Only for step: epochs between two drops of the rate."
    )
    step_factor: float = Field(
        0.5, gt=0, lt=1, title="Drop to", description="The share of the rate that remains after each drop."
    )
    plateau_patience: int = Field(
        3,
        ge=1,
        le=100,
        title="Plateau patience",
        description="Only for reduce_on_plateau: epochs without a better validation loss before the rate drops.",
    )
    batch_size: int = Field(
        64,
        ge=1,
        le=4096,
        title="Batch size",
        description="Pictures per step. Larger batches run faster per picture but take fewer steps each epoch.",
    )
    epochs: int = Field(
        5,
        ge=1,
        le=1000,
        title="Epochs",
        description="How often every training picture is seen. Stop when the validation curve flattens.",
    )
    validation_fraction: float = Field(
        0.1,
        ge=0.01,
        le=0.5,
        title="Validation share",
        description="Share of the training pictures set aside to check progress. They are never learned from.",
    )
    label_smoothing: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Label smoothing",
        description="Asks for a little less than full certainty; 0.1 makes confidences more honest.",
    )
    augmentation: Augmentation = Field(
        Augmentation(), title="Augmentation", description="Random changes made to the training pictures."
    )
    early_stopping: bool = Field(
        False,
        title="Early stopping",
        description="Ends the run when the watched figure has stopped getting better.",
    )
    monitor: Monitor = Field(
        "val_loss",
        title="Watch",
        description="The validation figure that early stopping and keep-best go by.",
    )
    patience: int = Field(
        5, ge=1, le=100, title="Patience", description="Epochs without an improvement before the run ends."
    )
    keep_best: bool = Field(
        False,
        title="Keep the best epoch",
        description="At the end goes back to the weights of the best epoch instead of the last one's.",
    )
    stages: str = Field(
        "",
        pattern=r"^([1-9]\d{0,3}/[1-9]\d{0,3}(,[1-9]\d{0,3}/[1-9]\d{0,3})*)?$",
        title="Earlier stages",
        examples=["7/30"],
        description="Where a run that was trained longer had ended before, and how many epochs it was planned for "
        "then: 7/30 is 7 of 30. The learning rate up to there follows that plan.",
    )
    seed: int = Field(
        1,
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="Start of all chance: first weights, split, order, dropout, augmentation. The same seed gives the "
        "same run.",
    )

    @property
    def plans(self) -> tuple[tuple[int, int], ...]:
        """The earlier stages: pairs of the epochs that had been trained at the end of each, and those planned."""
        pairs = (stage.split("/") for stage in self.stages.split(",") if stage)
        return tuple((int(ended), int(planned)) for ended, planned in pairs)

    def longer(self, ended: int, epochs: int) -> "TrainConfig":
        """The same recipe, gone on with to `epochs` in all after it had ended with `ended` of those planned."""
        stages = ",".join(filter(None, (self.stages, f"{ended}/{self.epochs}")))
        return self.model_copy(update={"epochs": epochs, "stages": stages})


class RunConfig(_Part):
    """All that a run depends on. The same configuration on the same machine gives the same weights."""

    preset: str | None = Field(None, title="Preset", description="The recipe these settings started from.")
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    train: TrainConfig = TrainConfig()
