"""Seconds until the Runs page answers, with many runs in the store.

`python benchmarks/runs_page.py [--runs 1000] [--epochs 50] [--rounds 5]`. The runs are made up and written in bulk.
"open" is from the click on Runs to the table on the screen, "search" from Enter to the table with what was found,
"sort" from the click on Rising to the table in the other order; "script" is what the server does for the page.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from common import data_dir
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.schema import epochs, runs, summary_columns
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from tests.browser.browser import launched_browser
from tests.browser.server import ROOT, Server

# The table's own description of itself, for people who do not see it: it changes when the table is drawn.
ROWS = "document.querySelector('.st-key-runs_table [role=grid]')?.getAttribute('aria-rowcount')"
FIRST = "document.querySelector('.st-key-runs_table [role=grid] tbody td:nth-child(2)')?.textContent"
DAY_S = 24 * 3600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        settings = Settings.from_environment({"CNN_DASH_HOME": home, "CNN_DASH_DATA_DIR": str(data_dir())})
        store = RunStore(settings)
        fill(store, options.runs, options.epochs)
        store.close()
        server = Server(Path(home))
        times: dict[str, list[float]] = {"open": [], "search": [], "sort": []}
        try:
            with launched_browser() as browser:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                for _ in range(options.rounds + 1):
                    for name, seconds in visit(page, server.url, options.runs).items():
                        times[name].append(seconds)
        finally:
            server.stop()
        for name, values in times.items():
            first, *others = values
            print(
                f"{name}: median {statistics.median(others):.2f} s (from {min(others):.2f} to {max(others):.2f}), "
                f"the first time {first:.2f} s"
            )
        print(f"script: {script_seconds(settings, options.rounds):.2f} s")


def visit(page: Page, url: str, count: int) -> dict[str, float]:
    """Seconds of each action of one visit; each has ended when the browser has painted what came."""
    page.goto(url)
    page.locator(".st-key-home_runs canvas").first.wait_for()
    calm(page)
    times = {"open": until(page, lambda: page.get_by_role("link", name="Runs").click(), f"{ROWS} == {count + 1}")}
    calm(page)
    field = page.locator(".st-key-runs_search input")
    field.fill("learning_rate>=0.001 accuracy>97%")
    times["search"] = until(page, lambda: field.press("Enter"), f"{ROWS} && {ROWS} != {count + 1}")
    calm(page)
    before = page.evaluate(FIRST)
    rising = page.locator(".st-key-runs_direction").get_by_text("Rising")
    times["sort"] = until(page, rising.click, f"{FIRST} != {json.dumps(before)}")
    return times


def until(page: Page, act: Callable[[], Any], seen: str) -> float:
    began = time.perf_counter()
    act()
    page.wait_for_function(seen, polling="raf")
    return time.perf_counter() - began


def calm(page: Page) -> None:
    page.locator(".stApp[data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(1000)


def script_seconds(settings: Settings, rounds: int) -> float:
    """Median time of the page's script and of all that it calls, without a browser."""
    import os

    os.environ |= settings.environment()
    app = AppTest.from_file(str(ROOT / "cnn_dash" / "ui" / "main.py"), default_timeout=60).run()
    app.switch_page("../../pages/runs.py").run()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        app.run()
        times.append(time.perf_counter() - began)
    assert not app.exception
    return statistics.median(times)


def fill(store: RunStore, count: int, epochs_each: int) -> None:
    """Put made-up runs of the last days into the store, and some files into their folders."""
    chance, now = random.Random(1), time.time()
    made, curves = [], []
    for run_id in range(1, count + 1):
        recipe = presets.get(chance.choice(list(presets.PRESETS))).config(chance.choice(["mnist-5k", "kmnist"]))
        changes = {
            "train.epochs": epochs_each,
            "train.seed": run_id,
            "train.learning_rate": chance.choice([1e-4, 3e-4, 1e-3, 3e-3]),
        }
        begun = now - 10 * DAY_S * (1 - run_id / count) - 60
        made.append(
            {
                "id": run_id,
                "config": override(recipe, changes).model_dump_json(),
                "status": Status.FINISHED,
                "parameters": 93_322,
                "multiply_adds": 2_800_000,
                "created_at": begun,
                "queued_at": begun,
                "claimed_at": begun,
                "ended_at": begun + 60,
                "attempt": 1,
                "epoch": epochs_each,
                "train_images": 3600,
                "batches": 57,
                "images_per_second": chance.uniform(2000, 4000),
                "test_accuracy": chance.uniform(0.95, 0.99),
                "test_loss": chance.uniform(0.03, 0.2),
                "best_epoch": epochs_each,
                "seconds": 60.0,
                "weights_sha256": "0" * 64,
                "result_folder": "result-0001",
                "tags": json.dumps(chance.choice([[], ["baseline"], ["wide", "second try"]])),
                "favourite": run_id % 17 == 0,
            }
        )
        figures = ("loss", "accuracy", "val_loss", "val_accuracy", "val_auc", "learning_rate", "seconds")
        curves += [
            {"run_id": run_id, "epoch": epoch, "images_per_second": 3000.0}
            | {name: chance.random() for name in figures}
            for epoch in range(1, epochs_each + 1)
        ]
        folder = RunFolder.of(store.settings, run_id)
        for file in (folder.log, folder.checkpoint("0001-00050-0000000.npz"), folder.result("result-0001").model):
            file.put(lambda path: path.write_bytes(b"0" * 1000))
    with store.transaction() as connection:
        connection.execute(runs.insert(), made)
        connection.execute(epochs.insert(), curves)
        connection.execute(runs.update().values(summary_columns()))


if __name__ == "__main__":
    main()
