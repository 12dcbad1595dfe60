"""What a network in the server needs of the server."""

import keras
import pytest
from streamlit.testing.v1 import AppTest

from cnn_dash.inference.predictor import keep_session


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "else Streamlit clears it"])
def test_what_keras_keeps_outlives_the_scripts_of_the_server(monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    monkeypatch.setattr(keras.backend, "clear_session", keras.utils.clear_session)  # the same, whatever was done before
    if kept:
        keep_session()
    before = keras.backend.get_uid("a name")
    AppTest.from_string("import streamlit as st; st.write('a script')").run()
    assert (keras.backend.get_uid("a name") == before + 1) == kept
