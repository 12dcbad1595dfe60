"""The images that the live panel shows of an epoch: which they are, and that the training does not notice."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cnn_dash.config import Augmentation, ModelConfig, TrainConfig
from cnn_dash.datasets.dataset import Split
from cnn_dash.models.build import build
from cnn_dash.runs import epoch_images
from cnn_dash.runs.folder import RunFolder
from cnn_dash.settings import Settings
from cnn_dash.training.augment import augment
from cnn_dash.training.engine import Engine
from cnn_dash.training.epoch_images import EACH, OF_BATCH, EpochImages
from cnn_dash.training.fit import fit
from cnn_dash.training.randomness import order
from cnn_dash.training.run import weights_sha256
from tests.memory_artifacts import MemoryArtifactStore
from tests.unit.training.listening import Listening

NAMES = tuple("0123456789")
TRAIN = TrainConfig(
    epochs=2, batch_size=48, augmentation=Augmentation(shift=0.1, rotation=10, zoom=0.1), keep_best=False, seed=3
)


def engine_for(model: ModelConfig, digits: Split, train: TrainConfig = TRAIN) -> Engine:
    return Engine(build(model, (28, 28, 1), 10, train.seed), digits, train)


def written(folder: RunFolder, epoch: int = 10**6) -> dict[str, Any]:
    found = epoch_images.newest(folder, epoch)
    assert found is not None
    return dict(json.loads(found))


def pixels(found: dict[str, Any]) -> np.ndarray:
    """The images of the strip, uint8 (N, H, W)."""
    head, _, content = found["strip"].partition(",")
    assert head == "data:image/png;base64"
    strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(content))))
    return strip.reshape(found["height"], -1, found["width"]).transpose(1, 0, 2)


@pytest.fixture
def folder(tmp_path: Any) -> RunFolder:
    return RunFolder.of(Settings(home=tmp_path), 1)


def test_best_and_worst_are_those_of_the_network_after_the_epoch(
    everything: ModelConfig, digits: Split, more_digits: Split, folder: RunFolder
) -> None:
    engine = engine_for(everything, digits)
    images = EpochImages(engine, more_digits, NAMES, folder, 1)
    fit(engine, more_digits, Listening(), on_validated=images.take)
    images.finish()
    found = written(folder)
    assert found["epoch"] == 2
    p = engine.probabilities(more_digits.images)
    own = p[np.arange(len(p)), more_digits.labels]
    worst, best = np.argsort(own, kind="stable")[:EACH], np.argsort(-own, kind="stable")[:EACH]
    shown = pixels(found)
    for group, indices, begin in (("worst", worst, 0), ("best", best, EACH)):
        assert [one["class"] for one in found[group]] == [NAMES[label] for label in more_digits.labels[indices]]
        assert [one["predicted"] for one in found[group]] == [NAMES[label] for label in p[indices].argmax(1)]
        np.testing.assert_allclose([one["probability"] for one in found[group]], own[indices], rtol=1e-5)
        np.testing.assert_array_equal(shown[begin : begin + EACH], more_digits.images[indices, ..., 0])


@pytest.mark.parametrize("amount", [0.0, 0.2])
def test_the_batch_is_what_the_network_gets(
    amount: float, small: ModelConfig, digits: Split, more_digits: Split, folder: RunFolder
) -> None:
    """The first batch of the second epoch, augmented by the number of its step, as a whole."""
    train = TRAIN.model_copy(update={"augmentation": Augmentation(shift=amount)})
    engine = engine_for(small, digits, train)
    images = EpochImages(engine, more_digits, NAMES, folder, 1)
    p = engine.probabilities(more_digits.images)
    images.take(2, p)
    found = written(folder)
    batch = order(len(digits), train.seed, 1)[:48]
    expected = digits.images[batch].astype(np.float32)
    if amount:
        expected = np.asarray(augment(expected, train.augmentation, [train.seed, -(-256 // 48)]))
        assert np.abs(expected - digits.images[batch]).max() > 50
    np.testing.assert_allclose(pixels(found)[2 * EACH :], expected[:OF_BATCH, ..., 0].round(), atol=1)
    assert [one["class"] for one in found["batch"]] == [NAMES[label] for label in digits.labels[batch[:OF_BATCH]]]
    assert (found["batch_size"], found["augmented"]) == (48, amount > 0)


def test_the_training_is_the_same_with_and_without_them(
    everything: ModelConfig, digits: Split, more_digits: Split, folder: RunFolder
) -> None:
    weights = []
    for watched in (False, True):
        engine = engine_for(everything, digits)
        images = EpochImages(engine, more_digits, NAMES, folder, 1)
        fit(engine, more_digits, Listening(), on_validated=images.take if watched else None)
        weights.append(weights_sha256(engine.model))
    assert weights[0] == weights[1]
    assert written(folder)["epoch"] >= 1


def test_epochs_that_are_too_short_are_passed_over_but_not_the_last(
    small: ModelConfig, digits: Split, more_digits: Split, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.01  # each writing takes this long
        return now

    monkeypatch.setattr("cnn_dash.training.epoch_images.time.perf_counter", clock)
    engine = engine_for(small, digits)
    images = EpochImages(engine, more_digits, NAMES, folder, 1)
    p = engine.probabilities(more_digits.images)
    images.take(1, p)
    images.take(2, p)
    assert written(folder)["epoch"] == 1
    now += 1
    images.take(3, p)
    images.take(4, p)
    assert written(folder)["epoch"] == 3
    images.finish()
    assert written(folder)["epoch"] == 4


def test_fewer_images_than_are_shown(small: ModelConfig, digits: Split, more_digits: Split, folder: RunFolder) -> None:
    few = Split(more_digits.images[:3], more_digits.labels[:3])
    engine = engine_for(small, Split(digits.images[:5], digits.labels[:5]))
    EpochImages(engine, few, NAMES, folder, 1).take(1, engine.probabilities(few.images))
    found = written(folder)
    assert [len(found[group]) for group in ("worst", "best", "batch")] == [3, 3, 5]
    assert found["batch_size"] == 5
    assert len(pixels(found)) == 11


def test_a_full_disk_does_not_end_the_training(
    small: ModelConfig, digits: Split, more_digits: Split, caplog: pytest.LogCaptureFixture
) -> None:
    class Full(MemoryArtifactStore):
        def put(self, key: str, write: Any) -> None:
            raise OSError(28, "No space left on device")

    engine = engine_for(small, digits)
    images = EpochImages(engine, more_digits, NAMES, RunFolder(Full(), 1), 1)
    images.take(1, engine.probabilities(more_digits.images))
    assert "images of epoch 1 could not be written" in caplog.text


def test_the_newest_are_those_of_the_last_claim_and_not_of_an_epoch_that_was_dropped(folder: RunFolder) -> None:
    for attempt, epoch in ((1, 9), (2, 3), (2, 4)):
        epoch_images.write(folder, attempt, epoch, f"{attempt} {epoch}".encode())
    assert epoch_images.newest(folder, 4) == b"2 4"
    assert epoch_images.newest(folder, 3) == b"2 3"  # epoch 4 is not recorded yet
    assert epoch_images.newest(folder, 2) is None
    kept = [artifact.key for artifact in folder.artifacts.list(folder.key)]
    assert sorted(kept) == ["00001/epoch-images/0002-00003.json", "00001/epoch-images/0002-00004.json"]
