"""The training: optimizer, schedule of the learning rate, augmentation, when it ends."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from cnn_dash.config.setting import EPOCHS, SIZES, Part, Setting
from cnn_dash.metrics import metric

Optimizer = Literal["adam", "adamw", "rmsprop", "sgd", "nadam"]
Schedule = Literal["constant", "cosine", "one_cycle", "step", "reduce_on_plateau"]
Monitor = Literal["val_loss", "val_accuracy", "val_auc"]

_SMALL_FRACTIONS = (0.0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)


class Augmentation(Part):
    """Random changes made to every training image, anew in each epoch."""

    shift: Annotated[float, Setting(unit="%", stops=_SMALL_FRACTIONS)] = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Shift",
        description="Moves an image by up to this fraction of its side. 0.1 helps with drawn digits.",
    )
    rotation: Annotated[float, Setting(unit="°", stops=(0, 2, 5, 8, 10, 15, 20, 30, 45, 90, 180))] = Field(
        0.0,
        ge=0,
        le=180,
        title="Rotation",
        description="Turns an image by up to this many degrees either way. Beyond 20 a 6 may become a 9.",
    )
    zoom: Annotated[float, Setting(unit="%", stops=_SMALL_FRACTIONS)] = Field(
        0.0, ge=0, le=0.5, title="Zoom", description="Enlarges or shrinks an image by up to this fraction."
    )

    @property
    def active(self) -> bool:
        """Whether any image is changed at all."""
        return bool(self.shift or self.rotation or self.zoom)


class TrainConfig(Part):
    """How the network learns."""

    optimizer: Annotated[
        Optimizer,
        Setting(labels={"adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop", "sgd": "SGD", "nadam": "Nadam"}),
    ] = Field(
        "adam",
        title="Optimizer",
        description="How gradients become steps. Adam works almost always; SGD with momentum can end better but wants "
        "a tuned learning rate.",
    )
    learning_rate: Annotated[
        float, Setting(stops=(*(round(d * 10.0**e, 8) for e in range(-6, 0) for d in (1, 2, 3, 5, 7)), 1.0), log=True)
    ] = Field(
        0.001,
        ge=1e-6,
        le=1.0,
        title="Learning rate",
        description="Size of a step. Too high: the loss jumps or turns to NaN. Too low: it crawls. Change it by "
        "factors of 3.",
    )
    momentum: Annotated[
        float,
        Setting(stops=(0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999), only_if={"optimizer": ("sgd",)}),
    ] = Field(
        0.9,
        ge=0,
        le=0.999,
        title="Momentum",
        description="How much of the last step is carried on. 0.9 is usual.",
    )
    weight_decay: Annotated[
        float,
        Setting(
            stops=(0.0, 0.0001, 0.0003, 0.001, 0.002, 0.004, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
            only_if={"optimizer": ("adamw",)},
        ),
    ] = Field(
        0.004,
        ge=0,
        le=0.5,
        title="Weight decay",
        description="Pulls all weights gently towards zero, against overfitting.",
    )
    schedule: Annotated[
        Schedule, Setting(labels={"one_cycle": "one cycle", "reduce_on_plateau": "reduce on plateau"})
    ] = Field(
        "constant",
        title="Learning rate schedule",
        description="How the learning rate changes during the run. cosine and one cycle often end a little better "
        "than constant.",
    )
    warmup_epochs: Annotated[
        float,
        Setting(
            unit="epochs",
            stops=(0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0, 50.0),
            only_if={"schedule": ("constant", "cosine", "step", "reduce_on_plateau")},
        ),
    ] = Field(
        0.0,
        ge=0,
        le=50,
        title="Warm-up",
        description="Epochs in which the rate climbs from near zero. Helps high rates and deep networks start calmly.",
    )
    step_every: Annotated[int, Setting(unit="epochs", stops=(*EPOCHS, 200, 500), only_if={"schedule": ("step",)})] = (
        Field(5, ge=1, le=500, title="Step every", description="Epochs between two drops of the rate.")
    )
    step_factor: Annotated[
        float,
        Setting(
            unit="%",
            stops=(0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95),
            only_if={"schedule": ("step", "reduce_on_plateau")},
        ),
    ] = Field(0.5, gt=0, lt=1, title="Drop to", description="The part of the rate that remains after each drop.")
    plateau_patience: Annotated[
        int, Setting(unit="epochs", stops=EPOCHS, only_if={"schedule": ("reduce_on_plateau",)})
    ] = Field(
        3,
        ge=1,
        le=100,
        title="Plateau patience",
        description="Epochs without a better validation loss before the rate drops.",
    )
    batch_size: Annotated[int, Setting(stops=SIZES, log=True)] = Field(
        64,
        ge=1,
        le=4096,
        title="Batch size",
        description="Images per step. Larger batches run faster per image but take fewer steps each epoch.",
    )
    epochs: Annotated[
        int,
        Setting(stops=(*range(1, 11), 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 1000), log=True),
    ] = Field(
        5,
        ge=1,
        le=1000,
        title="Epochs",
        description="How often every training image is seen. Stop when the validation curve flattens.",
    )
    validation_fraction: Annotated[
        float, Setting(unit="%", stops=(0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5))
    ] = Field(
        0.1,
        ge=0.01,
        le=0.5,
        title="Validation split",
        description="Fraction of the training images set aside to check progress. They are never learned from.",
    )
    label_smoothing: Annotated[float, Setting(unit="%", stops=(0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5))] = (
        Field(
            0.0,
            ge=0,
            le=0.5,
            title="Label smoothing",
            description="Asks for a little less than full certainty; 0.1 makes confidences more honest.",
        )
    )
    balance_classes: bool = Field(
        False,
        title="Balance classes",
        description="Weights each training image by how rare its class is, so that a rare class counts as much as a "
        "frequent one. For unbalanced data sets.",
    )
    augmentation: Annotated[Augmentation, Setting(only_if={"model.base": ("none",)})] = Field(
        Augmentation(),
        title="Augmentation",
        description="Random changes made to the training images; none with a pretrained base, whose features are "
        "computed once.",
    )
    early_stopping: bool = Field(
        False,
        title="Early stopping",
        description="Ends the run when the monitored metric has stopped improving.",
    )
    monitor: Annotated[
        Monitor,
        Setting(
            labels={name: metric(name).phrase for name in get_args(Monitor)},
            only_if={"early_stopping": (True,), "keep_best": (True,)},
        ),
    ] = Field(
        "val_loss",
        title="Monitor",
        description="The validation metric by which the run is stopped early and its best epoch is chosen.",
    )
    patience: Annotated[int, Setting(unit="epochs", stops=EPOCHS, only_if={"early_stopping": (True,)})] = Field(
        5, ge=1, le=100, title="Patience", description="Epochs without an improvement before the run ends."
    )
    keep_best: bool = Field(
        False,
        title="Restore best weights",
        description="At the end goes back to the weights of the best epoch instead of the last one's.",
    )
    stages: str = Field(
        "",
        pattern=r"^([1-9]\d{0,3}/[1-9]\d{0,3}(,[1-9]\d{0,3}/[1-9]\d{0,3})*)?$",
        title="Earlier training",
        examples=["7/30"],
        description="Where a run that was trained longer had ended before, and how many epochs it was planned for "
        "then: 7/30 is 7 of 30. The learning rate up to there follows that plan.",
    )
    seed: int = Field(
        1,
        ge=0,
        le=2**31 - 1,
        title="Seed",
        description="Random seed of first weights, split, order, dropout and augmentation. The same seed gives "
        "the same run.",
    )

    @property
    def plans(self) -> tuple[tuple[int, int], ...]:
        """The earlier training: pairs of the epochs that had been trained at the end of each, and those planned."""
        pairs = (stage.split("/") for stage in self.stages.split(",") if stage)
        return tuple((int(ended), int(planned)) for ended, planned in pairs)

    def longer(self, ended: int, epochs: int) -> "TrainConfig":
        """Return the same recipe, continued to `epochs` in all after it had ended with `ended` of those planned."""
        stages = ",".join(filter(None, (self.stages, f"{ended}/{self.epochs}")))
        return self.model_copy(update={"epochs": epochs, "stages": stages})
