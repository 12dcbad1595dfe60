"""Sets of pictures that a person brings, from the archive to the exported network: in colour, and of many classes."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_dash.config import ConvBlock, DataConfig, ModelConfig, RunConfig, TrainConfig
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.evaluation.report import read_report
from cnn_dash.exporters import registry
from cnn_dash.exporters.export import no_step
from cnn_dash.exporters.kept import make
from cnn_dash.inference import open_picture
from cnn_dash.inference.answers import read
from cnn_dash.inference.predictor import Predictor
from cnn_dash.runs import epoch_images
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.training.run import train_run

NETWORK = ModelConfig(blocks=(ConvBlock(filters=8, kernel_size=5, stride=4, padding="same"),), head="global_average")


def photo(label: int, classes: int, number: int, mode: str) -> bytes:
    """A picture with a patch whose place and, in colour, whose hue say its class."""
    pixels = np.random.default_rng(number).integers(0, 60, (50, 70, 3), dtype=np.uint8)
    left = 4 + 50 * label // classes
    pixels[15:35, left : left + 12] = (250, 250 * label // classes, 40)
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, "JPEG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("classes", "of_each", "options", "mode"),
    [
        (3, 30, ImportOptions(size=64, colour="rgb"), "RGB"),
        (100, 6, ImportOptions(size=32, colour="grey"), "L"),
    ],
    ids=["64×64 in colour", "100 classes"],
)
def test_a_set_goes_from_the_archive_to_the_exported_network(
    store: RunStore, tmp_path: Path, classes: int, of_each: int, options: ImportOptions, mode: str
) -> None:
    store = RunStore(store.settings.model_copy(update={"data_dir": tmp_path / "data"}))
    archive = tmp_path / "things.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for label in range(classes):
            for number in range(of_each):
                packed.writestr(f"kind {label:03}/{number}.jpg", photo(label, classes, number, mode))
    made = import_from(open_reader(archive), "things", store.settings.data_dir, options, processes=1)
    assert (len(made.class_names), made.image_shape) == (classes, options.image_shape)

    train = TrainConfig(epochs=2, learning_rate=0.02, batch_size=32)
    submit(store, RunConfig(data=DataConfig(dataset="things"), model=NETWORK, train=train))
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    assert train_run(lease, store.settings) is Status.FINISHED, store.run(1).message
    run = store.run(1)
    folder = ResultFolder.of(store.settings, run)
    with folder.evaluation.local_path() as file:
        report = read_report(file)
    assert report.probabilities.shape == (made.total["test"], classes)

    shown = json.loads(epoch_images.newest(RunFolder.of(store.settings, 1), run.epoch) or b"{}")
    assert (shown["epoch"], shown["height"], len(shown["batch"])) == (2, options.size, 16)
    picture = open_picture(photo(1, classes, 999, mode), "new.jpg")
    answer = read(Predictor(folder), picture, several=False).answers[0]
    assert answer.prepared.pixels.shape == options.image_shape
    assert 0 <= answer.label < classes
    for name in ("keras", "html"):
        exported = make(store, 1, registry.get(name), no_step)
        assert (exported.check.changed_answers, exported.check.checked) == (0, min(500, made.total["test"])), name
    store.close()
