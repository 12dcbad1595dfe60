"""Thirty photographs of three things, from class folders to a network on a pretrained base, and out again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image, ImageDraw

from cnn_dash.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Split
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.errors import StoreError
from cnn_dash.evaluation.report import read_report
from cnn_dash.exporters.export import export
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.inference.predictor import Predictor
from cnn_dash.models import base_weights
from cnn_dash.models.build import build
from cnn_dash.runs import actions
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Request, Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from cnn_dash.training import features, networks
from cnn_dash.training import run as module
from cnn_dash.training.engine import Engine
from cnn_dash.training.run import train_run
from tests.class_folders import pack
from tests.factories import on_disk
from tests.pretrained import named, random_weights

CONFIG = RunConfig(
    data=DataConfig(dataset="things"),
    model=ModelConfig(base="mobilenet-v3-small"),
    train=TrainConfig(epochs=30, batch_size=8, learning_rate=0.01, validation_fraction=0.2, keep_best=True),
)


def photograph(kind: str, number: int) -> bytes:
    """A thing on a ground, with the noise of a camera."""
    random = np.random.default_rng(number)
    image = Image.new("RGB", (64, 48), tuple(int(value) for value in random.integers(90, 160, 3)))
    draw, x, y = ImageDraw.Draw(image), int(random.integers(4, 24)), int(random.integers(4, 14))
    match kind:
        case "ball":
            draw.ellipse((x, y, x + 28, y + 28), fill=(200, 30, 40))
        case "box":
            draw.rectangle((x, y, x + 30, y + 26), fill=(40, 60, 200), outline=(0, 0, 60), width=3)
        case _:
            for leaf in range(5):
                draw.polygon([(x + 16, y + 30), (x + 8 * leaf, y), (x + 8 * leaf + 5, y + 6)], fill=(30, 150, 40))
    pixels = np.asarray(image).astype(int) + random.integers(-12, 13, (48, 64, 3))
    file = BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


@dataclass(frozen=True)
class Place:
    """An installation with thirty photographs and weights put there by hand."""

    settings: Settings
    store: RunStore

    def queued(self, config: RunConfig = CONFIG) -> Lease:
        submit(self.store, config)
        return self.claimed()

    def claimed(self) -> Lease:
        lease = Lease.claim(self.store, Worker("w", os.getpid(), "here"))
        assert lease is not None
        return lease

    def trained(self, config: RunConfig = CONFIG) -> Run:
        lease = self.queued(config)
        assert train_run(lease, self.settings) is Status.FINISHED, lease.store.run(lease.run.id).message
        return self.store.run(lease.run.id)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("transfer")
    weights = random_weights(folder / "data" / base_weights.FOLDER)
    settings = Settings(
        home=folder / "home", data_dir=folder / "data", base_weights=named("http://localhost:1/", weights)
    )
    pictures = {
        f"{kind}/{number}.jpg": photograph(kind, number) for kind in ("ball", "box", "leaves") for number in range(10)
    }
    import_from(
        open_reader(pack(folder / "things.zip", pictures)), "things", settings.data_dir, ImportOptions(32, "rgb")
    )
    store = RunStore(settings)
    yield Place(settings, store)
    store.close()


@pytest.fixture(scope="module")
def run(place: Place) -> Run:
    return place.trained()


def test_it_learns_from_thirty_photographs_and_the_kept_network_answers_from_pixels(place: Place, run: Run) -> None:
    assert run.result is not None
    assert run.result.accuracy >= 5 / 6
    folder = ResultFolder.of(place.settings, run)
    predictor = Predictor(folder)
    assert predictor.model_input.class_names == ("ball", "box", "leaves")
    images = catalogue.load("things", place.settings.data_dir).test.images
    report = read_report(on_disk(place.settings, folder.evaluation))
    assert np.abs(predictor.probabilities(np.asarray(images)) - report.probabilities).max() < 1e-5


def test_features_are_computed_once_for_all_runs_over_the_same_images(
    place: Place, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = place.settings.features_dir.glob("*.npz")
    with monkeypatch.context() as patched:
        patched.setattr(features, "_compute", None)  # another split of the same images needs none
        again = place.trained(CONFIG.model_copy(update={"train": CONFIG.train.model_copy(update={"seed": 2})}))
    assert again.result is not None
    file.write_bytes(file.read_bytes()[:-100])  # cut short: they are computed again
    same = place.trained()
    assert run.result is not None
    assert same.result is not None
    assert same.result.weights_sha256 == run.result.weights_sha256 != again.result.weights_sha256


def test_a_paused_run_ends_with_the_same_weights(place: Place, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lease = place.queued()
    store, number = place.store, lease.run.id
    with monkeypatch.context() as patched:
        patched.setattr(
            module.Recorder, "pending_request", lambda _: Request.PAUSE if len(store.epochs(number)) == 3 else None
        )
        assert train_run(lease, place.settings) is Status.PAUSED
    actions.resume(store, number)
    assert train_run(place.claimed(), place.settings) is Status.FINISHED
    ended = store.run(number)
    assert ended.result is not None
    assert run.result is not None
    assert ended.result.weights_sha256 == run.result.weights_sha256


def test_a_run_is_not_continued_on_another_base(digits: Split, small: ModelConfig) -> None:
    model = build(small, (28, 28, 1), 10, seed=1)
    before = Engine(model, digits, TrainConfig(), base="ab" * 32).state()
    Engine(model, digits, TrainConfig(), base="ab" * 32).restore(before)
    for other in ("cd" * 32, ""):
        with pytest.raises(StoreError, match=r"The weights of the pretrained base have changed since the run began"):
            Engine(model, digits, TrainConfig(), base=other).restore(before)


def test_a_stop_while_the_base_looks_at_images_ends_that(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(place.settings.features_dir)
    looked: list[int] = []
    look = networks.with_features

    def counted(*arguments: Any, **options: Any) -> Any:
        looked.append(1)
        return look(*arguments, **options)

    monkeypatch.setattr(networks, "with_features", counted)
    monkeypatch.setattr(module.Recorder, "pending_request", lambda _: Request.STOP if looked else None)
    assert train_run(place.queued(), place.settings) is Status.STOPPED
    assert looked
    assert not list(place.settings.features_dir.glob("*"))


def test_features_of_long_ago_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "MOST_BYTES", 2_500)
    for age, name in enumerate(("old", "older", "oldest"), start=1):
        (tmp_path / f"{name}.npz").write_bytes(bytes(1000))
        os.utime(tmp_path / f"{name}.npz", (1e9 - age, 1e9 - age))
    (tmp_path / "part-dead").write_bytes(b"")
    os.utime(tmp_path / "part-dead", (1e9, 1e9))
    features._keep(tmp_path / "new.npz", np.zeros((2, 5), np.float32), np.zeros((1, 5), np.float32))
    assert {file.name for file in tmp_path.iterdir()} == {"new.npz", "old.npz"}


def test_the_whole_network_leaves(place: Place, run: Run, tmp_path: Path) -> None:
    for name in ("keras", "onnx"):
        made = export(place.settings, run, FORMATS[name], tmp_path / f"network{FORMATS[name].suffix}")
        assert made.check.same, (name, made.check)
    with pytest.raises(
        StoreError, match=r"The page cannot carry out a layer of this network\. Received: .*Take another"
    ):
        export(place.settings, run, FORMATS["html"], tmp_path / "page.html")
    export(place.settings, run, FORMATS["card"], tmp_path / "card.md")
    card = (tmp_path / "card.md").read_text("utf-8")
    assert "| pretrained base | 7 × 7 × 576 | 939,120 |" in card
    assert "model.blocks" not in card


def test_the_exported_program_trains_the_same_layers(
    place: Place, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program.py"
    export(place.settings, run, FORMATS["script"], program)
    random = np.random.default_rng(1)
    images = {
        name: random.integers(0, 256, (count, 32, 32, 3), np.uint8) for name, count in (("train", 24), ("test", 6))
    }
    data = tmp_path / "things.npz"
    np.savez(
        data,
        x_train=images["train"], y_train=np.arange(24) % 3, x_test=images["test"], y_test=np.arange(6) % 3,
    )  # fmt: skip
    monkeypatch.setenv("BASE_WEIGHTS", str(base_weights.find("mobilenet-v3-small", place.settings)))
    monkeypatch.setenv("DATA", str(data))
    done = subprocess.run([sys.executable, program], cwd=tmp_path, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert "Test accuracy" in done.stdout.splitlines()[-1]
    whole = keras.models.load_model(tmp_path / "model.keras")
    assert whole.count_params() == run.parameters
    assert np.asarray(whole(images["test"].astype(np.float32))).sum(axis=1) == pytest.approx(np.ones(6), abs=1e-5)


def test_what_was_asked_of_a_run_is_in_its_log(place: Place, run: Run) -> None:
    assert "features of 30 images in" in RunFolder.of(place.settings, run.id).read_log()
    assert on_disk(place.settings, ResultFolder.of(place.settings, run).model).stat().st_size < 6e6
