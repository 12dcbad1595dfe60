"""The networks of runs as files, over HTTP."""

import asyncio
from typing import BinaryIO

from anyio import to_thread
from starlette.responses import JSONResponse, Response

from cnn_dash.api.file_stream import file_response
from cnn_dash.errors import RequestError, StoreError
from cnn_dash.exporters import registry
from cnn_dash.exporters.export_format import ExportFormat
from cnn_dash.exporters.jobs import ExportJobs
from cnn_dash.exporters.kept import kept, open_kept
from cnn_dash.exporters.registry import FORMATS
from cnn_dash.runs.folder import ResultFolder
from cnn_dash.runs.records import Run
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.strict_json import encode


async def formats(store: RunStore, run_id: int) -> Response:
    """Answer with the formats in which the network of a run leaves, and what is known of files made before."""
    return JSONResponse(await to_thread.run_sync(_formats, store, run_id))


def _formats(store: RunStore, run_id: int) -> list[dict[str, object]]:
    run = _with_network(store, run_id)
    return [
        encode(form.as_json() | {"file": _known(store.settings, run, form)})
        for form in FORMATS.values()
        if form.offered(run)
    ]


def _known(settings: Settings, run: Run, form: ExportFormat) -> dict[str, object] | None:
    made = kept(settings, run, form)
    return None if made is None else made.as_json()


async def file(store: RunStore, jobs: ExportJobs, run_id: int, name: str) -> Response:
    """Answer with a file; one that is not there is made first, which takes some seconds.

    Raises:
        RequestError: If there is no such format, or the run has no network.
        StoreError: If it cannot be made.
    """
    form = registry.get(name)
    run = await to_thread.run_sync(_with_network, store, run_id)
    await asyncio.shield(asyncio.wrap_future(jobs.start(run, form).future))
    try:
        stream, size = await to_thread.run_sync(_opened, store.settings, run, form)
    except FileNotFoundError as error:
        raise StoreError(f"The file of run {run.id} was deleted just now. Ask for it again.") from error
    headers = {
        "Content-Disposition": f'attachment; filename="{form.file_name(run.id)}"',
        "Content-Length": str(size),
        "Cache-Control": "no-store",
    }
    return file_response(stream, form.media_type, headers)


def _with_network(store: RunStore, run_id: int) -> Run:
    run = store.run(run_id)
    try:
        ResultFolder.of(store.settings, run)
    except StoreError as error:
        raise RequestError(str(error)) from error
    return run


def _opened(settings: Settings, run: Run, form: ExportFormat) -> tuple[BinaryIO, int]:
    stream = open_kept(settings, run, form)
    size = stream.seek(0, 2)
    stream.seek(0)
    return stream, size
