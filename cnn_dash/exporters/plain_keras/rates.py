"""The learning rate of a run: a number, a schedule of Keras, or one of its own where Keras has none."""

from dataclasses import dataclass

from cnn_dash.config import TrainConfig
from cnn_dash.exporters.plain_keras.section import Section, fill
from cnn_dash.training.schedule import CLIMB, END_SHARE, PLATEAU_MIN_SHARE, START_SHARE

_STEPS = "STEPS = math.ceil(len(x_train) / BATCH_SIZE)  # per epoch\n"
_MATH, _KERAS, _OPS = "import math", "import keras", "from keras import ops"

_COSINE = _STEPS + "schedule = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, decay_steps=EPOCHS * STEPS)"
_STEP = (
    _STEPS
    + """\
schedule = keras.optimizers.schedules.ExponentialDecay(
    LEARNING_RATE, decay_steps=$every * STEPS, decay_rate=$factor, staircase=True
)
"""
)
_OWN = (
    _STEPS
    + '''

$before
class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """$doc"""

    def __call__(self, step):
        """Return the learning rate of a step, counted from 0 over all epochs."""
        epoch = ops.cast(step, "float32") / STEPS
        $planned
        $body


schedule = Schedule()
'''
)
_HALF_COSINE = '''
def half_cosine(start, end, done):
    """Return the value between start and end, on half a cosine wave, after a fraction `done` of it."""
    return end + (start - end) * (1 + ops.cos(math.pi * done)) / 2
'''
_ONE_CYCLE = f"""
done = epoch / $epochs
climb = half_cosine(1 / {1 / START_SHARE:.0f}, 1, done / {CLIMB})
fall = half_cosine(1, 1 / {1 / END_SHARE:.0f}, (done - {CLIMB}) / {1 - CLIMB:g})
return LEARNING_RATE * ops.where(done < {CLIMB}, climb, fall)
"""
_WARM = "ops.clip(epoch / $warm, 0.001, 1)"
_WARM_COSINE = f"""
done = ops.maximum(epoch - $warm, 0) / ($epochs - $warm)
return LEARNING_RATE * (1 + ops.cos(math.pi * done)) / 2 * {_WARM}
"""
_PLANNED_COSINE = "return LEARNING_RATE * (1 + ops.cos(math.pi * epoch / $epochs)) / 2"
_WARM_STEP = f"""
drops = ops.cast(step // ($every * STEPS), "float32")
return LEARNING_RATE * $factor**drops * {_WARM}
"""
_WARM_PLATEAU = (
    _STEPS
    + '''

class WarmUpAndPlateau(keras.callbacks.Callback):
    """Warms the rate up for $warm epochs, and lowers it when the validation loss has stopped falling."""

    def on_train_begin(self, logs=None):
        """Start at the full rate."""
        self.step, self.rate = 0, LEARNING_RATE
        self.best, self.waited = math.inf, 0

    def on_train_batch_begin(self, batch, logs=None):
        """Set the rate of the next step."""
        self.model.optimizer.learning_rate = self.rate * min(max(self.step / STEPS / $warm, 0.001), 1)
        self.step += 1

    def on_epoch_end(self, epoch, logs=None):
        """Lower the rate if the validation loss has not fallen for too long."""
        self.waited = 0 if logs["val_loss"] < self.best else self.waited + 1
        self.best = min(self.best, logs["val_loss"])
        if self.waited == $patience:
            self.rate, self.waited = max(self.rate * $factor, $least * LEARNING_RATE), 0
'''
)


@dataclass(frozen=True)
class Rates:
    """How a program sets the learning rate.

    Attributes:
        section: The code that defines it, if it is more than a number.
        rate: What the optimizer gets.
        callbacks: The callbacks that change it.
        own: Whether the schedule is a class of the program's own, without which a saved optimizer cannot be loaded.
    """

    section: Section | None = None
    rate: str = "LEARNING_RATE"
    callbacks: tuple[str, ...] = ()
    own: bool = False


