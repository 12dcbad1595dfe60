"""What our components have in common: how they are registered, and code and style that stand before their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly
import streamlit as st

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


def component(name: str, html: str, *, css: str = "", js: str = "") -> Callable[..., Any]:
    """Register a component: its files are in the folder beside this one that is called like it.

    Args:
        name: Of the folder, and of its `.js` and `.css` in it; the latter is not needed.
        html: What is in it before its JavaScript runs.
        css: Rules that stand before its own.
        js: Code that stands before its own, besides `LIFECYCLE`.

    Returns:
        What draws it. See `st.components.v2.component`.
    """
    script, style = (_HERE.parent / name / f"{name}.{ending}" for ending in ("js", "css"))
    return st.components.v2.component(
        f"cnn_dash_{name}",
        html=html,
        css=css + style.read_text("utf-8") if style.exists() else css or None,
        js="\n".join((LIFECYCLE, js, script.read_text("utf-8"))),
    )


def on_event(key: str, name: str, handle: Callable[[Any], None]) -> Callable[[], None]:
    """Return the callback of a component's trigger, which is also called when there is nothing (any more) to tell.

    Args:
        key: Key of the component.
        name: Of the trigger.
        handle: Called with what the browser sent.
    """

    def told() -> None:
        event = st.session_state[key].get(name)
        if event is not None:
            handle(event)

    return told
