"""The door: without a ticket nothing of the studio is answered but the question for the password.

It stands before everything as ASGI middleware. The form is answered at whatever address was asked, so that it works
below any path a proxy may show the studio at; only what a proxy's or container's health check asks is open, and what
tells a visitor why the connection fails.
"""

from __future__ import annotations

import time
from ipaddress import IPv6Address, IPv6Network
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from essentialist.web.gate import question, tickets
from essentialist.web.gate.attempts import Attempts

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from essentialist.web.gate.passwords import Password

OPEN = ("/_stcore/health", "/api/connection", "/api/connection.js")
LOG_OUT = "/api/logout"
LONGEST_FORM = 4096  # bytes


class Door:
    """Lets in who has a ticket; asks others for the password."""

    def __init__(self, app: ASGIApp, *, password: Password, base_path: str, attempts: Attempts | None = None) -> None:
        self._app = app
        self._password = password
        self._base = base_path.rstrip("/")
        self._attempts = attempts or Attempts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self._base)
        ticket = HTTPConnection(scope).cookies.get(tickets.COOKIE, "")
        if path == LOG_OUT and scope["type"] == "http":
            await self._log_out()(scope, receive, send)
        elif path in OPEN or tickets.holds(self._password.key, ticket, time.time()):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "log in first"})
        else:
            await (await self._ask(Request(scope, receive)))(scope, receive, send)

    async def _ask(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._tried(request)
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(question.page(), status_code=401, headers={"Cache-Control": "no-store"})
        return PlainTextResponse("log in first\n", status_code=401)

    async def _tried(self, request: Request) -> Response:
        """A password was given: a ticket for the right one, the question again for another."""
        address = address_of(request)
        wait_s = self._attempts.wait_s(address, time.monotonic())
        if wait_s > 0:
            headers = {"Retry-After": str(int(wait_s) + 1), "Cache-Control": "no-store"}
            return HTMLResponse(question.page(wait_s=wait_s), status_code=429, headers=headers)
        self._attempts.failed(address, time.monotonic())  # counts before it is known: many at once are many
        given = await _given(request)
        if given is None or not await run_in_threadpool(self._password.matches, given):
            return HTMLResponse(question.page(wrong=True), status_code=401, headers={"Cache-Control": "no-store"})
        self._attempts.succeeded(address)
        response = RedirectResponse(_same_place(request), status_code=303)
        response.set_cookie(
            tickets.COOKIE,
            tickets.issue(self._password.key, time.time()),
            max_age=tickets.DAYS * 86400,
            httponly=True,
            samesite="lax",
            secure=is_secure(request),
        )
        return response

    def _log_out(self) -> Response:
        response = RedirectResponse("../", status_code=303)
        response.delete_cookie(tickets.COOKIE, httponly=True, samesite="lax")
        return response


async def _given(request: Request) -> str | None:
    """The password of the form; None for what is no such form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            return None
    return parse_qs(body.decode("utf-8", "replace")).get("password", [None])[0]


def _same_place(request: Request) -> str:
    """Where the visitor wanted to go, relative to itself: no other site, whatever the path."""
    last = request.url.path.rpartition("/")[2]
    return f"./{quote(last)}" + (f"?{request.url.query}" if request.url.query else "")


def address_of(request: Request) -> str:
    """Who asks: the other end, or whom a proxy on this machine names last."""
    peer = request.client.host if request.client else ""
    if peer in {"127.0.0.1", "::1", ""}:
        peer = request.headers.get("x-forwarded-for", peer).rpartition(",")[2].strip()[:64]
    return _guesser(peer)


def _guesser(address: str) -> str:
    """An address as guesses are counted: of IPv6 one has as many as one likes in a network of /64, so that is one."""
    try:
        known = IPv6Address(address)
    except ValueError:
        return address
    return str(known.ipv4_mapped or IPv6Network((known.packed, 64), strict=False))


def is_secure(request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy."""
    return "https" in {request.url.scheme, request.headers.get("x-forwarded-proto", "")}
