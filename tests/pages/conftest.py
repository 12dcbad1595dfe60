"""The pages without a browser, over a temporary home."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.factories import make_tested_run
from tests.toy_dataset import served, server, small  # noqa: F401

MAIN = Path(__file__).parents[2] / "cnn_dash" / "ui" / "main.py"


@pytest.fixture
def open_page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Open a page by name, with parameters in its address."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    st.cache_resource.clear()

    def open_named(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=60)
        app.switch_page(f"../../pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    yield open_named
    st.cache_resource.clear()


@pytest.fixture
def tested_run(store: RunStore) -> Callable[..., Run]:
    """Put a tested run with made-up answers into the store: every tenth test picture is wrong."""
    return partial(make_tested_run, store)
