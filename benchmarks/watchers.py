"""How much slower a run trains while many browsers watch it.

`python benchmarks/watchers.py [--watchers 20] [--pairs 8] [--epochs 8]`. One long run of the default network, in turn
without watchers and with them; quoted is the median over the pairs of (seconds of an epoch with) / (without). An epoch
counts if all of it lies in one stretch; a stretch begins when the pages of all watchers are there, so their opening is
not in it.

The watchers are sessions in a process of their own that gives way to all others (`watching.py`): twenty real windows on
the machine that trains would measure Chromium. Beside it the processor time of the server and of the watchers.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from common import data_dir
from streamlit.proto.BackMsg_pb2 import BackMsg

from cnn_dash import presets
from cnn_dash.config import override
from cnn_dash.runs import control
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.browser.browser import launched_browser
from tests.browser.server import Server

WATCHING = Path(__file__).with_name("watching.py")
SETTLE_S = 4.0


@dataclass(frozen=True)
class Stretch:
    """Some epochs of the run, seconds each, and the server's share of one processor meanwhile, 0–1."""

    epoch_s: list[float]
    server: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watchers", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=8)
    parser.add_argument("--epochs", type=int, default=8, help="epochs of each stretch")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        settings = Settings.from_environment({"CNN_DASH_HOME": folder, "CNN_DASH_DATA_DIR": str(data_dir())})
        store = RunStore(settings)
        server = Server(home)
        run = submit(store, override(presets.get("compact-valid").config(), {"train.epochs": 1000}))
        try:
            measure(store, server, run.id, home / "message", options)
        finally:
            control.stop(store, run.id)
            server.stop()


def measure(store: RunStore, server: Server, run_id: int, message: Path, options: argparse.Namespace) -> None:
    message.write_bytes(recorded_request(server.url, run_id))
    ratios = []
    for pair in range(options.pairs):
        alone = stretch(store, server, run_id, options.epochs)
        arguments = [sys.executable, str(WATCHING), server.url, str(run_id), str(options.watchers), str(message)]
        pipe = subprocess.PIPE
        with subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True) as watching:
            assert watching.stdin
            assert watching.stdout
            assert watching.stdout.readline() == "ready\n"
            time.sleep(SETTLE_S)
            client = psutil.Process(watching.pid)
            before, began = sum(client.cpu_times()[:2]), time.monotonic()
            watched = stretch(store, server, run_id, options.epochs)
            clients = (sum(client.cpu_times()[:2]) - before) / (time.monotonic() - began)
            watching.stdin.close()
            said = watching.stdout.read().strip()
        time.sleep(SETTLE_S)
        ratios.append(statistics.median(watched.epoch_s) / statistics.median(alone.epoch_s))
        print(
            f"pair {pair + 1}: an epoch {statistics.median(alone.epoch_s):.2f} s alone, "
            f"{statistics.median(watched.epoch_s):.2f} s watched, ratio {ratios[-1]:.3f}; "
            f"of a processor the server took {alone.server:.1%} and {watched.server:.1%}, the watchers {clients:.1%}; "
            f"they had {said}"
        )
    print(f"median ratio {statistics.median(ratios):.3f} (from {min(ratios):.3f} to {max(ratios):.3f})")


def stretch(store: RunStore, server: Server, run_id: int, epochs: int) -> Stretch:
    """Wait for so many whole epochs from now on."""
    first = store.run(run_id).epoch + 1  # the one that is under way does not count
    process = psutil.Process(server.pid)
    before, began = sum(process.cpu_times()[:2]), time.monotonic()
    while store.run(run_id).epoch < first + epochs:
        time.sleep(0.2)
    share = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    return Stretch([one.seconds for one in store.epochs(run_id) if first < one.epoch <= first + epochs], share)


def recorded_request(url: str, run_id: int) -> bytes:
    """What Chromium sends when there is news, while the run trains."""
    sent: list[bytes] = []
    with launched_browser() as browser:
        page = browser.new_page()
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
        page.goto(f"{url}/train?run={run_id}")
        while True:
            page.wait_for_timeout(200)
            for frame in sent:
                back = BackMsg()
                back.ParseFromString(frame)
                if any("news" in widget.json_trigger_value for widget in back.rerun_script.widget_states.widgets):
                    return frame


if __name__ == "__main__":
    main()
