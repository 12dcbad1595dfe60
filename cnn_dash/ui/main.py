"""The frame of every page: navigation, and in the sidebar what is running."""

from pathlib import Path

import streamlit as st

from cnn_dash.ui.components.sidebar import render_sidebar
from cnn_dash.ui.session.navigation import pages
from cnn_dash.ui.session.url_sync import arrive

HERE = Path(__file__).parent

# An icon of our own: Streamlit fetches a Material icon for the browser tab from another server.
st.set_page_config(page_title="CNN Dash", page_icon=HERE / "icon.svg", layout="wide")
st.logo(HERE / "logo.svg", icon_image=HERE / "icon.svg", size="large")
page = st.navigation(list(pages().values()))
arrive(page.url_path)
render_sidebar(progress=page.url_path == "runs")  # its table shows the progress of each run
page.run()
