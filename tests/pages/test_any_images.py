"""Images of any shape and number of classes: trained, evaluated and predicted, as a person meets them."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from cnn_dash.config import ConvBlock, DataConfig, ModelConfig, RunConfig, TrainConfig
from cnn_dash.datasets import catalogue
from cnn_dash.evaluation.report import read_report
from cnn_dash.inference import prepare
from cnn_dash.inference.predictor import Predictor
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from tests.evaluate_page import grid_images
from tests.own_dataset import FolderSource, own_dataset

NETWORK = ModelConfig(blocks=(ConvBlock(filters=4, kernel_size=3, stride=2, padding="same"),), head="global_average")


def trained(store: RunStore, source: FolderSource, monkeypatch: pytest.MonkeyPatch, epochs: int) -> ResultFolder:
    """Train a network on the data set of this source, in this process."""
    from cnn_dash.training.run import train_run

    monkeypatch.setitem(catalogue.SOURCES, source.info.name, source)
    train = TrainConfig(epochs=epochs, learning_rate=0.02, batch_size=16)
    submit(store, RunConfig(data=DataConfig(dataset=source.info.name), model=NETWORK, train=train))
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    assert train_run(lease, store.settings) is Status.FINISHED, store.run(1).message
    return ResultFolder.of(store.settings, store.run(1))


@pytest.mark.parametrize(
    ("shape", "classes"), [((12, 10, 3), 3), ((17, 40, 1), 300)], ids=["colours", "wide, many classes"]
)
def test_a_data_set_of_ones_own_goes_all_the_way(
    store: RunStore,
    open_page: Callable[..., AppTest],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shape: tuple[int, int, int],
    classes: int,
) -> None:
    source = own_dataset(tmp_path / "own", shape, classes, of_each=70 if classes == 3 else 7)
    folder = trained(store, source, monkeypatch, epochs=6 if classes == 3 else 1)
    data = catalogue.load("own", tmp_path)

    with folder.evaluation.local_path() as file:
        report = read_report(file)
    assert report.probabilities.shape == (len(data.test), classes)
    if classes == 3:
        assert report.wrong.mean() < 0.2

    # A test image that comes back as a file gets the prediction it had: it goes in as it is.
    image = Image.fromarray(data.test.images[0].squeeze())
    predictor = Predictor(folder)
    assert predictor.model_input.framing is None
    pixels = prepare(image, predictor.model_input.image_shape, predictor.model_input.framing)
    np.testing.assert_array_equal(pixels, data.test.images[0])
    np.testing.assert_allclose(predictor.probabilities(pixels[None])[0], report.probabilities[0], atol=1e-5)

    app = open_page("evaluate")
    assert not app.exception
    assert len(grid_images(app)) == 10
    app.selectbox(key="evaluate_class").select(classes - 1).run()
    assert {image["lines"][1] for image in grid_images(app)} == {f"true: class {classes - 1}"}

    picture = io.BytesIO()
    image.resize((200, 200)).save(picture, "PNG")
    app = open_page("predict")
    app.file_uploader(key="predict_upload").upload("one.png", picture.getvalue(), "image/png").run()
    assert not app.exception
    (metric,) = app.get_by_key("predict_answer").metric
    assert metric.value in source.info.class_names
    bars = next(html.value for html in app.html if "role=" in html.value)
    assert bars.count("text-align: right") == min(classes, 11)
    assert ("290 others" in bars) == (classes == 300)
