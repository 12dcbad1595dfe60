"""What this is, what is running, and the last runs."""

import streamlit as st

from cnn_dash import presets
from cnn_dash.runs.submit import submit
from cnn_dash.ui.components.import_model import render_import_button
from cnn_dash.ui.home.recent_runs import render_home_runs
from cnn_dash.ui.session import widget_keys
from cnn_dash.ui.session.navigation import go, pages
from cnn_dash.ui.session.resources import open_store

st.title("Train a network, watch it learn")
st.markdown(
    "CNN Dash trains small convolutional networks on images and shows what happens while they learn. "
    "Choose data and settings, follow the curves, look at the mistakes, then draw a digit and see the prediction."
)
with st.container(horizontal=True, vertical_alignment="center"):
    if st.button("Train the default network", key=widget_keys.HOME_START, type="primary", icon=":material/play_arrow:"):
        go("train", run=submit(open_store(), presets.get(presets.DEFAULT_PRESET).config()).id)
    st.page_link(pages()["train"], label="Choose my own settings", icon=":material/tune:")
    render_import_button(widget_keys.HOME_IMPORT)
st.caption("The default learns 4,000 handwritten digits and is tested on 1,000 others, in about ten seconds.")

render_home_runs()
