"""Seconds until the Runs page answers, with many runs in the store.

`python benchmarks/runs_page.py [--runs 1000 10000] [--epochs 50] [--rounds 5]`. The runs are made up and written in
bulk, and the stores are visited in turn. "open" is from the click on Runs to the table on the screen, "search" from
Enter to the table with what was found, "sort" from the click on Ascending to the table in the other order; "script" is
what the server does for the page.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import sqlalchemy as sa
from common import data_dir
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from cnn_dash import presets
from cnn_dash.hyperparameters import override
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.records import EpochMetrics
from cnn_dash.runs.schema import epoch_metrics, epochs, metric_summaries, run_settings, run_texts, runs
from cnn_dash.runs.search_index import setting_rows, text_rows
from cnn_dash.runs.status import Source, Status
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.ui.runs.runs_list import PAGE_SIZE
from tests.browser.browser import launched_browser
from tests.browser.server import ROOT, Server

# The table's own description of itself, for people who do not see it: it changes when the table is drawn.
ROWS = "document.querySelector('.st-key-runs_table [role=grid]')?.getAttribute('aria-rowcount')"
FIRST = "document.querySelector('.st-key-runs_table [role=grid] tbody td:nth-child(2)')?.textContent"
DAY_S = 24 * 3600
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "val_auc", "learning_rate", "images_per_second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with ExitStack() as stack:
        homes: dict[int, Settings] = {}
        for count in options.runs:
            home = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            homes[count] = Settings.from_environment({"CNN_DASH_HOME": home, "CNN_DASH_DATA_DIR": str(data_dir())})
            store = RunStore(homes[count])
            fill(store, count, options.epochs)
            store.close()
        measured = measure(homes, options.rounds)
        for count, times in measured.items():
            for name, (first, *others) in times.items():
                print(
                    f"{count:,} runs, {name}: median {statistics.median(others):.2f} s (from {min(others):.2f} to "
                    f"{max(others):.2f}), the first time {first:.2f} s"
                )
            print(f"{count:,} runs, script: {script_seconds(homes[count], options.rounds):.2f} s")


def measure(homes: Mapping[int, Settings], rounds: int) -> dict[int, dict[str, list[float]]]:
    """Return the seconds of each action of each visit, by number of runs; one round visits every store once."""
    times: dict[int, dict[str, list[float]]] = {count: {"open": [], "search": [], "sort": []} for count in homes}
    with ExitStack() as stack:
        servers = {count: Server(settings.home) for count, settings in homes.items()}
        for server in servers.values():
            stack.callback(server.stop)
        page = stack.enter_context(launched_browser()).new_page(viewport={"width": 1400, "height": 1000})
        for _ in range(rounds + 1):
            for count, server in servers.items():
                for name, seconds in visit(page, server.url, count).items():
                    times[count][name].append(seconds)
    return times


def visit(page: Page, url: str, count: int) -> dict[str, float]:
    """Seconds of each action of one visit; each has ended when the browser has painted what came."""
    page.goto(url)
    page.locator(".st-key-home_runs canvas").first.wait_for()
    calm(page)
    shown = min(count, PAGE_SIZE)
    times = {"open": until(page, lambda: page.get_by_role("link", name="Runs").click(), f"{ROWS} == {shown + 1}")}
    calm(page)
    field = page.locator(".st-key-runs_search input")
    before = page.evaluate(FIRST)
    field.fill("learning_rate>=0.001 accuracy<97%")  # the newest run is not among them
    times["search"] = until(page, lambda: field.press("Enter"), changed(before))
    calm(page)
    before = page.evaluate(FIRST)
    ascending = page.locator(".st-key-runs_direction").get_by_text("Ascending")
    times["sort"] = until(page, ascending.click, changed(before))
    return times


def changed(first: str) -> str:
    return f"{FIRST} && {FIRST} != {json.dumps(first)}"


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
    made: list[dict[str, Any]] = []
    curves: list[tuple[int, list[EpochMetrics]]] = []
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
                "source": Source.RECIPE,
                "config": override(recipe, changes).model_dump(mode="json"),
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
        records = [
            EpochMetrics(epoch, {name: chance.random() for name in METRICS}, 1.0) for epoch in range(1, epochs_each + 1)
        ]
        curves.append((run_id, records))
        folder = RunFolder.of(store.settings, run_id)
        for file in (folder.log, folder.checkpoint("0001-00050-0000000.npz"), folder.result("result-0001").model):
            file.put(lambda path: path.write_bytes(b"0" * 1000))
    for start in range(0, count, 500):
        some = slice(start, start + 500)
        with store.transaction() as connection:
            connection.execute(runs.insert(), made[some])
            write_curves(connection, curves[some])
        written = store.by_ids([row["id"] for row in made[some]])
        with store.transaction() as connection:
            for table, rows_of in ((run_texts, text_rows), (run_settings, setting_rows)):
                connection.execute(table.insert(), [row for run in written for row in rows_of(run)])


def write_curves(connection: sa.Connection, curves: Sequence[tuple[int, Sequence[EpochMetrics]]]) -> None:
    """Write epochs and summaries of their metrics in bulk."""
    connection.execute(
        epochs.insert(),
        [{"run_id": run_id, "epoch": one.epoch, "seconds": 1.0} for run_id, records in curves for one in records],
    )
    connection.execute(
        epoch_metrics.insert(),
        [
            {"run_id": run_id, "epoch": one.epoch, "name": name, "value": value}
            for run_id, records in curves
            for one in records
            for name, value in one.metrics.items()
        ],
    )
    summaries = []
    for run_id, records in curves:
        for name in METRICS:
            best = max(records, key=lambda one: one.metrics[name])
            row = {"last": records[-1].metrics[name], "best": best.metrics[name], "best_epoch": best.epoch}
            summaries.append({"run_id": run_id, "name": name} | row)
    connection.execute(metric_summaries.insert(), summaries)


if __name__ == "__main__":
    main()
