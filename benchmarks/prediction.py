"""How long an answer takes: one prediction in a process, and mouse-up to the answer on screen.

`python benchmarks/prediction.py [--strokes 20]` trains the default network for one epoch, then measures both.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from common import data_dir, finished_run
from playwright.sync_api import Page

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.inference import prepare
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.browser.browser import launched_browser
from tests.browser.server import Server

# Notes the moment in which the answer or its bars change, as painted.
WATCH = """() => {
  window.changed = null
  const watch = new MutationObserver(() => requestAnimationFrame(() => { window.changed ??= performance.now() }))
  const answer = document.querySelector('.st-key-predict_answer')
  watch.observe(answer, { subtree: true, childList: true, characterData: true, attributeFilter: ['src'] })
  document.addEventListener('mouseup', () => { window.up = performance.now(); window.changed = null }, true)
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        settings = Settings.from_environment({"CNN_DASH_HOME": home, "CNN_DASH_DATA_DIR": str(data_dir())})
        server = Server(Path(home))
        try:
            store = RunStore(settings)
            config = override(presets.get("compact-valid").config(), {"train.epochs": 1})
            run = finished_run(store, submit(store, config).id)
            in_browser(server, options.strokes)
        finally:
            server.stop()
        in_process(ResultFolder.of(settings, store.run(run.id)))


def in_process(folder: ResultFolder) -> None:
    from cnn_dash.inference.predictor import Predictor

    predictor = Predictor(folder)
    drawing = np.full((280, 280, 4), 255, np.uint8)
    drawing[60:220, 130:150, :3] = 0
    shape, framing = predictor.model_input.image_shape, predictor.model_input.framing
    pixels = prepare(drawing, shape, framing)
    report("one prediction", [timed(lambda: predictor.probabilities(pixels[None])) for _ in range(100)])
    report(
        "preparing the drawing",
        [timed(lambda: prepare(drawing, shape, framing)) for _ in range(100)],
    )


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def in_browser(server: Server, strokes: int) -> None:
    with launched_browser() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{server.url}/predict")
        canvas = page.locator(".st-key-predict_canvas canvas").last
        canvas.wait_for()
        box = canvas.bounding_box()
        assert box is not None
        draw(page, box, 60)  # the first answer loads the network
        page.locator(".st-key-predict_answer [data-testid=stMetricValue]").wait_for(timeout=60_000)
        page.wait_for_timeout(3000)
        page.evaluate(WATCH)
        times = []
        for stroke in range(strokes):
            draw(page, box, 70 + 8 * stroke)
            page.wait_for_function("window.changed !== null")
            times.append(page.evaluate("window.changed - window.up"))
            page.wait_for_timeout(700)
        report("mouse-up to a changed answer on screen", times)


def draw(page: Page, box: dict[str, float], x: float) -> None:
    page.mouse.move(box["x"] + x, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + x + 12, box["y"] + 220, steps=6)
    page.mouse.up()


def report(what: str, milliseconds: list[float]) -> None:
    middle, last = statistics.median(milliseconds), sorted(milliseconds)[int(0.95 * len(milliseconds))]
    print(f"{what}: median {middle:.1f} ms, 95 % within {last:.1f} ms")


if __name__ == "__main__":
    main()
