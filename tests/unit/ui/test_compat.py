"""The changes to other libraries: that they do what they are for, and that they are still needed."""

import sys
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from cnn_dash.ui.compat import keep_keras_session

CLEAN = script_runner._clean_problem_modules


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "else Streamlit clears it"])
def test_the_keras_session_outlives_the_scripts_of_the_server(monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    cleared: list[bool] = []
    keras = SimpleNamespace(backend=SimpleNamespace(clear_session=lambda: cleared.append(True)))
    monkeypatch.setitem(sys.modules, "keras", keras)
    monkeypatch.setattr(script_runner, "_clean_problem_modules", CLEAN)
    if kept:
        keep_keras_session()
    AppTest.from_string("import streamlit as st; st.write('a script')", default_timeout=60).run()
    assert bool(cleared) == (not kept)
