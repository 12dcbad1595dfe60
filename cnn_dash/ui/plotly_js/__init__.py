"""What our components need to draw with plotly.js: code that stands before their own, and where the library is."""

from pathlib import Path

import plotly

from cnn_dash.ui.exports import api_url

CODE = (Path(__file__).parent / "plotly.js").read_text("utf-8")
"""`library(url)`, which loads it, and `adoptStyles(charts)`."""


def library_url() -> str:
    """The address of the plotly.js that the plotly package brings along; another version is another address."""
    return api_url(f"plotly.js?v={plotly.__version__}")
