"""Draw or upload a picture and see the prediction of one or several trained networks."""

import streamlit as st

from cnn_dash.ui.components.export_dialog import render_export_button
from cnn_dash.ui.components.run_picker import render_choose_run
from cnn_dash.ui.predict.network import start_loading
from cnn_dash.ui.predict.other_runs import render_choose_others
from cnn_dash.ui.predict.panel import render_predict
from cnn_dash.ui.predict.scaling import render_scaling
from cnn_dash.ui.session import widget_keys

st.title("Predict")
chosen, beside = st.columns(2)
with chosen:
    run = render_choose_run(widget_keys.PREDICT_RUN)
with beside, st.container(horizontal=True, vertical_alignment="bottom"):
    others = render_choose_others(run)
    render_export_button(run, widget_keys.EXPORT_FROM_PREDICT)
runs = [run, *others]
start_loading(runs)
for one in runs:
    render_scaling(one)
render_predict(runs)
