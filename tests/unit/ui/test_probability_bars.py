import re

import pytest

from cnn_dash.plots.palette import ACCENT, MUTED
from cnn_dash.plots.probabilities import probability_info
from cnn_dash.ui.components.probability_bars import bars_html


def test_only_the_answer_wears_the_accent_and_bars_are_as_long_as_they_should():
    html = bars_html(probability_info([0.2, 0.7, 0.1], ["a", "b", "c"]))
    assert re.findall(r"width: ([\d.]+)%; background: ([^\"]+)\"", html) == [
        ("20.00", MUTED),
        ("70.00", ACCENT),
        ("10.00", MUTED),
    ]
    assert re.findall(r">([\d.]+ %)<", html) == ["20.0 %", "70.0 %", "10.0 %"]
    assert 'aria-label="Predicted b, 70.0 %.' in html


@pytest.mark.parametrize("names", [list("おきすつなはまやれを"), ["Ankle boot", "T-shirt/top"]])
def test_class_names_are_shown_as_they_are(names):
    html = bars_html(probability_info([1 / len(names)] * len(names), names))
    assert re.findall(r"text-align: right\">([^<]+)<", html) == names


def test_a_class_name_cannot_bring_in_html():
    html = bars_html(probability_info([0.5, 0.5], ["<script>alert(1)</script>", '"b"']))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
