"""Asks once how pixels go into a network of another program, if nothing in it says so."""

import streamlit as st

from cnn_dash.inference.model_input import ModelInput, Scaling
from cnn_dash.runs.records import Run
from cnn_dash.runs.status import Source
from cnn_dash.ui.components.scaling_choice import render_scaling_choice
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import network_input, predictor, result_folder


def render_scaling(run: Run) -> None:
    """Stop the page until somebody has said how black and white go into the network, if that is not known."""
    assert run.network_folder is not None  # only runs with a network can be chosen
    if run.source is not Source.EXTERNAL:
        return
    known = network_input(run.id, run.network_folder)
    if known.scaling is not None:
        return
    st.info(
        f"The range of the input pixels of run {run.id} is not known: another program trained it, and nothing in the "
        "network says it. Choose it once. A Rescaling layer in the network, or test_data for DashCallback, records it."
    )
    chosen = render_scaling_choice(widget_keys.of_run(widget_keys.PREDICT_SCALING, run.id))
    if chosen is None:
        st.stop()
    _keep(run, run.network_folder, known, chosen)
    st.rerun()


def _keep(run: Run, folder: str, known: ModelInput, scaling: Scaling) -> None:
    told = ModelInput(known.class_names, known.image_shape, known.framing, scaling, known.outputs)
    result_folder(run.id, folder).model_input.put(told.write)
    network_input.clear(run.id, folder)
    predictor.clear(run.id, folder)
