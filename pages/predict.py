"""Draw or upload a picture and see the prediction of a trained network."""

import streamlit as st

from cnn_dash.ui.components.run_picker import render_choose_run
from cnn_dash.ui.predict.panel import render_predict
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.resources import predictor

st.title("Predict")
run = render_choose_run(widget_keys.PREDICT_RUN)
assert run.result is not None  # only runs with a result can be chosen
predictor(run.id, run.result.folder)  # loads while the person still looks at the page
render_predict(run)
