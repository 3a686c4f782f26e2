"""A studio without a password answers to its own names only.

A web site can have its name lead to this machine (DNS rebinding) and then read, as if from itself, what listens here.
It cannot choose the name that the browser asks for: that one has to be ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

OWN = frozenset({"localhost", "127.0.0.1", "[::1]"})


class Hosts:
    """Refuses requests for other names."""

    def __init__(self, app: ASGIApp, *, names: Iterable[str]) -> None:
        self._app = app
        self._names = OWN | {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what asks for one of our names."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        name = host_name(HTTPConnection(scope).headers.get("host", ""))
        if name in self._names:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "another host"})
        else:
            told = f"This studio does not know itself as {name[:100]}.\n"
            remedy = f"Start it with a password (--password), or with --host-name {name[:100]}\n"
            await PlainTextResponse(told + remedy, status_code=421)(scope, receive, send)


def host_name(host: str) -> str:
    """The name of a Host header, without its port."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()
