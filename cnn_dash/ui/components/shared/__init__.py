"""What our components have in common: code and style that stand before their own."""

from pathlib import Path

import plotly

from cnn_dash.ui.components.downloads import api_url

_HERE = Path(__file__).parent

LIFECYCLE = (_HERE / "lifecycle.js").read_text("utf-8")
"""`keepAlive(element, make)` and `cleanup(element, one)`: something that outlives the reruns of the page."""

PLOTLY = (_HERE / "plotly.js").read_text("utf-8")
"""`library(url)`, which loads plotly.js, and `adoptStyles(charts)`."""

BAR = (_HERE / "bar.css").read_text("utf-8")
"""A progress bar: `.bar` with a `div` in it, whose width is set."""


def library_url() -> str:
    """Return the URL of the plotly.js in the plotly package; another version has another URL."""
    return api_url(f"plotly.js?v={plotly.__version__}")
