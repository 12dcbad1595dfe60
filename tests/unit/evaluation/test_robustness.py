import numpy as np
import pytest

from cnn_dash.artifacts.local import LocalArtifactStore
from cnn_dash.errors import StoreError
from cnn_dash.evaluation import robustness
from cnn_dash.evaluation.disturbances import DISTURBANCES
from cnn_dash.evaluation.robustness import Robustness, measure_robustness
from cnn_dash.runs.folder import RunFile


def bright_or_dark(images: np.ndarray) -> np.ndarray:
    """A network that tells bright images (class 1) from dark ones by their mean."""
    bright = images.reshape(len(images), -1).mean(axis=1) / 255
    return np.stack([1 - bright, bright], axis=1).astype(np.float32)


def images(count: int, channels: int = 1) -> tuple[np.ndarray, np.ndarray]:
    labels = np.arange(count) % 2
    pixels = np.random.default_rng(0).integers(0, 60, (count, 8, 8, channels))
    return (pixels + 190 * labels[:, None, None, None]).astype(np.uint8), labels.astype(np.int64)


def test_a_network_that_looks_at_brightness_fails_under_inversion_alone():
    told = []
    found = measure_robustness(bright_or_dark, *images(60), lambda step, share: told.append((step, share)), batch=16)
    assert found.images == 60
    assert set(found.accuracies) == {one.name for one in DISTURBANCES}
    levels = {one.name: one.levels for one in DISTURBANCES}
    assert dict(zip(levels["inversion"], found.accuracies["inversion"], strict=True))[100] == 0
    assert all(min(values) == 1 for name, values in found.accuracies.items() if name != "inversion")
    assert told[0] == ("Shift", 0)
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] < 1


def test_strokes_are_not_changed_on_photographs():
    found = measure_robustness(bright_or_dark, *images(10, channels=3), lambda _step, _share: None)
    assert "stroke" not in found.accuracies


def test_of_many_images_some_are_taken_spread_evenly(monkeypatch):
    monkeypatch.setattr(robustness, "MOST_IMAGES", 10)
    pixels, labels = images(100)
    labels[::10] = 1 - labels[::10]  # just those that are taken
    found = measure_robustness(bright_or_dark, pixels, labels, lambda _step, _share: None)
    assert found.images == 10
    assert found.accuracies["shift"][0] == 0


def test_it_is_kept_and_an_older_version_is_measured_anew(tmp_path):
    file = RunFile(LocalArtifactStore(tmp_path), "00001/robustness.json")
    assert Robustness.read(file) is None
    kept = Robustness(5, {"blur": (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)})
    kept.write(file)
    assert Robustness.read(file) == kept
    Robustness(5, {"blur": (1.0,)}).write(file)
    assert Robustness.read(file) is None
    Robustness(5, {}, version=0).write(file)
    assert Robustness.read(file) is None
    (tmp_path / file.key).write_text("{")
    with pytest.raises(StoreError, match=r"robustness\.json"):
        Robustness.read(file)
