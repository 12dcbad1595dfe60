"""How much slower a run trains while many browsers watch it.

`python benchmarks/watchers.py [--watchers 20] [--pairs 12] [--epochs 20]`. One long run of the default network, in turn
without watchers and with them, every second pair the other way round; quoted is the median over the pairs of (seconds
of an epoch with) / (without). An epoch counts if all of it lies in one stretch.

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
from cnn_dash.hyperparameters import override
from cnn_dash.runs import actions
from cnn_dash.runs.store import RunStore
from cnn_dash.runs.submit import submit
from cnn_dash.settings import Settings
from tests.browser.browser import launched_browser
from tests.browser.server import Server

WATCHING = Path(__file__).with_name("watching.py")
SETTLE_S = 6.0


@dataclass(frozen=True)
class Stretch:
    """Seconds of an epoch (median), and what share of one processor the server and the watchers took meanwhile."""

    epoch_s: float
    server: float
    watchers: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watchers", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--epochs", type=int, default=20, help="epochs of each stretch")
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
            actions.stop(store, run.id)
            server.stop()


def measure(store: RunStore, server: Server, run_id: int, message: Path, options: argparse.Namespace) -> None:
    message.write_bytes(recorded_request(store, server.url, run_id))
    arguments = [sys.executable, str(WATCHING), server.url, str(run_id), str(options.watchers), str(message)]
    pipe = subprocess.PIPE
    stretches: dict[str, list[Stretch]] = {"rest": [], "watch": []}
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe, text=True, bufsize=1) as watching:
        assert watching.stdin
        assert watching.stdout
        assert watching.stdout.readline() == "ready\n"
        time.sleep(5 * SETTLE_S)
        for pair in range(options.pairs):
            for what in ("rest", "watch") if pair % 2 == 0 else ("watch", "rest"):
                watching.stdin.write(f"{what}\n")
                said = watching.stdout.readline().strip()
                time.sleep(SETTLE_S)
                stretches[what].append(stretch(store, server.pid, watching.pid, run_id, options.epochs))
            alone, watched = stretches["rest"][-1], stretches["watch"][-1]
            print(
                f"pair {pair + 1}: an epoch {alone.epoch_s:.3f} s alone, {watched.epoch_s:.3f} s watched, "
                f"ratio {watched.epoch_s / alone.epoch_s:.3f}; of one processor the server took {alone.server:.1%} and "
                f"{watched.server:.1%}, the watchers {watched.watchers:.1%}; before: {said}",
                flush=True,
            )
        watching.stdin.close()
    pairs = zip(stretches["watch"], stretches["rest"], strict=True)
    ratios = sorted(watched.epoch_s / alone.epoch_s for watched, alone in pairs)
    quarter = len(ratios) // 4
    low, high = ratios[quarter], ratios[-1 - quarter]
    print(f"median ratio {statistics.median(ratios):.3f} (half of them from {low:.3f} to {high:.3f})")
    for what, name in (("rest", "alone"), ("watch", "watched")):
        server_share = statistics.median(one.server for one in stretches[what])
        watchers_share = statistics.median(one.watchers for one in stretches[what])
        print(f"{name}: of one processor the server took {server_share:.1%}, the watchers {watchers_share:.1%}")


def stretch(store: RunStore, server: int, watchers: int, run_id: int, epochs: int) -> Stretch:
    """Wait for so many whole epochs from now on."""
    first = store.run(run_id).epoch + 1  # the one that is under way does not count
    before, began = (used_s(server), used_s(watchers)), time.monotonic()
    while (run := store.run(run_id)).epoch < first + epochs:
        if not run.active:
            raise SystemExit(f"The run has ended ({run.status}) before the measurement: take fewer pairs or epochs.")
        time.sleep(0.2)
    took = time.monotonic() - began
    shares = [
        (after - earlier) / took for after, earlier in zip((used_s(server), used_s(watchers)), before, strict=True)
    ]
    seconds = [one.seconds for one in store.epochs(run_id) if first < one.epoch <= first + epochs]
    return Stretch(statistics.median(seconds), *shares)


def used_s(pid: int) -> float:
    """Processor seconds that a process has used so far."""
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


def recorded_request(store: RunStore, url: str, run_id: int) -> bytes:
    """Return what Chromium sends while the run trains and another one has changed."""
    sent: list[bytes] = []
    with launched_browser() as browser:
        page = browser.new_page()
        page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
        page.goto(f"{url}/train?run={run_id}")
        page.locator("[data-testid=stSidebar] .words").first.wait_for()
        actions.pause(store, submit(store, presets.get("compact-valid").config()).id)
        while True:
            page.wait_for_timeout(200)
            for frame in sent:
                back = BackMsg()
                back.ParseFromString(frame)
                if any("news" in widget.json_trigger_value for widget in back.rerun_script.widget_states.widgets):
                    return frame


if __name__ == "__main__":
    main()
