"""Milliseconds from the moment a figure is recorded to the moment it is in the chart, while a run goes.

`python benchmarks/on_screen.py [--points 40]`. This script is the worker: it claims a run and records a point every
half second.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from common import data_dir

from cnn_dash import presets
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.status import Status
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.browser.browser import launched_browser
from tests.browser.server import Server
from tests.factories import step_metrics

# Notes when each point is in the chart's data, which plotly has then drawn.
WATCH = """plot => {
  window.seen = {}
  plot.on('plotly_afterplot', () => plot.data[0].x.forEach((_, i) => { window.seen[i + 1] ??= Date.now() }))
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        settings = Settings.from_environment({"CNN_DASH_HOME": home, "CNN_DASH_DATA_DIR": str(data_dir())})
        store = RunStore(settings)
        submit(store, presets.get("compact-valid").config())
        lease = Lease.claim(store, Worker("benchmark", 1, "elsewhere"))
        assert lease is not None
        lease.begin(train_images=3600, batches=57)
        server = Server(Path(home))
        recorded: dict[int, float] = {}
        try:
            with launched_browser() as browser:
                page = browser.new_page(viewport={"width": 1400, "height": 1000})
                page.goto(f"{server.url}/train?run=1")
                record(lease, 1)
                plot = page.locator(".plot[data-chart=loss]")
                plot.locator(".nsewdrag").wait_for(state="attached")
                plot.evaluate(WATCH)
                for step in range(2, options.points + 2):
                    record(lease, step)
                    recorded[step] = time.time()
                    time.sleep(0.5)
                time.sleep(1)
                seen = page.evaluate("window.seen")
        finally:
            lease.end(Status.STOPPED)
            server.stop()
    times = sorted(seen[str(step)] - 1000 * when for step, when in recorded.items())
    print(
        f"recorded to drawn: median {statistics.median(times):.0f} ms, slowest {times[-1]:.0f} ms, {len(times)} points"
    )


def record(lease: Lease, step: int) -> None:
    point = step_metrics(step, step / 57, 2 / step, 0.5, 0.001, 3000)
    lease.log_step(point, epoch=step // 57, batch=step % 57)


if __name__ == "__main__":
    main()
