"""Who is answered: requests to the server's own names alone, and writing ones with the token.

A page of another site may point its own name at this machine (DNS rebinding), and its scripts could then read what is
here as if it were theirs. The browser still sends the name by which the page was called, so that is looked at.
"""

import hmac
import ipaddress
import re
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from cnn_dash.errors import CnnDashError
from cnn_dash.settings import Settings

ANY = "*"
_HOST = re.compile(r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[\w.-]+))(?::\d*)?", re.ASCII)


class Refused(CnnDashError):
    """A request is not answered; `status` is that of HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def host_name(header: str) -> str:
    """Return the name in a Host header: `[::1]:8501` → `::1`; empty if it is anything but a name, perhaps with a port.

    What only other parts of a URL may have (`evil.example@localhost`, `localhost/x`) would be one name here, and
    perhaps another one to a proxy in front.
    """
    found = _HOST.fullmatch(header.strip())
    return (found["address"] or found["name"]).rstrip(".").lower() if found else ""


def is_own(name: str, server: str | None, own: Collection[str]) -> bool:
    """Return whether a host name is one of the server's.

    Args:
        name: The name, in lower case.
        server: The address at which the request arrived. Another site can have a name for it, but not be called so.
        own: Names that were set, or `*` for all.
    """
    if name == "localhost" or name.endswith(".localhost") or name in own or ANY in own:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or name == (server or "")


class Guard:
    """Checks requests.

    Args:
        addresses: What the server is called besides its settings: `server.address` of Streamlit.
    """

    def __init__(self, addresses: Collection[str | None] = ()) -> None:
        # An address that stands for all addresses of the machine is no name of it.
        self._own = {host_name(one) for one in addresses if one} - {"", "0.0.0.0", "::"}

    def own(self, settings: Settings) -> set[str]:
        """Return the names of the server besides the loopback ones."""
        return self._own | set(settings.host_names)

    def check_host(self, request: HTTPConnection, settings: Settings) -> None:
        """Refuse a request to another name.

        Raises:
            Refused: If it is one.
        """
        header = request.headers.get("host", "")
        server = request.scope.get("server")
        own = self.own(settings)
        if not is_own(host_name(header), server[0] if server else None, own):
            allowed = ", ".join(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *sorted(own)]))
            raise Refused(
                421,
                f"This server does not accept that host name. Received: Host {header[:200]!r}. Allowed: {allowed}. If "
                "it is behind a proxy, name it in CNN_DASH_HOSTS (names, separated by commas) and start the server "
                "again.",
            )

    @staticmethod
    def check_same_site(request: HTTPConnection) -> None:
        """Refuse a request that a page of another site has the browser send, where it would make this machine work.

        Raises:
            Refused: If the browser says that it is one. Programs say nothing of the kind.
        """
        said = request.headers.get("sec-fetch-site")
        # Over plain HTTP, browsers say it to loopback names only; elsewhere the page that asks has to do.
        page = request.headers.get("origin") or request.headers.get("referer")
        foreign = said is None and page is not None and _netloc(page) != request.headers.get("host", "").lower()
        if said == "cross-site" or foreign:
            raise Refused(
                403,
                "Pages of another site may not have files made here. Received: a request from such a page. Allowed: "
                "pages of this server, and programs. Open the page here, and download the file from it.",
            )

    def check_writer(self, request: Request, settings: Settings) -> None:
        """Refuse a writing request without the token, or from a page of another site.

        Raises:
            Refused: If it is one.
        """
        if not settings.token:
            raise Refused(
                403,
                "Runs cannot be recorded over HTTP. Received: a writing request to a server without a token. Allowed: "
                "none, until CNN_DASH_TOKEN is set. Set it to a long secret and start the server again.",
            )
        origin = request.headers.get("origin")
        if origin is not None and _netloc(origin) != request.headers.get("host", "").lower():
            raise Refused(
                403,
                f"Pages of another site may not write here. Received: Origin {origin[:200]!r}. Allowed: none, or this "
                "server's own. Send the request from a program.",
            )
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), settings.token.encode()):
            raise Refused(
                401,
                "The token is missing or wrong. Received: an Authorization header without it. Allowed: 'Authorization: "
                "Bearer' with what CNN_DASH_TOKEN of the server is. Send it with each writing request.",
            )


def _netloc(origin: str) -> str | None:
    """Return host and port of an Origin header; None if it is no origin."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:  # a bracket that is never closed
        return None


class HostMiddleware:
    """Lets only requests to the server's own names through, those for pages and their connections too.

    Args:
        app: What answers them.
        check: Raises `Refused` for a request to another name.
    """

    def __init__(self, app: ASGIApp, check: Callable[[HTTPConnection], Awaitable[None]]) -> None:
        self._app = app
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            try:
                await self._check(HTTPConnection(scope))
            except Refused as error:
                refusal: ASGIApp = PlainTextResponse(str(error), status_code=error.status)
                if scope["type"] == "websocket":
                    refusal = WebSocketClose()
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)
