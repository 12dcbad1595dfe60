"""The HTML page: its network answers as Keras does, and it is one file that asks for nothing else."""

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from cnn_dash import presets
from cnn_dash.errors import StoreError
from cnn_dash.exporters.check_text import check_text
from cnn_dash.exporters.export import export
from cnn_dash.exporters.html_page.markdown import to_html
from cnn_dash.exporters.html_page.numpy_network import carry_out
from cnn_dash.exporters.html_page.operations import operations_of
from cnn_dash.exporters.html_page.page import page
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.inference.frame import CENTRED
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.models.build import build
from cnn_dash.runs.records import Run
from cnn_dash.settings import Settings
from tests.page_networks import NETWORKS, foreign, images_for

L = keras.layers
HOSTILE = "</script><img src=x onerror=alert(1)>{{script}} & <!--"


@pytest.mark.parametrize("name", NETWORKS)
def test_the_operations_answer_as_keras_does(name: str) -> None:
    model = NETWORKS[name]()
    images = images_for(model)
    outputs = "sigmoid" if model.output_shape[-1] == 1 else "probabilities"
    found = carry_out(operations_of(model, outputs=outputs), images)
    expected = np.asarray(model.predict_on_batch(images.astype(np.float32)))
    if outputs == "sigmoid":
        expected = np.concatenate([1 - expected, expected], axis=1)
    np.testing.assert_allclose(found, expected, atol=3e-6)


def test_scaling_and_softmax_outside_of_a_network_are_added() -> None:
    model = foreign((4, 4, 1), L.Flatten, lambda: L.Dense(3))()
    images = images_for(model)
    found = carry_out(operations_of(model, 1 / 255, -0.5, "logits"), images)
    logits = np.asarray(model.predict_on_batch(images / np.float32(255) - np.float32(0.5)))
    np.testing.assert_allclose(found, np.asarray(keras.ops.softmax(logits)), atol=1e-6)


def _branching() -> keras.Model:
    pixels = keras.Input((6, 6, 1))
    return keras.Model(pixels, L.Dense(2)(L.Flatten()(L.Add(name="joined")([pixels, L.Conv2D(1, 1)(pixels)]))))


REFUSED: dict[str, tuple[Callable[[], keras.Model], str]] = {
    "another layer": (
        foreign((6, 6, 1), lambda: L.DepthwiseConv2D(3, name="deep"), L.Flatten, lambda: L.Dense(2)),
        r"“deep” \(DepthwiseConv2D\)",
    ),
    "branches": (_branching, r"“joined” \(Add\), which has 2 inputs"),
    "an activation": (
        foreign((6, 6, 1), L.Flatten, lambda: L.Dense(2, "mish", name="odd")),
        r"“odd” \(Dense\) with the activation mish",
    ),
    "groups": (foreign((6, 6, 2), lambda: L.Conv2D(2, 3, groups=2, name="split")), r"“split” \(Conv2D\) with 2 groups"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_page_cannot_carry_out_is_named(name: str) -> None:
    make, said = REFUSED[name]
    with pytest.raises(StoreError, match=said):
        operations_of(make())


def _page(known: ModelInput, title: str = "Digits", card: str = "", **more: Any) -> str:
    model = foreign((6, 6, 1), L.Flatten, lambda: L.Dense(len(known.class_names), "softmax"))()
    return page(title, "Run 1", card, operations_of(model), known, **more)


def test_names_are_text_whatever_they_hold() -> None:
    text = _page(ModelInput((HOSTILE, "b"), (6, 6, 1), CENTRED), HOSTILE, to_html(f"# {HOSTILE}\n\n| a |\n| --- |\n"))
    assert text.count("<script") == text.count("</script>") == 4
    assert "<img src=x" not in text
    assert "<!--" not in text


def test_only_its_own_script_and_looks_may_run() -> None:
    text = _page(ModelInput(("a", "b"), (6, 6, 1), CENTRED))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    for kind, own in (("script-src", r"<script>(.*?)</script>"), ("style-src", r"<style>(.*?)</style>")):
        (block,) = re.findall(own, text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'")
    assert not re.search(r"\{\{\w+\}\}", text)
    assert not re.search(r"(?:src|href)=\"(?!data:)", text)


@pytest.mark.parametrize("preset", ["compact-valid", "compact-same"])
def test_the_compact_networks_fit_into_3_mb(preset: str) -> None:
    model = build(presets.get(preset).model, (28, 28, 1), 10, seed=1)
    operations = operations_of(model)
    size = next(one for one in reversed(operations) if one.kind == "dense").settings["size"][0]
    seen = Familiarity(np.random.default_rng(1).random((2000, size), np.float32), 1.1, 0.2, 0.4)
    known = ModelInput(tuple("0123456789"), (28, 28, 1), CENTRED)
    text = page("Digits", "Run 1", "<p>Card.</p>" * 1000, operations, known, seen)
    assert '"features": true' in text
    assert len(text.encode()) < 3e6


def test_a_page_is_written_and_checked(
    train: Callable[..., Run], settings: Settings, files: Callable[[str], Path]
) -> None:
    made = export(settings, train(), FORMATS["html"], files(".html"))
    assert made.bytes == files(".html").stat().st_size
    assert made.check.checked == 500
    assert made.check.same, made.check
    assert check_text(made.check, FORMATS["html"]).endswith("was carried out by NumPy, not by a browser.")
    text = files(".html").read_text("utf-8")
    assert "<h1><bdi>compact-valid on mnist-5k</bdi></h1>" in text
    assert "<h2>Model card: compact-valid on mnist-5k</h2>" in text


def test_a_damaged_page_is_a_sentence(files: Callable[[str], Path]) -> None:
    files(".html").write_text("<html></html>")
    assert FORMATS["html"].open is not None
    with pytest.raises(StoreError, match="The page is damaged"):
        FORMATS["html"].open(files(".html"))


def test_a_card_becomes_headings_lists_and_tables() -> None:
    card = (
        "# A \\| `b`\n\nOne <https://x.y/z>.\nTwo.\n\n- c\n- **d** \\<e>\n\n| f | g |\n| --- | --- |\n| 1 \\| 2 | 3 |\n"
    )
    assert to_html(card) == (
        "<h2>A | <code>b</code></h2>\n<p>One https://x.y/z.<br>Two.</p>\n"
        "<ul><li>c</li><li><strong>d</strong> &lt;e&gt;</li></ul>\n"
        "<table><tr><th>f</th><th>g</th></tr><tr><td>1 | 2</td><td>3</td></tr></table>"
    )
