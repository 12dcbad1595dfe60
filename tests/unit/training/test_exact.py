"""A training that is put down and taken up again gives the same weights, bit for bit: real networks, real files."""

import itertools
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash import presets
from cnn_dash.artifacts.local import LocalArtifactStore
from cnn_dash.config import Augmentation, ConvBlock, ModelConfig, TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.errors import StoreError
from cnn_dash.hyperparameters import choices
from cnn_dash.models.build import build
from cnn_dash.recording.hooks import RecordingCallback
from cnn_dash.runs.folder import RunFile
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.status import Request
from cnn_dash.training.checkpoint import newest_readable, read_checkpoint, write_checkpoint
from cnn_dash.training.engine import Engine
from cnn_dash.training.fit import fit
from cnn_dash.training.listener import Save
from cnn_dash.training.run import weights_sha256
from tests.unit.training.listening import Listening

ALL_THAT_IS_RANDOM: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 32,
    "augmentation": Augmentation(shift=0.1, rotation=10, zoom=0.1),
    "schedule": "one_cycle",
    "keep_best": True,
    "label_smoothing": 0.05,
}


class Listener(Listening):
    """Pauses at its n-th look and keeps the checkpoint in a file, as a worker does."""

    def __init__(self, file: Path, pause_at: int) -> None:
        super().__init__()
        self.file = file
        self.looks = itertools.count(1)
        self.pause_at = pause_at

    def pending_request(self) -> Request | None:
        return Request.PAUSE if next(self.looks) >= self.pause_at else None

    def checkpoint(self, save: Save) -> None:
        write_checkpoint(self.file, save())


def trained(
    model: ModelConfig, train: TrainConfig, digits: Split, validation: Split, file: Path, pauses: list[int]
) -> tuple[keras.Model, list[EpochMetrics]]:
    """Train to the end, paused after so many looks each time; every time with an engine of its own."""
    checkpoint = None
    records: list[EpochMetrics] = []
    for pause_at in [*pauses, 10**6]:
        engine = Engine(build(model, (28, 28, 1), 10, train.seed), digits, train)
        listener = Listener(file, pause_at)
        fitted = fit(engine, validation, listener, checkpoint, [RecordingCallback(listener)])
        records += listener.epochs
        if fitted.asked is None:
            break
        checkpoint = read_checkpoint(file)
    assert fitted.asked is None
    return engine.model, records


def with_all_that_is_random(model: ModelConfig) -> ModelConfig:
    blocks = tuple(block.model_copy(update={"batch_norm": True, "dropout": 0.2}) for block in model.blocks)
    dense = tuple(layer.model_copy(update={"dropout": 0.3}) for layer in model.dense)
    return model.model_copy(update={"blocks": blocks, "dense": dense})


def check(model: ModelConfig, train: TrainConfig, digits: Split, validation: Split, file: Path) -> None:
    whole, records = trained(model, train, digits, validation, file, [])
    rng = np.random.default_rng(len(model.blocks))
    parts, same_records = trained(model, train, digits, validation, file, rng.integers(2, 7, 2).tolist())
    assert weights_sha256(parts) == weights_sha256(whole)

    def metrics(of: list[EpochMetrics]) -> list[tuple[float | None, ...]]:
        return [
            (
                r.epoch,
                r.metrics["loss"],
                r.metrics["val_loss"],
                r.metrics["val_accuracy"],
                r.metrics.get("val_auc"),
                r.metrics["learning_rate"],
            )
            for r in of
        ]

    assert metrics(same_records) == metrics(records)


@pytest.mark.parametrize("name", presets.PRESETS)
def test_every_preset_goes_on_exactly(name: str, digits: Split, more_digits: Split, tmp_path: Path) -> None:
    preset = presets.get(name)
    train = preset.train.model_copy(update=ALL_THAT_IS_RANDOM)
    check(with_all_that_is_random(preset.model), train, digits, more_digits, tmp_path / "x.npz")


@pytest.mark.parametrize("optimizer", choices("train.optimizer"))
def test_every_optimizer_goes_on_exactly(
    optimizer: str, everything: ModelConfig, digits: Split, more_digits: Split, tmp_path: Path
) -> None:
    train = TrainConfig.model_validate(ALL_THAT_IS_RANDOM | {"optimizer": optimizer, "schedule": "reduce_on_plateau"})
    check(everything, train, digits, more_digits, tmp_path / "x.npz")


@pytest.fixture
def engine(small: ModelConfig, digits: Split) -> Engine:
    return Engine(build(small, (28, 28, 1), 10, 1), digits, TrainConfig())


def test_the_state_of_an_engine_holds_every_variable(everything: ModelConfig, digits: Split) -> None:
    """Dropout's generators and Nadam's running product are what Keras leaves out of a file."""
    engine = Engine(build(everything, (28, 28, 1), 10, 1), digits, TrainConfig(optimizer="nadam"))
    state = engine.state()
    generators = [layer.seed_generator.state for layer in engine.model.layers if hasattr(layer, "seed_generator")]
    assert generators
    kept = {name: id(variable) for name, variable in engine._variables().items()}
    assert {id(variable) for variable in (*engine.model.variables, *generators)} <= set(kept.values())
    assert id(engine.optimizer._u_product) in kept.values()
    assert set(state) == set(kept)


def test_a_copy_of_the_state_does_not_change_with_the_engine(engine: Engine) -> None:
    state = engine.state()
    before = {name: array.copy() for name, array in state.items()}
    engine.steps(np.arange(64, dtype=np.int32).reshape(2, 32), np.full(2, 0.1, np.float32), 0)
    assert all(np.array_equal(state[name], before[name]) for name in state)
    assert any(not np.array_equal(engine.state()[name], before[name]) for name in state)


def test_a_checkpoint_of_another_network_is_refused(engine: Engine, digits: Split) -> None:
    wider = ModelConfig(blocks=(ConvBlock(filters=9, kernel_size=5, stride=2),), head="global_average")
    other = Engine(build(wider, (28, 28, 1), 10, 1), digits, TrainConfig())
    with pytest.raises(StoreError, match="does not fit the network"):
        engine.restore(other.state())


def test_of_damaged_checkpoints_the_one_before_is_used(engine: Engine, tmp_path: Path) -> None:
    def saved(epoch: int) -> Path:
        file = tmp_path / f"{epoch}.npz"
        listener = Listener(file, 1)
        listener.checkpoint(partial(_checkpoint, engine, epoch))
        return file

    newest, before = saved(2), saved(1)
    artifacts = LocalArtifactStore(tmp_path)
    files = [RunFile(artifacts, newest.name), RunFile(artifacts, before.name)]
    whole = newest.read_bytes()
    for damaged in (b"", whole[:100], whole[:-30], _flipped(whole), b"PK" + bytes(500)):
        newest.write_bytes(damaged)
        found, problems = newest_readable(files)
        assert found is not None
        assert (found.epoch, len(problems)) == (1, 1)
        assert "2.npz cannot be read" in str(problems[0])
    write_of_another_format(newest)
    found, problems = newest_readable(files)
    assert "it has format 99" in str(problems[0])
    before.unlink()
    found, problems = newest_readable(files)
    assert (found, len(problems)) == (None, 2)


def write_of_another_format(file: Path) -> None:
    np.savez(file, loop=np.frombuffer(b'{"format": 99, "epoch": 1, "batch": 0}', np.uint8))


def _checkpoint(engine: Engine, epoch: int) -> Any:
    from cnn_dash.training.checkpoint import Checkpoint

    return Checkpoint(engine.state(), {"epoch": epoch, "batch": 0})


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
