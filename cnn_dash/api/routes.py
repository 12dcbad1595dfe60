"""Routes of the HTTP side. Two of them write, which takes a token; all answer to the server's own names only.

GET /api/runs                 all runs, newest first
GET /api/runs.csv, .json      all runs with their settings as a file, or those of ?ids=1,2,12
GET /api/curves.csv, .json    the metrics of every epoch of all runs, or of those of ?ids=1,2,12, as a file
GET /api/runs/{id}            one run with its settings and the metrics of every epoch
GET /api/runs/{id}/events     the same as it happens (server-sent events, see `feed`)
GET /api/runs/{id}/log        its log as text
GET /api/runs/{id}/images     images of its last epoch, for the live panel (see `epoch_images`); 204 if it has none
GET /api/runs/{id}/exports    the formats in which its network leaves, and what is known of files made before
GET /api/runs/{id}/exports/{format}   its network as a file, made first if need be
GET /api/corrections.zip      the pictures whose class was told on the Predict page, in a folder for each class
GET /api/datasets/{name}.npz, .zip   a data set as arrays, or as class folders
GET /api/activity             whether something else is under way than `seen`; waits for it (see `activity`)
GET /api/server               version, and whether TensorFlow is loaded in the server
GET /api/plotly.js            the drawing library of the live panel
POST /api/runs                begins a run of another program (see `recording`)
POST /api/runs/{id}/metrics   records its metrics, and its end
"""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import aclosing
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from anyio import to_thread
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from cnn_dash import __version__
from cnn_dash.api import datasets, exports, recording
from cnn_dash.api.activity import ActivityWatch
from cnn_dash.api.feed import Message, RunFeed
from cnn_dash.api.file_stream import file_response
from cnn_dash.api.guard import Guard, HostMiddleware, Refused
from cnn_dash.datasets.corrections import Corrections
from cnn_dash.datasets.corrections_zip import write_zip
from cnn_dash.errors import CnnDashError, RequestError, RunNotFound, StoreError
from cnn_dash.exporters.jobs import ExportJobs
from cnn_dash.parsing import whole_number
from cnn_dash.runs import epoch_images
from cnn_dash.runs.activity import Activity
from cnn_dash.runs.describe import details, summary
from cnn_dash.runs.export import MEDIA_TYPES, WHATS, Format, What, array, chosen, export, file_name, parse_ids, read
from cnn_dash.runs.folder import RunFolder
from cnn_dash.runs.store import RunStore
from cnn_dash.settings import Settings
from cnn_dash.strict_json import dumps

NO_STORE = {"Cache-Control": "no-store"}

Endpoint = Callable[[Request], Awaitable[Response]]


