"""Seconds from choosing 200 pictures on the Predict page, in a browser, until all their answers are on screen.

Also the CPU time that the server takes for it, which does not depend on what else the machine does.

`python benchmarks/uploads.py [--pictures 200]` trains the default network for one epoch first. Half of the pictures are
drawings, half are photos of pen on paper, 300 to 2,000 pixels wide or high, as JPEG.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from common import data_dir, finished_run
from families import generator, make

from cnn_dash import presets
from cnn_dash.datasets import catalogue
from cnn_dash.hyperparameters import override
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from cnn_dash.ui.session import widget_keys
from tests.browser.browser import launched_browser
from tests.browser.server import Server

_KINDS = ("clean drawing", "pen on paper")
_FIRST = 2  # are uploaded before, so that the network is loaded, and the cards are on the page


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        files = write_pictures(Path(folder), options.pictures + _FIRST)
        settings = Settings.from_environment({"CNN_DASH_HOME": folder, "CNN_DASH_DATA_DIR": str(data_dir())})
        server = Server(Path(folder))
        try:
            store = RunStore(settings)
            config = override(presets.get("compact-valid").config(), {"train.epochs": 1})
            finished_run(store, submit(store, config).id)
            upload(server, files)
        finally:
            server.stop()


def write_pictures(folder: Path, count: int) -> list[Path]:
    images = catalogue.load("mnist", data_dir()).test.images[..., 0]
    files, sides = [folder / f"{number}.jpg" for number in range(count)], []
    for number, file in enumerate(files):
        kind = _KINDS[number % len(_KINDS)]
        picture = make(kind, images[[number]], generator(kind, number)).picture.convert("RGB")
        picture.save(file, quality=90)
        sides.append(max(picture.size))
    size = sum(file.stat().st_size for file in files)
    print(f"{count} pictures, longer side {np.median(sides):.0f} pixels in the median, {size / 1e6:.1f} MB in all")
    return files


def upload(server: Server, files: list[Path]) -> None:
    with launched_browser() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{server.url}/predict")
        page.get_by_role("tab", name="Upload").click()
        chooser = page.locator(f".st-key-{widget_keys.PREDICT_UPLOAD} input[type=file]")
        cards = page.locator(f".st-key-{widget_keys.PREDICT_CARDS} .card")
        chooser.set_input_files(files[:_FIRST])
        cards.nth(_FIRST - 1).wait_for(timeout=60_000)
        page.wait_for_timeout(3000)
        process = psutil.Process(server.pid)
        began, used = time.perf_counter(), sum(process.cpu_times()[:2])
        chooser.set_input_files(files[_FIRST:])
        cards.nth(len(files) - 1).wait_for(timeout=300_000)
        seconds, used = time.perf_counter() - began, sum(process.cpu_times()[:2]) - used
        print(f"{len(files) - _FIRST} pictures chosen to answers on screen: {seconds:.1f} s; CPU time {used:.1f} s")


if __name__ == "__main__":
    main()
