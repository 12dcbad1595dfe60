"""The exported HTML page, opened from the disk: it reads drawings as the app does, and asks for nothing."""

import base64
import json
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from drawn import STROKES, drawing
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from cnn_dash import presets
from cnn_dash.datasets.dataset import Dataset
from cnn_dash.exporters.export import export
from cnn_dash.exporters.html_page.numpy_network import carry_out
from cnn_dash.exporters.html_page.operations import operations_of
from cnn_dash.exporters.html_page.page import page
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.exporters.source import ExportSource
from cnn_dash.hyperparameters import override
from cnn_dash.inference.answers import DOUBTS, Answer, read
from cnn_dash.inference.frame import CENTRED, Framing
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.predictor import Predictor
from cnn_dash.inference.preparation import prepare
from cnn_dash.inference.steps import DRAWING
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.page_networks import NETWORKS, foreign, images_for
from tests.trained import train

# What a test asks the page: a drawing as grey bytes, in base64.
PREPARED = """
const rgba = (grey, width, height) => {
  const bytes = bytesOf(grey), data = new Uint8ClampedArray(4 * bytes.length);
  bytes.forEach((level, at) => data.set([level, level, level, 255], 4 * at));
  return {width, height, data};
};
"""
Open = Callable[..., Page]


class Exported:
    """A network that was trained for two epochs, its page, and what the app says."""

    def __init__(self, home: Path) -> None:
        settings = Settings.from_environment({"CNN_DASH_HOME": str(home), "CNN_DASH_DATA_DIR": str(home)})
        store = RunStore(settings)
        run = train(store, override(presets.get("compact-valid").config(), {"train.epochs": 2}))
        self.file = home / "page.html"
        export(settings, run, FORMATS["html"], self.file)
        self.data: Dataset = ExportSource(settings, run).dataset
        self.predictor = Predictor(ResultFolder.of(settings, run))
        framing = self.predictor.model_input.framing
        assert framing is not None
        self.framing = framing
        store.close()

    def framed_by(self, framing: Framing) -> Predictor:
        """Return the predictor as if it had learned from images that frame their ink so."""
        predictor = copy(self.predictor)
        predictor.model_input = replace(predictor.model_input, framing=framing)
        return predictor


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return Exported(tmp_path_factory.mktemp("exported"))


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Open]:
    """Open pages from the disk, offline. Errors, and requests of any kind, fail the test."""
    trouble: list[str] = []
    contexts = []

    def open_file(file: Path, *, width: int = 1000, dark: bool = False, touch: bool = False) -> Page:
        context = browser.new_context(
            offline=True,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
        )
        contexts.append(context)
        opened = context.new_page()
        opened.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
        opened.on("console", lambda said: trouble.append(said.text) if said.type in ("error", "warning") else None)
        opened.on("request", lambda one: None if _local(one.url) else trouble.append(f"went to {one.url}"))
        opened.goto(file.as_uri())
        return opened

    yield open_file
    for context in contexts:
        context.close()
    assert not trouble


