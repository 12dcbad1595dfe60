"""The pages there are, and the way to them."""

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from cnn_dash.ui.session.url_sync import leave

_PACKAGE = Path(__file__).parents[2]
# In the repository the pages lie beside the package, in a wheel within it.
PAGES = next((one for one in [_PACKAGE / "dashboard" / "pages"] if one.is_dir()), _PACKAGE.parent / "pages")


def pages() -> dict[str, StreamlitPage]:
    """Return all pages by name, in the order of the menu."""
    table = (
        ("home", "Home", ":material/home:", "What CNN Dash is, what is running, and the last runs."),
        ("data", "Data", ":material/photo_library:", "Look at the images of a data set, or bring your own."),
        ("train", "Train", ":material/model_training:", "Choose data and settings, train, and watch the curves grow."),
        ("runs", "Runs", ":material/format_list_bulleted:", "All runs with their settings and results."),
        ("evaluate", "Evaluate", ":material/fact_check:", "What a trained network gets right and wrong on test data."),
        ("predict", "Predict", ":material/draw:", "Draw or upload a digit and see what a trained network says."),
    )
    return {
        name: st.Page(PAGES / f"{name}.py", title=title, icon=icon, help=about, default=name == "home")
        for name, title, icon, about in table
    }


def go(name: str, **query: str | int) -> None:
    """Leave for another page, with parameters in its URL."""
    leave()
    st.switch_page(pages()[name], query_params={key: str(value) for key, value in query.items()})
