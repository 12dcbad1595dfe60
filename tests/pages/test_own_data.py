"""A data set that a person has brought, on the pages that show it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.config import ConvBlock, DataConfig, ModelConfig, RunConfig, TrainConfig
from cnn_dash.datasets.own import library
from cnn_dash.datasets.own.derive import Changes, derive
from cnn_dash.datasets.own.importing import import_from
from cnn_dash.datasets.own.manifest import ImportOptions
from cnn_dash.datasets.readers.opening import open_reader
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.class_folders import files, pack
from tests.evaluate_page import grid_images

NETWORK = ModelConfig(blocks=(ConvBlock(filters=4, kernel_size=3, stride=2, padding="same"),), head="global_average")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with a data folder of its own, in which "shapes" is, and its next version."""
    archive = pack(tmp_path / "shapes.zip", files(20))
    data_dir = tmp_path / "data"
    import_from(open_reader(archive), "shapes", data_dir, ImportOptions(size=12, colour="rgb"), title="Formen")
    derive("shapes", data_dir, Changes(exclude=[("train", 0)]))
    return Settings.from_environment({"CNN_DASH_HOME": str(tmp_path / "home"), "CNN_DASH_DATA_DIR": str(data_dir)})


def trained(store: RunStore) -> None:
    from cnn_dash.training.run import train_run

    train = TrainConfig(epochs=1, batch_size=16)
    submit(store, RunConfig(data=DataConfig(dataset="shapes@2"), model=NETWORK, train=train))
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    assert train_run(lease, store.settings) is Status.FINISHED, store.run(1).message


def test_it_is_chosen_trained_and_evaluated(store: RunStore, open_page: Callable[..., AppTest]) -> None:
    app = open_page("train", train_dataset="shapes@2")
    assert not app.exception
    assert app.selectbox(key="train_dataset").value == "shapes@2"
    assert app.selectbox(key="train_dataset").options[-2:] == ["Formen", "Formen, version 2"]
    assert any("59 colour images of 12×12 pixels in 3 classes" in one.value for one in app.caption)
    trained(store)
    app = open_page("evaluate")
    assert not app.exception
    assert not app.error
    assert len(grid_images(app)) == 10


def test_one_that_was_deleted_is_said_and_not_in_the_way(store: RunStore, open_page: Callable[..., AppTest]) -> None:
    trained(store)
    library.delete("shapes@2", store.settings.data_dir)
    app = open_page("evaluate")
    assert not app.exception
    assert any("datasets delete shapes@2 --undo" in one.value for one in app.error)
    app = open_page("train", train_dataset="shapes@2")
    assert not app.exception
    assert app.selectbox(key="train_dataset").value == "mnist-5k"
    assert app.selectbox(key="train_dataset").options[-1] == "Formen"
    for page in ("home", "runs", "predict"):
        assert not open_page(page).exception