def _local(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:"))


def _asked(opened: Page, image: np.ndarray, what: str) -> Any:
    """Evaluate JavaScript about `drawn`, the RGBA pixels of a grey image."""
    height, width = image.shape
    script = f"([grey, width, height]) => {{ {PREPARED} const drawn = rgba(grey, width, height); return {what}; }}"
    return opened.evaluate(script, [base64.b64encode(np.ascontiguousarray(image)).decode(), width, height])


def _answer(opened: Page, image: np.ndarray) -> dict[str, Any]:
    return _asked(
        opened,
        image,
        """(() => {
          const {pixels, ink, ...answer} = answerToDrawing(drawn);
          return {...answer, pixels: Array.from(pixels)};
        })()""",
    )


def _off(found: dict[str, Any], expected: Answer) -> float:
    return float(np.abs(np.array(found["probabilities"]) - expected.probabilities).max())


@pytest.mark.parametrize(("several_parts", "drawings"), [(False, 200), (True, 60)])
def test_drawings_are_read_as_the_app_reads_them(
    exported: Exported, open_file: Open, several_parts: bool, drawings: int
) -> None:
    framing = replace(exported.framing, several_parts=several_parts)
    predictor = exported.framed_by(framing)
    opened = open_file(exported.file)
    opened.evaluate("told => { network.framing.several_parts = told }", several_parts)
    rng = np.random.default_rng(1)
    pens = list(STROKES.values())
    alike, same = 0, 0
    for index, digit in enumerate(exported.data.test.images[:drawings, ..., 0]):
        image = drawing(digit, rng, pens[index % len(pens)])
        expected = read(predictor, image, DRAWING, several=False).answers[0]
        found = _answer(opened, image)
        same += found["best"] == expected.label
        off = np.abs(np.array(found["pixels"]) - expected.prepared.pixels.ravel()).max()
        if off > 1:  # a half may be rounded either way
            continue
        alike += 1
        assert _off(found, expected) < 1e-4, index
        assert found["best"] == expected.label
        assert found["doubt"] == (expected.doubt and DOUBTS[expected.doubt]), index
    assert alike == same == drawings


def test_a_slip_of_the_pen_is_left_out_as_in_the_app(exported: Exported, open_file: Open) -> None:
    opened = open_file(exported.file)
    image = drawing(exported.data.test.images[0, ..., 0], np.random.default_rng(3))
    where = np.argwhere(image < 128)
    row, column = (8 if where[:, axis].min() > 40 else 270 for axis in (0, 1))
    expected = read(exported.predictor, image, DRAWING, several=False).answers[0]
    image[row - 4 : row + 4, column - 4 : column + 4] = 0
    assert read(exported.predictor, image, DRAWING, several=False).answers[0].probabilities.tolist() == (
        expected.probabilities.tolist()
    )
    assert _answer(opened, image)["pixels"] == expected.prepared.pixels.ravel().tolist()


def test_strokes_by_mouse_are_read_as_the_app_reads_them(exported: Exported, open_file: Open) -> None:
    opened = open_file(exported.file)
    strokes = {
        "seven": [[(0.3, 0.25), (0.7, 0.25), (0.4, 0.8)]],
        "four": [[(0.4, 0.2), (0.3, 0.55), (0.75, 0.55)], [(0.62, 0.3), (0.6, 0.85)]],
        "one": [[(0.5, 0.2), (0.48, 0.8)]],
    }
    for lines in strokes.values():
        for points in lines:
            draw(opened, points)
        expect(opened.locator("#confidence")).not_to_be_empty()
        _settle(opened)
        pixels = np.frombuffer(base64.b64decode(opened.evaluate("btoa(Array.from(drawing().data, (level) => "
                               "String.fromCharCode(level)).join(''))")), np.uint8).reshape(280, 280, 4)  # fmt: skip
        expected = read(exported.predictor, pixels, DRAWING, several=False).answers[0]
        assert _off(_answer(opened, pixels[..., 0]), expected) < 1e-5
        names = exported.predictor.model_input.class_names
        expect(opened.locator("#name")).to_have_text(names[expected.label])
        opened.keyboard.press("Delete")
        expect(opened.locator("#hint")).to_contain_text("Nothing drawn yet")


def _settle(opened: Page) -> None:
    """Wait until what was drawn is recognised, with the next frame. Playwright's own waiting needs `eval`."""
    opened.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert opened.evaluate("waiting") == 0


def draw(opened: Page, points: list[tuple[float, float]]) -> None:
    box = opened.locator("#canvas").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    opened.mouse.move(*places[0])
    opened.mouse.down()
    for place in places[1:]:
        opened.mouse.move(*place, steps=8)
    opened.mouse.up()


@pytest.mark.parametrize(("width", "dark"), [(1000, False), (380, True)])
def test_one_draws_takes_back_and_clears(exported: Exported, open_file: Open, width: int, dark: bool) -> None:
    opened = open_file(exported.file, width=width, dark=dark)
    expect(opened.locator("#undo")).to_be_disabled()
    expect(opened.locator("#bars")).to_be_hidden()
    draw(opened, [(0.5, 0.2), (0.5, 0.8)])
    expect(opened.locator("#said")).to_contain_text("Predicted")
    expect(opened.locator("#bars bdi")).to_have_count(10)
    before = opened.evaluate("drawing().data.join()")
    draw(opened, [(0.2, 0.5), (0.8, 0.5)])
    opened.keyboard.press("Control+z")
    _settle(opened)
    assert opened.evaluate("strokes.length") == 1
    assert opened.evaluate("drawing().data.join()") == before
    opened.keyboard.press("e")
    opened.keyboard.press("+")
    expect(opened.locator("#px")).to_have_text("22 px")
    draw(opened, [(0.5, 0.2), (0.5, 0.8)])
    expect(opened.locator("#hint")).to_contain_text("Nothing drawn yet")  # rubbed out
    opened.locator("#clear").click()
    opened.locator("summary").click()
    expect(opened.get_by_role("heading", name="Confusion matrix")).to_be_visible()
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_a_finger_draws(exported: Exported, open_file: Open) -> None:
    opened = open_file(exported.file, width=380, touch=True)
    opened.locator("#canvas").tap()
    expect(opened.locator("#found")).to_be_visible()
    assert opened.evaluate("strokes.length") == 1
    assert opened.evaluate("getComputedStyle(canvas).touchAction") == "none"  # the page does not scroll below a finger


def _page(tmp_path: Path, known: ModelInput, name: str = "") -> Path:
    model = (NETWORKS[name] if name else foreign(known.image_shape, *_one_dense(len(known.class_names))))()
    file = tmp_path / "page.html"
    outputs = "sigmoid" if model.output_shape[-1] == 1 else "probabilities"
    file.write_text(page("Title", "Run 1", "", operations_of(model, outputs=outputs), known), "utf-8")
    return file


def _one_dense(classes: int) -> list[Callable[[], Any]]:
    return [
        lambda: keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten,
        lambda: keras.layers.Dense(classes, activation="softmax"),
    ]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_network_answers_in_the_browser_as_here(open_file: Open, tmp_path: Path, name: str) -> None:
    model = NETWORKS[name]()
    images = images_for(model)
    outputs = "sigmoid" if model.output_shape[-1] == 1 else "probabilities"
    operations = operations_of(model, outputs=outputs)
    expected = carry_out(operations, images)
    known = ModelInput(tuple("abcd"[: expected.shape[1]]), model.input_shape[1:], None)
    opened = open_file(_page(tmp_path, known, name))
    found = opened.evaluate(
        "images => images.map(one => Array.from(carryOut(operations, bytesOf(one), network.shape).probabilities))",
        [base64.b64encode(one).decode() for one in images],
    )
    np.testing.assert_allclose(found, expected, atol=2e-6)


SHAPES = [(28, 28, 1), (8, 8, 1), (32, 32, 1), (64, 48, 1), (256, 256, 1)]
FRAMINGS = {
    "mass": CENTRED,
    "box": Framing(24, "box", (1.0, 2.0)),
    "parts": Framing(26, "box", (2.5, 6.0), several_parts=True),
}


@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
def test_a_drawing_is_framed_as_the_app_frames_it(
    exported: Exported, open_file: Open, tmp_path: Path, framing: Framing
) -> None:
    opened = open_file(_page(tmp_path, ModelInput(("a", "b"), (28, 28, 1), CENTRED)))
    rng = np.random.default_rng(7)
    told = {"longest_side": framing.longest_side, "centre": framing.centre, "stroke_px": list(framing.stroke_px)}
    told["several_parts"] = framing.several_parts
    for shape in SHAPES:
        for pen in STROKES.values():
            digit = exported.data.test.images[rng.integers(500), ..., 0]
            image = drawing(digit, rng, pen)
            image[[0, -1]] = image[:, [0, -1]] = 255
            expected = prepare(image, shape, framing)
            found = np.array(
                _asked(opened, image, f"Array.from(candidates(drawn, {list(shape)}, {json.dumps(told)})[0].pixels)")
            )
            assert np.abs(found.reshape(shape) - expected.astype(int)).max() <= 1, (shape, pen)


@pytest.mark.parametrize("size", [(90, 60), (300, 420), (33, 31)])
def test_a_picture_goes_in_as_a_whole_as_in_the_app(open_file: Open, tmp_path: Path, size: tuple[int, int]) -> None:
    shape = (24, 32, 3)
    opened = open_file(_page(tmp_path, ModelInput(("a", "b"), shape, None)))
    expect(opened.locator("#canvas")).to_be_hidden()  # a drawing is no colour photograph
    expect(opened.locator("#hint")).to_contain_text("No picture yet")
    rng = np.random.default_rng(2)
    smooth = Image.fromarray(rng.integers(0, 256, (6, 7, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
    smooth.save(tmp_path / "one.png")
    opened.locator("#file").set_input_files(tmp_path / "one.png")
    expect(opened.locator("#found")).to_be_visible()
    expect(opened.locator("#brought")).to_be_visible()
    seen = opened.evaluate(
        "Array.from(at('seen').getContext('2d').getImageData(0, 0, network.shape[1], network.shape[0]).data)"
    )
    expected = prepare(np.asarray(smooth), shape, None).astype(int)
    # Newer versions of Pillow go along the columns first where that is faster, and round in between.
    assert np.abs(np.array(seen).reshape(24, 32, 4)[..., :3] - expected).max() <= 2
    (tmp_path / "no.png").write_bytes(b"no picture")
    opened.locator("#file").set_input_files(tmp_path / "no.png")
    expect(opened.locator("#hint")).to_contain_text("no.png cannot be opened here")


def test_grey_images_without_ink_take_the_whole_drawing(exported: Exported, open_file: Open, tmp_path: Path) -> None:
    opened = open_file(_page(tmp_path, ModelInput(("a", "b"), (28, 28, 1), None)))
    expect(opened.locator("#canvas")).to_be_visible()
    expect(opened.locator("#bring")).to_be_visible()
    image = drawing(exported.data.test.images[4, ..., 0], np.random.default_rng(2))
    found = np.array(_asked(opened, image, "Array.from(candidates(drawn, network.shape, null)[0].pixels)"))
    assert np.abs(found.reshape(28, 28, 1) - prepare(image, framing=None).astype(int)).max() <= 1


def test_names_of_any_script_are_shown_as_they_are(open_file: Open, tmp_path: Path) -> None:
    names = ("</script><script>alert(1)</script>", "あ", "שלום", "<b>&amp;", *(f"class {n}" for n in range(9)))
    opened = open_file(_page(tmp_path, ModelInput(names, (28, 28, 1), CENTRED)))
    draw(opened, [(0.3, 0.3), (0.7, 0.7)])
    expect(opened.locator("#found")).to_be_visible()
    assert opened.evaluate("network.class_names") == list(names)
    assert set(opened.locator("#bars bdi").all_inner_texts()) <= {*names, "3 others"}
    expect(opened.locator("#bars bdi").last).to_have_text("3 others")
