"""Brings a network that was trained elsewhere: a button, and the dialog behind it."""

import tempfile
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_dash.datasets import catalogue
from cnn_dash.errors import CnnDashError
from cnn_dash.model_import.architecture import Architecture
from cnn_dash.model_import.archive import MOST_BYTES
from cnn_dash.model_import.importing import Wanted, import_model, look_through
from cnn_dash.runs.records import Run
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.components.scaling_choice import render_scaling_choice
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import go
from cnn_dash.ui.session.resources import open_store

ICON = ":material/upload_file:"
_NO_DATASET = ""


def render_import_button(key: str) -> None:
    """Offer to bring a network."""
    if st.button(
        "Import a model",
        key=key,
        icon=ICON,
        help="Import a .keras file as a run: test it on a data set, compare it, use it on Predict.",
    ):
        _ask()


@st.dialog("Import a model", icon=ICON)
def _ask() -> None:
    render_import_form()


def render_import_form() -> None:
    """Ask for a file and what is to be made of it; import it, and go where it is shown."""
    st.caption(
        "A network that was trained elsewhere becomes a run: test it on a data set, compare it, use it on Predict."
    )
    file = st.file_uploader(
        "Keras model",
        type=["keras"],
        max_upload_size=MOST_BYTES // 1_000_000,
        key=widget_keys.IMPORT_FILE,
        help="A file saved by Keras 3 with `model.save('net.keras')`: built-in layers only, one image input with 1 or "
        "3 channels. It is loaded in a separate process; code in it is not run.",
    )
    if file is None:
        return
    try:
        architecture = look_through(file, file.name)
    except CnnDashError as error:
        render_error(error)
        return
    st.caption(_said(architecture))
    wanted = _wanted(file, architecture)
    waits = wanted.dataset is not None and wanted.scaling is None and not architecture.scales_itself
    if st.button("Import", key=widget_keys.IMPORT_START, type="primary", disabled=waits):
        try:
            with st.spinner("Loading and testing the network, about ten seconds…"):
                run = _imported(file, wanted)
        except CnnDashError as error:
            render_error(error)
            return
        go("evaluate" if run.has_predictions else "predict", run=run.id)


def _wanted(file: UploadedFile, architecture: Architecture) -> Wanted:
    """Ask what is to be made of a network."""
    name = st.text_input("Name", placeholder=Path(file.name).stem, key=widget_keys.IMPORT_NAME)
    names = [_NO_DATASET, *_datasets(architecture)]
    dataset = st.selectbox(
        "Test it on",
        names,
        index=min(1, len(names) - 1),
        key=widget_keys.IMPORT_DATASET,
        format_func=lambda one: catalogue.get(one, open_store().settings.data_dir).title if one else "nothing",
        help="For the Evaluate page; test images are resized to the network's input size. Without a data set, Predict "
        "does not look for characters in a picture: it resizes the whole picture.",
    )
    classes = st.text_input(
        "Class names",
        placeholder="those of the data set" if dataset else "0, 1, 2, …",
        key=widget_keys.IMPORT_CLASSES,
        help="Separated by commas, in the order of the network's outputs.",
    )
    scaling = None if architecture.scales_itself else render_scaling_choice(widget_keys.IMPORT_SCALING)
    told = [one.strip() for one in classes.split(",") if one.strip()]
    return Wanted(name.strip(), dataset or None, told, scaling)


def _datasets(architecture: Architecture) -> list[str]:
    """Return the data sets on this machine, those first whose images are of the size that the network takes."""
    data_dir = open_store().settings.data_dir
    here = [name for name in catalogue.sources(data_dir) if catalogue.is_local(name, data_dir)]
    return sorted(here, key=lambda name: catalogue.get(name, data_dir).image_shape != architecture.image_shape)


def _said(architecture: Architecture) -> str:
    shape = architecture.image_shape
    size = "" if shape is None else f"images of {'×'.join('any' if one is None else str(one) for one in shape)}, "
    scaling = "rescales its input" if architecture.scales_itself else "range of the input pixels unknown"
    return f"{size}{architecture.layers} layers; {scaling}.".capitalize()


def _imported(file: UploadedFile, wanted: Wanted) -> Run:
    with tempfile.TemporaryDirectory(prefix="cnn-dash-upload-") as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(file.getbuffer())
        return import_model(open_store(), path, file.name, wanted)
