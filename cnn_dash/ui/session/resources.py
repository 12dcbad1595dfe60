"""What is opened once for all sessions. Nothing here imports TensorFlow before it is asked for a prediction."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from cnn_dash.config import TrainConfig
from cnn_dash.datasets import catalogue
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.datasets.exploration.original_sizes import original_sizes
from cnn_dash.datasets.exploration.positions import count
from cnn_dash.datasets.importing import import_dataset
from cnn_dash.datasets.internal_format import Imported
from cnn_dash.errors import ConfigError, DataNotFound
from cnn_dash.evaluation.report import Report, TestImages, read_report, read_test_images
from cnn_dash.exporters.jobs import ExportJobs
from cnn_dash.inference.familiarity import scaled
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.jobs import Jobs
from cnn_dash.models.layer_table import LayerTable
from cnn_dash.plots import network, schedule
from cnn_dash.runs import disk
from cnn_dash.runs.activity import Activity
from cnn_dash.runs.folder import ResultFolder, RunFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.training.schedule import planned_rates
from cnn_dash.ui.compat import keep_keras_session
from cnn_dash.ui.session.last_used import LastUsed

if TYPE_CHECKING:
    from cnn_dash.inference.predictor import Predictor

# How old the runs may be by which times are estimated: reading them takes longer than all else on the page.
SPEED_S = 5.0

PATIENCE_S = 120.0
"""What is computed for a page is given up when no page has asked for so long. A hidden tab asks once a minute."""


@st.cache_resource(show_spinner=False)  # one store a process
def open_store() -> RunStore:
    """Return the run store that the environment names.

    Raises:
        CnnDashError: If it cannot be opened.
    """
    return RunStore(Settings.from_environment())


@st.cache_resource(show_spinner=False)  # one a process, so that all sessions share its looks
def open_activity() -> Activity:
    """Return what is under way in the run store.

    Raises:
        CnnDashError: If the store cannot be opened.
    """
    return Activity(open_store())


@st.cache_resource(show_spinner=False)  # one a process: a file that two ask for is made once
def open_exports() -> ExportJobs:
    """Return what makes files of networks in the background.

    Raises:
        CnnDashError: If the store cannot be opened.
    """
    return ExportJobs(open_store())


@st.cache_resource(show_spinner=False)  # one a process; the results of the last ones, some MB each at most
def open_calculations() -> Jobs:
    """Return what computes metrics of test predictions in the background."""
    return Jobs("calculate", workers=2, most=24, patience_s=PATIENCE_S)


@st.cache_resource(show_spinner=False)  # one a process, of some MB each; means of 1,000 classes in colour take 55 MB
def open_explorations() -> Jobs:
    """Return what computes means, duplicates and maps of data sets in the background."""
    return Jobs("explore", workers=2, most=20, patience_s=PATIENCE_S)


@st.cache_resource(show_spinner=False)  # one a process; samples of 5 MB each at most
def open_inspections() -> Jobs:
    """Return what looks into uploads in the background."""
    return Jobs("inspect", workers=2, most=8, patience_s=PATIENCE_S)


@st.cache_resource(show_spinner=False)  # one a process; they keep their results with the runs
def open_measurements() -> Jobs:
    """Return what runs networks over many images in the background, one after the other."""
    return Jobs("measure", most=24)


@st.cache_resource(show_spinner=False, max_entries=1, ttl=SPEED_S)
def finished_runs() -> list[Run]:
    """Return the last finished runs, newest first, by which the next one is estimated; some seconds old."""
    return open_store().runs(Status.FINISHED, limit=20)


def dataset(name: str) -> Dataset:
    """Return a data set, downloaded if need be; its split into training and validation is not that of a run.

    Raises:
        DataError: If it cannot be had, or its files are damaged.
    """
    try:
        info = catalogue.get(name, open_store().settings.data_dir)
    except ConfigError as error:  # a run's own data set that was deleted, or is in another data folder
        raise DataNotFound(str(error)) from error
    return _dataset(name, info.content_hash)  # another one may have been brought under its name


@st.cache_resource(show_spinner=False, max_entries=3)  # the largest is about 55 MB of pixels
def _dataset(name: str, content_hash: str) -> Dataset:
    settings = open_store().settings
    return catalogue.load(name, settings.data_dir, imported_dir=settings.imported_dir)


def whole_dataset(name: str) -> Imported:
    """Return a data set, downloaded if need be, without validation images set aside.

    Raises:
        DataError: If it cannot be had, or its files are damaged.
    """
    return _whole_dataset(name, catalogue.get(name, open_store().settings.data_dir).content_hash)


@st.cache_resource(show_spinner="Reading the data set…", max_entries=8)  # memory-mapped
def _whole_dataset(name: str, content_hash: str) -> Imported:
    settings = open_store().settings
    return import_dataset(catalogue.source(name, settings.data_dir), settings.data_dir, settings.imported_dir)


@st.cache_resource(show_spinner=False, max_entries=4)  # 16 bytes for each image
def image_sizes(name: str, content_hash: str) -> NDArray[np.int64] | None:
    """Return width and height of the pictures that an own data set was made from, by position; None of another one.

    Args:
        name: Of the data set.
        content_hash: Of its images.
    """
    return original_sizes(name, open_store().settings.data_dir, count(whole_dataset(name)))


@st.cache_resource(show_spinner=False, max_entries=64)  # some 50 kB each; half the time of a page's run otherwise
def network_drawing(table: LayerTable, image_shape: tuple[int, int, int]) -> tuple[go.Figure, str]:
    """Draw a network for images of (height, width, channels), and say in words what the drawing shows."""
    info = network.network_info(table.rows, image_shape)
    return network.network_plot(info), network.describe(info)


@st.cache_resource(show_spinner=False, max_entries=64)  # some 10 kB each
def schedule_drawing(train: TrainConfig) -> tuple[go.Figure, str]:
    """Return the drawing of the learning rate over a run, and what it says in words."""
    info = schedule.schedule_info(*planned_rates(train))
    return schedule.schedule_plot(info), schedule.describe(info)


@st.cache_resource(show_spinner=False, max_entries=8)  # 0.5 MB each with 10,000 images of 10 classes
def report(run_id: int, folder: str) -> Report:
    """Return the test answers of a run, as its result folder of this name holds them.

    Raises:
        StoreError: If they are missing or damaged.
    """
    with result_folder(run_id, folder).evaluation.local_path() as file:
        return read_report(file)


@st.cache_resource(show_spinner=False, max_entries=2)  # 64 MB at most
def left_images(run_id: int, folder: str) -> TestImages:
    """Return the test images that another program has left in a result folder of a run.

    Raises:
        StoreError: If they are missing or damaged.
    """
    with result_folder(run_id, folder).test_images.local_path() as file:
        return read_test_images(file)


@st.cache_resource(show_spinner=False, max_entries=4)  # as large as the report
def told_report(run_id: int, folder: str, temperature: float) -> Report:
    """Return the predictions of a run with probabilities that are scaled by a temperature; raises as `report` does."""
    found = report(run_id, folder)
    return Report(found.labels, scaled(found.probabilities, temperature))


@st.cache_resource(show_spinner=False, max_entries=8)  # a network and its trace, some 10 MB
def predictor(run_id: int, folder: str) -> "Future[Predictor]":
    """Return the network of a run, as its result folder of this name holds it, loaded in the background.

    The first one brings TensorFlow into the server, which takes seconds: a page that asks early is not held up by it.
    `result()` waits, and raises `StoreError` if the run has no network or its file is damaged.
    """
    return _LOADER.submit(_load, result_folder(run_id, folder))


@st.cache_resource(show_spinner=False)  # one a process, of some 15 kB each; as many pictures as are allowed, of 8 runs
def picture_answers() -> LastUsed[Any]:
    """Return the answers for the pictures of the last uploads."""
    return LastUsed(4_000)


@st.cache_resource(show_spinner=False, max_entries=1, ttl=60)  # three numbers; the walk takes a moment with many runs
def disk_use() -> "Future[disk.DiskUse]":
    """Return what the store takes on the disk, measured in the background; `disk_use.clear()` after a change."""
    return _WALKER.submit(disk.disk_use, open_store())


@st.cache_resource(show_spinner=False, max_entries=64)  # a few names
def network_input(run_id: int, folder: str) -> ModelInput:
    """Return how a picture goes into the network of a run.

    Raises:
        StoreError: If that is missing or damaged.
    """
    with result_folder(run_id, folder).model_input.local_path() as file:
        return ModelInput.read(file)


def result_folder(run_id: int, folder: str) -> ResultFolder:
    """Return a result folder of a run."""
    return RunFolder.of(open_store().settings, run_id).result(folder)


def _load(folder: ResultFolder) -> "Predictor":
    keep_keras_session()
    from cnn_dash.inference.predictor import Predictor

    return Predictor(folder)


_WALKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk-use")
_LOADER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="load-network")
READERS = ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1), thread_name_prefix="read-pictures")
"""Read pictures side by side; most of that is done in libraries, which let other threads run meanwhile."""
