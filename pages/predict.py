"""Draw or upload a picture and see the prediction of a trained network."""

import streamlit as st

from cnn_dash.ui.components.run_picker import render_choose_run
from cnn_dash.ui.predict.panel import render_predict
from cnn_dash.ui.predict.scaling import render_scaling
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import predictor

st.title("Predict")
run = render_choose_run(widget_keys.PREDICT_RUN)
assert run.network_folder is not None  # only runs with a network can be chosen
render_scaling(run)
predictor(run.id, run.network_folder)  # loads while the person still looks at the page
render_predict(run)
