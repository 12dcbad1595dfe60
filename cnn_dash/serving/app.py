"""The routes of `serve`.

POST /predict        pictures or arrays → what the network says (`?several=false`: one character for each picture)
GET  /health         whether it answers
GET  /openapi.json   the routes for programs
GET  /docs, /        the routes for people
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import numpy as np
from anyio import CapacityLimiter, to_thread
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from cnn_dash import __version__
from cnn_dash.api.guard import Guard, HostMiddleware, Refused
from cnn_dash.errors import PictureError
from cnn_dash.inference.answer_entry import entry_of
from cnn_dash.inference.answers import Network, Reading, answers_to, read
from cnn_dash.inference.familiarity import Familiarity
from cnn_dash.inference.model_input import ModelInput
from cnn_dash.inference.pictures import open_first_page
from cnn_dash.inference.preparation import Prepared
from cnn_dash.runs.records import Run
from cnn_dash.serving.batching import Batching, Floats
from cnn_dash.serving.openapi import docs, openapi
from cnn_dash.serving.request_body import JSON, Named, arrays_of, kind_of, limited, pictures_of
from cnn_dash.settings import Settings

AT_ONCE = 4
"""Pictures that are read at the same time; each may take as much memory as 40 megapixels do."""

_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


class ServedNetwork:
    """A network that many threads may ask.

    Attributes:
        model_input: The input that it takes, and the classes that it predicts.
        familiarity: What it has seen; None if that was not measured.
    """

    def __init__(self, network: Network) -> None:
        self.model_input: ModelInput = network.model_input
        self.familiarity: Familiarity | None = network.familiarity
        self._batching = Batching(network.outputs)

    def outputs(self, images: NDArray[np.uint8], /) -> tuple[Floats, Floats]:
        """Return probabilities (N, classes) and features (N, D) of prepared images uint8 (N, H, W, C)."""
        return self._batching(images)

    def close(self) -> None:
        """Answer what waits, then end."""
        self._batching.close()


def make_app(network: Network, run: Run, settings: Settings, address: str) -> Starlette:
    """Return the server of a network.

    Args:
        network: Who is asked.
        run: Its run.
        settings: Further names of the server, besides the loopback ones.
        address: Where it listens.
    """
    served = ServedNetwork(network)
    guard = Guard([address])
    title = f"{run.name} (run {run.id} of CNN Dash)"

    async def check_host(request: HTTPConnection) -> None:
        guard.check_host(request, settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await to_thread.run_sync(served.close)

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", "run": run.id, "name": run.name, "version": __version__})

    async def describe(_request: Request) -> Response:
        return JSONResponse(openapi(title, served.model_input))

    async def show_docs(request: Request) -> Response:
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return HTMLResponse(docs(title, served.model_input, str(request.base_url).rstrip("/")), headers=policy)

    async def home(_request: Request) -> Response:
        return RedirectResponse("docs")

    return Starlette(
        routes=[
            Route("/predict", _in_words(_Predict(served, run, guard)), methods=["POST"]),
            Route("/health", health),
            Route("/openapi.json", describe),
            Route("/docs", show_docs),
            Route("/", home),
        ],
        middleware=[Middleware(HostMiddleware, check=check_host)],
        exception_handlers={HTTPException: _no_route},
        lifespan=lifespan,
    )


class _Predict:
    def __init__(self, network: ServedNetwork, run: Run, guard: Guard) -> None:
        self._network = network
        self._run = run
        self._guard = guard
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer what a request brings."""
        self._check_page(request)
        several = _several(request)
        kind = kind_of(request)
        request = limited(request, kind)
        if kind == JSON:
            arrays = await arrays_of(request, self._network.model_input.image_shape)
            found = await to_thread.run_sync(self._of_arrays, arrays, limiter=self._limit())
        else:
            ask = partial(to_thread.run_sync, limiter=self._limit())
            given = await pictures_of(request, kind)
            found = await asyncio.gather(*(ask(partial(self._of_picture, one, several)) for one in given))
        told: dict[str, Any] = {"run": self._run.id, "class_names": self._network.model_input.class_names}
        answered = any("error" not in one for one in found)
        if not answered:
            told["error"] = found[0]["error"]
        return JSONResponse(told | {"predictions": found}, status_code=200 if answered else 422)

    def _limit(self) -> CapacityLimiter:
        if self._limiter is None:  # within the event loop of the server
            self._limiter = CapacityLimiter(AT_ONCE)
        return self._limiter

    def _check_page(self, request: Request) -> None:
        try:
            self._guard.check_same_site(request)
        except Refused as error:
            raise Refused(
                error.status,
                "Pages of another site may not ask here. Received: a request from such a page. Allowed: programs, and "
                "pages of this server. Let the server behind your page ask.",
            ) from None

    def _of_picture(self, given: Named, several: bool) -> dict[str, Any]:
        name, data = given
        try:
            picture, pages = open_first_page(data, name)
            found = entry_of(read(self._network, picture, several=several), self._network.model_input.class_names)
        except PictureError as error:
            return {"file": name, "error": str(error)}
        return {"file": name, "pages": pages} | found

    def _of_arrays(self, images: NDArray[np.uint8]) -> list[dict[str, Any]]:
        answers = answers_to(self._network, [Prepared(one, one, None) for one in images])
        names = self._network.model_input.class_names
        return [entry_of(Reading((answer,), (1,), ()), names) for answer in answers]


def _several(request: Request) -> bool:
    said = request.query_params.get("several", "true").lower()
    if said not in (*_TRUE, *_FALSE):
        raise Refused(400, f"`several` is true or false. Received: {said[:50]!r}. Leave it out for true.")
    return said in _TRUE


def _in_words(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that says as JSON why it does not answer."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refused as error:
            return JSONResponse({"error": str(error)}, status_code=error.status)

    return answer


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = (
        f"There is nothing here. Received: {request.method} {request.url.path[:100]!r}. Allowed: POST /predict, GET "
        "/health, /openapi.json or /docs."
    )
    return JSONResponse({"error": said}, status_code=error.status_code, headers=error.headers)
