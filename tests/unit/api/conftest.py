"""A live server over a run store, and a run that is being trained."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette

from cnn_dash.api.routes import Api
from cnn_dash.config import RunConfig
from cnn_dash.runs.lease import Lease
from cnn_dash.runs.store import RunStore, Worker


@pytest.fixture
def lease(store: RunStore) -> Lease:
    """Run 1 of the store, claimed."""
    store.create(RunConfig(), parameters=10, multiply_adds=100)
    lease = Lease.claim(store, Worker("w", 1, "here"))
    assert lease is not None
    lease.begin(train_images=640, batches=10)
    return lease


@contextmanager
def serving(open_store: Callable[[], RunStore], addresses: Sequence[str | None] = ()) -> Iterator[str]:
    """Run a server on this machine, and give its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=Api(open_store).routes(addresses=addresses))
    config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server could not be started"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()


@pytest.fixture
def server(store: RunStore) -> Iterator[str]:
    """The address of a server on this machine."""
    with serving(lambda: store) as address:
        yield address
