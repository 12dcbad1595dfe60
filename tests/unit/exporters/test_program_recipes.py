"""Every setting of a recipe, as exported: replayed with our first weights and our batches, it is the same training."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cnn_dash import presets
from cnn_dash.config import RunConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.datasets.sources import embedded
from cnn_dash.datasets.splits import validation_split
from cnn_dash.exporters.script import script
from cnn_dash.hyperparameters import override
from cnn_dash.models.build import build
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.training import engine as engine_module
from cnn_dash.training.engine import Engine
from cnn_dash.training.fit import fit
from cnn_dash.training.randomness import order
from tests.unit.exporters.programs import Ran, run_programs, source_of
from tests.unit.training.listening import Listening

BASE: dict[str, Any] = {
    "data.dataset": "own", "train.epochs": 4, "train.batch_size": 48, "train.validation_fraction": 0.25,
    "model.blocks.0.filters": 4, "model.blocks.1.filters": 6, "model.blocks.2.filters": 6, "model.dense.0.units": 16,
    "train.learning_rate": 0.01,
}  # fmt: skip
EVERY_LAYER = {
    "model.blocks.0.activation": "gelu", "model.blocks.0.padding": "same", "model.blocks.0.batch_norm": True,
    "model.blocks.0.pooling": "average", "model.blocks.1.activation": "elu", "model.blocks.1.stride": 2,
    "model.blocks.1.pooling": "none", "model.blocks.2.activation": "tanh", "model.blocks.2.padding": "same",
    "model.blocks.2.pool_size": 3, "model.blocks.2.batch_norm": True, "model.head": "global_average",
    "model.dense.0.activation": "leaky_relu",
}  # fmt: skip
SAME: dict[str, dict[str, Any]] = {
    "constant, warm-up, early stopping": {
        "train.warmup_epochs": 0.5, "train.early_stopping": True, "train.patience": 1, "train.monitor": "val_accuracy",
        "train.keep_best": True, "train.epochs": 12, "train.learning_rate": 0.02,
    },
    "cosine, AdamW, label smoothing": {
        "train.schedule": "cosine", "train.optimizer": "adamw", "train.weight_decay": 0.02,
        "train.label_smoothing": 0.1, "train.keep_best": True, "train.learning_rate": 0.02,
    },
    "cosine, warm-up, RMSprop, AUC": {
        "train.schedule": "cosine", "train.warmup_epochs": 1.5, "train.optimizer": "rmsprop", "train.keep_best": True,
        "train.monitor": "val_auc", "train.early_stopping": True, "train.patience": 2, "train.epochs": 8,
    },
    "one cycle, trained longer, SGD, every layer": {
        "train.schedule": "one_cycle", "train.stages": "2/3,3/6", "train.epochs": 5, "train.optimizer": "sgd",
        "train.momentum": 0.8, **EVERY_LAYER,
    },
    "balanced classes": {
        "train.balance_classes": True,
    },
    "balanced classes, label smoothing": {
        "train.balance_classes": True, "train.label_smoothing": 0.1,
    },
    "steps, Nadam": {
        "train.schedule": "step", "train.step_every": 2, "train.optimizer": "nadam",
    },
    "plateau": {
        "train.schedule": "reduce_on_plateau", "train.plateau_patience": 1, "train.step_factor": 0.1,
        "train.learning_rate": 0.02, "train.epochs": 8,
    },
    "plateau, warm-up": {
        "train.schedule": "reduce_on_plateau", "train.plateau_patience": 1, "train.warmup_epochs": 3,
        "train.learning_rate": 0.05, "train.epochs": 8,
    },
}  # fmt: skip
RANDOM = {
    "train.augmentation.shift": 0.1, "train.augmentation.rotation": 10, "train.augmentation.zoom": 0.2,
    "model.blocks.0.dropout": 0.2, "model.dense.0.dropout": 0.4, "train.early_stopping": True, "train.epochs": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Ours:
    """A training of ours: its epochs, the rate of every step, the weights in the end."""

    epochs: list[EpochMetrics]
    rates: list[float]
    weights: list[np.ndarray]


def digits() -> dict[str, np.ndarray]:
    """400 digits for training and validation, and 50 others for the test."""
    images, labels = embedded.MNIST_5K.read(embedded.MNIST_5K.path())
    chosen = np.random.default_rng(0).permutation(len(labels))[:450]
    images, labels = images[chosen], labels[chosen]
    return {"x_train": images[:400], "y_train": labels[:400], "x_test": images[400:], "y_test": labels[400:]}


def train_ours(config: RunConfig, replay: Path) -> Ours:
    """Train as a worker does, and keep first weights and orders for the replay."""
    data, train = digits(), config.train
    images, labels = data["x_train"][..., None], data["y_train"].astype(np.int64)
    parts = [Split(images[one], labels[one]) for one in validation_split(400, train.validation_fraction, train.seed)]
    model = build(config.model, (28, 28, 1), 10, train.seed)
    orders = [order(len(parts[0]), train.seed, epoch) for epoch in range(train.epochs)]
    np.savez(replay, *model.get_weights(), orders=orders)
    rates: list[float] = []

    class Noted(Engine):
        def steps(self, indices: Any, step_rates: Any, first_step: int) -> Any:
            rates.extend(map(float, step_rates))
            return super().steps(indices, step_rates, first_step)

    listener = Listening()
    fit(Noted(model, parts[0], train), parts[1], listener, callbacks=[RecordingCallback(listener)])
    return Ours(listener.epochs, rates, model.get_weights())


@pytest.fixture(scope="module")
def all_of_them(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Ours | None, Ran, RunConfig]]:
    place = tmp_path_factory.mktemp("recipes")
    np.savez(place / "own.npz", **digits())
    trained: dict[str, tuple[Ours | None, Path, RunConfig]] = {}
    for number, (name, changes) in enumerate([*SAME.items(), ("random", RANDOM)]):
        folder = place / str(number)
        folder.mkdir()
        config = override(presets.get("compact-valid").config(), {"train.optimizer": "adam"} | BASE | changes)
        ours = None if name == "random" else train_ours(config, folder / "replay.npz")
        (folder / "script.py").write_text(script(source_of(config)), "utf-8")
        trained[name] = ours, folder / "script.py", config
    ran = run_programs([file for _, file, _ in trained.values()], place / "own.npz")
    return {name: (ours, one, config) for (name, (ours, _, config)), one in zip(trained.items(), ran, strict=True)}


@pytest.mark.parametrize("name", SAME)
def test_it_is_the_same_training(all_of_them: dict[str, tuple[Ours, Ran, RunConfig]], name: str) -> None:
    ours, ran, config = all_of_them[name]
    logs = ran.told["logs"]
    assert len(logs) == len(ours.epochs)
    np.testing.assert_allclose(ran.arrays["rates"], ours.rates, rtol=1e-4, atol=1e-6 * config.train.learning_rate)
    for metric in ("loss", "accuracy", "val_loss", "val_accuracy"):
        theirs = [epoch[metric] for epoch in logs]
        np.testing.assert_allclose(theirs, [epoch.metrics[metric] for epoch in ours.epochs], rtol=1e-3, atol=1e-4)
    for one, other in zip(ran.weights, ours.weights, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_the_recipes_do_what_they_are_to_show(all_of_them: dict[str, tuple[Ours, Ran, RunConfig]]) -> None:
    early, _, config = all_of_them["constant, warm-up, early stopping"]
    assert 1 < len(early.epochs) < config.train.epochs
    assert all(ours.epochs[-1].metrics["loss"] < 2.31 for ours, *_ in all_of_them.values() if ours)  # ln 10 = 2.30
    for name in ("plateau", "plateau, warm-up"):
        ours, _, config = all_of_them[name]
        assert ours.rates[-1] < 0.9 * config.train.learning_rate


def test_the_optimizer_has_our_settings(all_of_them: dict[str, tuple[Ours, Ran, RunConfig]]) -> None:
    for _, ran, config in all_of_them.values():
        kind, theirs = ran.told["optimizer"]
        ours = engine_module.optimizer(config.train)
        assert kind == type(ours).__name__
        assert {"weight_decay", "clipnorm", "use_ema"} <= set(theirs)
        assert theirs == {name: vars(ours)[name] for name in theirs}


def test_what_is_random_trains_too_and_moves_images_only_in_training(
    all_of_them: dict[str, tuple[Ours, Ran, RunConfig]],
) -> None:
    _, ran, _ = all_of_them["random"]
    kinds = [kind for kind, _ in ran.told["layers"]]
    assert kinds[:4] == ["RandomZoom", "RandomRotation", "RandomTranslation", "Rescaling"]
    assert kinds.count("Dropout") == 2
    np.testing.assert_allclose(ran.arrays["saved"], ran.arrays["own"], atol=1e-5)
