"""The learning rate of an exported program: at every step the same as ours."""

import itertools
from typing import Any

import numpy as np
import pytest

from cnn_dash.config import TrainConfig
from cnn_dash.exporters.plain_keras.rates import rates
from cnn_dash.training.schedule import learning_rate

EPOCHS, IMAGES, BATCH, RATE = 7, 50, 8, 0.003
STEPS = 7  # in an epoch: six full batches, and one of two images


def rates_of(train: TrainConfig) -> list[float]:
    """The rate of each step, from the program's schedule."""
    made = rates(train)
    if made.section is None:
        assert (made.rate, made.callbacks) == ("LEARNING_RATE", ())
        return [RATE] * STEPS * EPOCHS
    names: dict[str, Any] = {"x_train": np.zeros(IMAGES), "BATCH_SIZE": BATCH, "EPOCHS": EPOCHS, "LEARNING_RATE": RATE}
    exec("\n".join((*made.section.imports, made.section.code)), names)
    assert made.rate == "schedule"
    return [float(names["schedule"](step)) for step in range(STEPS * EPOCHS)]


@pytest.mark.parametrize(
    ("schedule", "warm", "stages"),
    list(
        itertools.product(
            ("constant", "cosine", "one_cycle", "step"),
            (0, 0.3, 2, 3.7, EPOCHS, 50),
            ("", f"3/{EPOCHS}", "2/4", "2/3,4/20", "4/4,6/50"),
        )
    ),
)
def test_it_is_ours_at_every_step(schedule: Any, warm: float, stages: str) -> None:
    train = TrainConfig(
        schedule=schedule, warmup_epochs=warm, stages=stages, epochs=EPOCHS, batch_size=BATCH, learning_rate=RATE,
        step_every=2, step_factor=0.3,
    )  # fmt: skip
    expected = [learning_rate(train, step / STEPS) for step in range(STEPS * EPOCHS)]
    np.testing.assert_allclose(rates_of(train), expected, rtol=1e-5, atol=1e-6 * RATE)


def test_only_a_schedule_that_keras_does_not_have_is_a_class_of_its_own() -> None:
    own = {name: rates(TrainConfig(schedule=name)).own for name in ("constant", "cosine", "one_cycle", "step")}
    assert own == {"constant": False, "cosine": False, "one_cycle": True, "step": False}
    assert rates(TrainConfig(schedule="cosine", warmup_epochs=1)).own
