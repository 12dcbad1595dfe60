"""The server: pages, HTTP routes and the supervisor of the workers. Start it with `streamlit run app.py`."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st
from anyio import to_thread

import cnn_dash
from cnn_dash.api.routes import Api
from cnn_dash.api.shutdown import before_shutdown
from cnn_dash.config import DataConfig
from cnn_dash.errors import CnnDashError
from cnn_dash.ui.compat import drop_requests_of_left_pages
from cnn_dash.ui.components.messages import render_error
from cnn_dash.ui.session.resources import (
    dataset,
    open_activity,
    open_calculations,
    open_explorations,
    open_exports,
    open_measurements,
    open_store,
)
from cnn_dash.workers.local_processes import LocalProcesses
from cnn_dash.workers.supervisor import Supervisor

log = logging.getLogger("cnn_dash")

# The first page has the processors to itself before a worker starts to import Keras.
CALM_START_S = 5.0
TRY_AGAIN_S = 5.0


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Keep workers alive for as long as the server runs, whether or not a page is open."""
    supervisors: list[Supervisor] = []
    ready = asyncio.Event()
    starting = asyncio.create_task(supervise(supervisors, ready))
    await ready.wait()
    try:
        with before_shutdown(close):
            yield
    finally:
        starting.cancel()
        for supervisor in supervisors:
            supervisor.stop()


async def supervise(supervisors: list[Supervisor], ready: asyncio.Event) -> None:
    """Start the supervisor as soon as the run store can be opened: after a restart, the database may come up later."""
    while not supervisors:
        try:
            store = await to_thread.run_sync(open_store)
        except CnnDashError as error:
            log.error("%s", error)  # every page says it too
            ready.set()
            await asyncio.sleep(TRY_AGAIN_S)
            continue
        await to_thread.run_sync(preload)
        supervisors.append(Supervisor(store, LocalProcesses(store.settings), start_after_s=CALM_START_S))
        supervisors[0].start()
    ready.set()


def close() -> None:
    """End all that would hold up the end of the server."""
    api.close()
    for jobs in (open_measurements(), open_calculations(), open_explorations()):
        jobs.close()


def preload() -> None:
    """Have what the first page needs before the server says that it is ready."""
    # Plotly takes pandas as it finds it, half imported by the thread of another session's first page if need be.
    import pandas  # noqa: F401

    from cnn_dash.ui.train import data_and_preset, form, preview, run_panel  # noqa: F401

    with contextlib.suppress(CnnDashError):  # the page that needs it says why it is not there
        dataset(DataConfig().dataset)


def tell(error: Exception) -> bool:
    """Show an error as a sentence; what is not meant for people goes to the log with its traceback."""
    if isinstance(error, CnnDashError):
        render_error(error)
    else:
        log.error("A page failed", exc_info=error)
        render_error(
            f"CNN Dash met an error that it does not know ({type(error).__name__}). Nothing was lost: runs continue by "
            "themselves. Reload the page; if it happens again, the server's log says where."
        )
    return True


drop_requests_of_left_pages()
api = Api(open_store, open_activity, open_exports)
app = st.App(
    Path(cnn_dash.__file__).parent / "ui" / "main.py",
    routes=api.routes(
        st.get_option("server.baseUrlPath") or "",
        addresses=[st.get_option("server.address"), st.get_option("browser.serverAddress")],
    ),
    middleware=api.middleware(),
    lifespan=lifespan,
    on_script_error=tell,
)