class Api:
    """The HTTP side of one server; the store is opened when the first request needs it.

    Args:
        open_store: Gives the run store.
        open_activity: Gives the look at what is under way that the pages share; None for one of its own.
        open_exports: Gives what makes files of networks, which the pages share; None for one of its own.
    """

    def __init__(
        self,
        open_store: Callable[[], RunStore],
        open_activity: Callable[[], Activity] | None = None,
        open_exports: Callable[[], ExportJobs] | None = None,
    ) -> None:
        self._open_store = open_store
        self._open_activity = open_activity or (lambda: Activity(open_store()))
        self._open_exports = open_exports or cache(lambda: ExportJobs(open_store()))
        self._exports: ExportJobs | None = None
        self._guard = Guard()
        self._settings: Settings | None = None
        self._feed: RunFeed | None = None
        self._watch: ActivityWatch | None = None
        self._written: tuple[Message, str] | None = None

    def routes(self, base_path: str = "", addresses: Collection[str | None] = ()) -> list[Route]:
        """Return the routes for the server.

        Args:
            base_path: Path below which the server shows itself, such as `team/cnn`; its pages ask for the routes there.
            addresses: What the server is called; requests to other names are refused.
        """
        self._guard = Guard(addresses)
        base = f"/{base_path.strip('/')}".rstrip("/")
        table: dict[str, Endpoint] = {
            "/api/runs": self.runs,
            **{f"/api/{what}.{form}": partial(self.export, what, form) for what in WHATS for form in MEDIA_TYPES},
            "/api/runs/{run_id}": self.run,
            "/api/runs/{run_id}/events": self.events,
            "/api/runs/{run_id}/log": self.log,
            "/api/runs/{run_id}/images": self.images,
            "/api/runs/{run_id}/exports": self.formats,
            "/api/runs/{run_id}/exports/{format}": self.network,
            "/api/corrections.zip": self.corrections,
            "/api/datasets/{file}": self.dataset,
            "/api/activity": self.activity,
            "/api/server": _server,
            "/api/plotly.js": _plotly,
        }
        writing: dict[str, Endpoint] = {"/api/runs": self.begin, "/api/runs/{run_id}/metrics": self.record}
        return [
            *(Route(base + path, self._guarded(endpoint)) for path, endpoint in table.items()),
            *(Route(base + path, self._guarded(one, writes=True), methods=["POST"]) for path, one in writing.items()),
        ]

    def middleware(self) -> list[Middleware]:
        """Return what refuses requests to foreign names for all that the server has, its pages above all."""
        return [Middleware(HostMiddleware, check=self._check_host)]

    async def _check_host(self, request: HTTPConnection) -> None:
        try:
            settings = await to_thread.run_sync(self._known_settings)
        except CnnDashError:  # every page says what is wrong with the settings
            settings = Settings()
        self._guard.check_host(request, settings)

    def _guarded(self, endpoint: Endpoint, *, writes: bool = False) -> Endpoint:
        """Return an endpoint that answers who may ask, and says errors meant for people as JSON."""

        async def answer(request: Request) -> Response:
            try:
                await self._check_host(request)
                settings = await to_thread.run_sync(self._known_settings)
                if writes:
                    self._guard.check_writer(request, settings)
                return await endpoint(request)
            except Refused as error:
                return JSONResponse({"error": str(error)}, status_code=error.status)
            except CnnDashError as error:
                status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 503)
                return JSONResponse({"error": str(error)}, status_code=status)

        return answer

    def _known_settings(self) -> Settings:
        """Return the settings of the store, or those of the environment while it cannot be opened."""
        if self._settings is None:
            try:
                self._settings = self._open_store().settings
            except StoreError:
                return Settings.from_environment()
        return self._settings

    async def begin(self, request: Request) -> Response:
        """Begin a run of another program."""
        return await recording.begin(await to_thread.run_sync(self._open_store), request)

    async def record(self, request: Request) -> Response:
        """Record metrics of a run of another program, or its end."""
        return await recording.record(await to_thread.run_sync(self._open_store), _run_id(request), request)

    def close(self) -> None:
        """End all that would hold up the end of the server: event streams, and files that are being made."""
        if self._exports is not None:
            self._exports.close()
        if self._feed is not None:
            self._feed.close()
        if self._watch is not None:
            self._watch.close()

    async def runs(self, _request: Request) -> Response:
        """Answer with all runs, read some at a time."""
        store = await to_thread.run_sync(self._open_store)
        ids = await to_thread.run_sync(chosen, store, None)  # before the answer begins, so that trouble has its status
        return StreamingResponse(array(map(summary, read(store, ids))), media_type="application/json")

    async def run(self, request: Request) -> Response:
        """Answer with one run, its settings and the metrics of every epoch."""
        store = await to_thread.run_sync(self._open_store)
        changes = await to_thread.run_sync(store.changes, _run_id(request))
        return JSONResponse(details(changes.run, changes.epochs, store.settings))

    async def log(self, request: Request) -> Response:
        """Answer with the log of a run."""
        store = await to_thread.run_sync(self._open_store)
        run = await to_thread.run_sync(store.run, _run_id(request))
        return PlainTextResponse(await to_thread.run_sync(RunFolder.of(store.settings, run.id).read_log))

    async def images(self, request: Request) -> Response:
        """Answer with the images of the last epoch of a run, as its worker has written them."""
        store = await to_thread.run_sync(self._open_store)
        run = await to_thread.run_sync(store.run, _run_id(request))
        found = await to_thread.run_sync(epoch_images.newest, RunFolder.of(store.settings, run.id), run.epoch)
        if found is None:
            return Response(status_code=204, headers=NO_STORE)
        return Response(found, media_type="application/json", headers=NO_STORE)

    async def export(self, what: What, form: Format, request: Request) -> Response:
        """Answer with a file of runs or curves: those that `?ids=1,2,12` names, or all."""
        ids = parse_ids(",".join(request.query_params.getlist("ids"))) if "ids" in request.query_params else None
        store = await to_thread.run_sync(self._open_store)
        found = await to_thread.run_sync(chosen, store, ids)
        name = file_name(what, form, ids)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingResponse(export(store, what, form, found), media_type=MEDIA_TYPES[form], headers=headers)

    async def formats(self, request: Request) -> Response:
        """Answer with the formats in which the network of a run leaves."""
        return await exports.formats(await to_thread.run_sync(self._open_store), _run_id(request))

    async def network(self, request: Request) -> Response:
        """Answer with the network of a run as a file."""
        self._guard.check_same_site(request)
        store = await to_thread.run_sync(self._open_store)
        self._exports = await to_thread.run_sync(self._open_exports)
        return await exports.file(store, self._exports, _run_id(request), request.path_params["format"])

    async def corrections(self, request: Request) -> Response:
        """Answer with the pictures whose class a person has told, as a ZIP archive, read some at a time."""
        self._guard.check_same_site(request)
        store = await to_thread.run_sync(self._open_store)
        archive = await to_thread.run_sync(write_zip, Corrections(store.settings.corrections_dir))
        headers = {"Content-Disposition": 'attachment; filename="corrections.zip"', "Cache-Control": "no-store"}
        return file_response(archive, "application/zip", headers)

    async def dataset(self, request: Request) -> Response:
        """Answer with a data set as a file, `/api/datasets/mnist.npz`."""
        self._guard.check_same_site(request)
        store = await to_thread.run_sync(self._open_store)
        name = request.path_params["file"]
        stream, media_type = await to_thread.run_sync(datasets.written, store.settings, name)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return file_response(stream, media_type, headers)

    async def events(self, request: Request) -> Response:
        """Stream a run as it trains."""
        store = await to_thread.run_sync(self._open_store)
        if self._feed is None:
            self._feed = RunFeed(store)
        messages = self._feed.messages(_run_id(request))
        first = await anext(messages)  # so that an unknown run is a 404 and not a stream that breaks

        async def stream() -> AsyncIterator[str]:
            async with aclosing(messages):
                yield self._event(first)
                async for message in messages:
                    yield self._event(message)

        headers = NO_STORE | {"X-Accel-Buffering": "no"}
        return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)

    def _event(self, message: Message) -> str:
        """Return a message as text. Most watchers get the same one at the same time: it is serialised once."""
        if self._written is None or self._written[0] is not message:
            name, data = message
            self._written = message, ":\n\n" if data is None else f"event: {name}\ndata: {dumps(data)}\n\n"
        return self._written[1]

    async def activity(self, request: Request) -> Response:
        """Answer with the current activity, once it differs from what the browser has seen."""
        if self._watch is None:
            self._watch = ActivityWatch(await to_thread.run_sync(self._open_activity))
        asked = request.query_params
        news = await self._watch.news(asked.get("who", ""), asked.get("seen", ""))
        return JSONResponse(news, headers=NO_STORE)


def _run_id(request: Request) -> int:
    """Return the number in the path. Starlette's own `int` breaks on a very long one."""
    text: str = request.path_params["run_id"]
    number = whole_number(text)
    if number is None:
        raise RunNotFound(f"There is no such run. Received: {text!r}. Allowed: a number.")
    return number


_STATUS: dict[type[CnnDashError], int] = {RunNotFound: 404, RequestError: 400}


async def _server(_request: Request) -> Response:
    return JSONResponse({"version": __version__, "tensorflow_loaded": "tensorflow" in sys.modules})


async def _plotly(_request: Request) -> Response:
    script = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}  # the page asks for it by version
    return FileResponse(script, media_type="text/javascript", headers=headers)
