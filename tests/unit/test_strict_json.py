import json
import math

import pytest

from cnn_dash.strict_json import dumps, encode

VALUES = {"a": [math.nan, 1.0, {"b": (math.inf, -math.inf)}], "c": "NaN", "d": None, "e": True, "ü": 2}


def test_what_is_not_finite_is_a_text_that_python_and_javascript_read_back():
    assert encode(VALUES) == {
        "a": ["NaN", 1.0, {"b": ["Infinity", "-Infinity"]}],
        "c": "NaN",
        "d": None,
        "e": True,
        "ü": 2,
    }
    assert [float(text) for text in ("Infinity", "-Infinity")] == [math.inf, -math.inf]
    assert math.isnan(float("NaN"))


@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_text_is_json_for_every_parser(ascii_only):
    text = dumps(VALUES, ascii_only=ascii_only)
    assert json.loads(text, parse_constant=lambda name: pytest.fail(name)) == encode(VALUES)
    assert text.isascii() is ascii_only


def test_what_is_finite_is_written_as_json_does():
    assert dumps({"a": [0.1, 1e-7]}) == json.dumps({"a": [0.1, 1e-7]})
