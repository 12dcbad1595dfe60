"""Listens, and answers until it is told to end."""

import contextlib
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from cnn_dash.errors import ConfigError

GRACE_S = 10
"""So long requests that are under way may take when the server is told to end."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: Name or address of an interface of this machine.
        port: 0 for any that is free.

    Raises:
        ConfigError: If that is not possible.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=256)
    except (OSError, UnicodeError, OverflowError) as error:
        raise ConfigError(
            f"The server cannot listen there. Received: --host {host} --port {port} ({error}). Allowed: an address of "
            "this machine, and a port that nothing else uses. Name another port."
        ) from error


def url_of(listening: socket.socket) -> str:
    """Return the address that people open: `http://127.0.0.1:8600`."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(app: ASGIApp, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Answer until Ctrl-C or SIGTERM; requests that are under way are answered first.

    Args:
        app: What answers.
        listening: Where.
        ready: Called when the first request would be answered.
    """
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=GRACE_S, server_header=False)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    with contextlib.suppress(KeyboardInterrupt):  # which uvicorn raises again when it has ended
        Server(config).run([listening])