def rates(train: TrainConfig) -> Rates:
    """Return how the learning rate of these settings is set: at every step the same as in CNN Dash."""
    warm = 0 if train.schedule == "one_cycle" else train.warmup_epochs
    every = "epoch" if train.step_every == 1 else f"{train.step_every} epochs"
    falls = f"is multiplied by {train.step_factor:g} every {every}"
    climbs = f"Linear warm-up over {_number(warm)} epochs, then"
    match train.schedule:
        case "one_cycle":
            return _own(train, f"Rises for {CLIMB:.0%} of the training, then falls almost to zero.", _ONE_CYCLE)
        case "cosine" if warm and warm < train.epochs:
            return _own(train, f"{climbs} cosine decay.", _WARM_COSINE)
        case "cosine" if not warm and _planned(train):
            return _own(train, "Cosine decay.", _PLANNED_COSINE)
        case "cosine" if not warm:
            return _of_keras("Cosine decay over the whole training.", _COSINE)
        case "step" if warm:
            return _own(train, f"Linear warm-up over {_number(warm)} epochs; the rate {falls}.", _WARM_STEP)
        case "step":
            code = fill(_STEP, every=train.step_every, factor=train.step_factor)
            return _of_keras(f"The rate {falls}.", code)
        case "reduce_on_plateau":
            return _warm_plateau(train) if warm else Rates(callbacks=(_plateau(train),))
        case _:
            return _own(train, f"{climbs} constant.", f"return LEARNING_RATE * {_WARM}") if warm else Rates()


def _number(value: float) -> str:
    """Return a number as a person writes it: 2 and 0.5, not 2.0."""
    return f"{value:.15g}"


def _of_keras(text: str, code: str) -> Rates:
    return Rates(Section("Learning rate", (text,), code.strip("\n"), (_MATH, _KERAS)), rate="schedule")


def _own(train: TrainConfig, doc: str, body: str) -> Rates:
    """Return a schedule of the program's own, whose body computes with `epoch`, the epochs before a step."""
    planned = _planned(train) if "$epochs" in body else ""
    code = fill(
        _OWN,
        before=f"{fill(_HALF_COSINE)}\n\n" if "half_cosine" in body else "",
        doc=doc,
        planned=planned and f"epochs = {planned}  # trained longer later",
        body=fill(
            body,
            epochs="epochs" if planned else "EPOCHS",
            warm=_number(train.warmup_epochs),
            every=train.step_every,
            factor=train.step_factor,
        ),
    )
    text = "The rate changes at every step; `epoch` counts finished epochs, fractions included."
    return Rates(Section("Learning rate", (text,), code, (_MATH, _KERAS, _OPS)), rate="schedule", own=True)


def _planned(train: TrainConfig) -> str:
    """Return for how many epochs a step was planned, if the run was trained longer than planned; else nothing.

    Until it was trained longer, such a run followed its former plan.
    """
    warm = train.warmup_epochs if train.schedule == "cosine" else 0
    if all(planned == train.epochs for _, planned in train.plans):
        return ""
    found = "EPOCHS"
    for ended, planned in reversed(train.plans):
        # What was planned within the warm-up never gets to the cosine; any other length will do there.
        found = f"ops.where(epoch < {ended}, {float(planned if planned > warm else train.epochs)}, {found})"
    return found


def _plateau(train: TrainConfig) -> str:
    options = f"factor={train.step_factor}, patience={train.plateau_patience}, min_delta=0"
    return f'keras.callbacks.ReduceLROnPlateau("val_loss", {options}, min_lr={PLATEAU_MIN_SHARE} * LEARNING_RATE)'


def _warm_plateau(train: TrainConfig) -> Rates:
    code = fill(
        _WARM_PLATEAU,
        warm=_number(train.warmup_epochs),
        patience=train.plateau_patience,
        factor=train.step_factor,
        least=PLATEAU_MIN_SHARE,
    )
    text = (
        "Keras has no callback for warm-up and plateau together. This works with TensorFlow and "
        "PyTorch; with JAX, a callback can change the rate only once per epoch."
    )
    return Rates(Section("Learning rate", (text,), code, (_MATH, _KERAS)), callbacks=("WarmUpAndPlateau()",))
