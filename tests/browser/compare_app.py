"""A server that shows nothing but the comparison of runs 1 and 2."""

from pathlib import Path

import streamlit as st

from cnn_dash.api.routes import Api
from cnn_dash.ui.session.resources import open_store

api = Api(open_store)
base = st.get_option("server.baseUrlPath") or ""
app = st.App(Path(__file__).with_name("compare_page.py"), routes=api.routes(base))
