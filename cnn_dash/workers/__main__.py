"""One worker process: `python -m cnn_dash.workers WORKER_ID [spare]`.

Imports Keras, waits for a run, trains it, exits; one process a run, so nothing leaks into the next. It may share no
process, screen or session with anybody: all it knows is the store. While it waits, the end of its standard input tells
it that whoever started it is gone; a run that it trains is finished first. A spare one takes no run before there is
something in its standard input: it is one more than may train at the same time.
"""

import logging
import os
import socket
import sys
import threading
import time

from cnn_dash.errors import StoreError
from cnn_dash.keras_alone import leave_out_adapters
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.store import RunStore, Worker
from cnn_dash.settings import Settings

log = logging.getLogger(__name__)

CHECK_EVERY_S = 0.1


def main(worker_id: str, *, spare: bool = False) -> int:
    """Wait for one run, train it, and return the exit code of the process."""
    from cnn_dash.training.run import train_run  # Keras comes with it, and not before it was told what to leave out

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment()
    worker = Worker(worker_id, os.getpid(), socket.gethostname())
    admitted, alone = _watch_input()
    try:
        store = RunStore(settings)
        while not alone.is_set():
            lease = Lease.claim(store, worker) if admitted.is_set() or not spare else None
            if lease is not None:
                train_run(lease, settings)
                return 0
            time.sleep(CHECK_EVERY_S)
    except StoreError as error:
        log.error("%s", error)
        return 1
    return 0


def _watch_input() -> tuple[threading.Event, threading.Event]:
    """Return events of standard input: that something came in, and that it ended."""
    came, ended = threading.Event(), threading.Event()

    def wait() -> None:
        # Not sys.stdin.read(): a thread that holds the lock of sys.stdin aborts the interpreter when it shuts down.
        while os.read(0, 1024):
            came.set()
        ended.set()

    threading.Thread(target=wait, name="parent-watch", daemon=True).start()
    return came, ended


if __name__ == "__main__":
    leave_out_adapters()
    sys.exit(main(sys.argv[1], spare=sys.argv[2:] == ["spare"]))
