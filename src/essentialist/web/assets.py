"""Streamlit's scripts, styles and fonts, answered at once.

A first visit asks for about a hundred of them, while the server has other things to do for the same visitor. Streamlit
hands each from thread to thread several times, and at each of them waits for its turn. They are small and in memory
anyway, so they are read where they are asked for. To other machines they go compressed, at a third of their size.
"""

from __future__ import annotations

import gzip
import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

TYPES: Final = {"js": "text/javascript", "css": "text/css", "woff2": "font/woff2"}
TEXTS: Final = ("js", "css")
_ADDRESS: Final = re.compile(r"/(static/(?:js|css|media)/\w[\w.-]*\.(js|css|woff2))")
_HEADERS: Final = {"Cache-Control": "public, immutable, max-age=31536000", "Vary": "Accept-Encoding"}
_KEPT: Final = 200  # files in their compressed form


class Assets:
    """Answers for the files in Streamlit's folder `static`; everything else goes on."""

    def __init__(self, app: ASGIApp, *, static: Path, base_path: str) -> None:
        self._app = app
        self._static = static
        self._base = base_path.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a file that is there; hand everything else on."""
        answer = await self._answer(Request(scope)) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, request: Request) -> Response | None:
        path = request.scope["path"]
        asked = _ADDRESS.fullmatch(path.removeprefix(self._base)) if path.startswith(self._base) else None
        if asked is None:
            return None
        file, kind, headers = self._static / asked[1], asked[2], dict(_HEADERS)
        try:
            if kind in TEXTS and _pays(request):
                content = await run_in_threadpool(_packed, file)
                headers["Content-Encoding"] = "gzip"
            else:
                content = file.read_bytes()
        except OSError:
            return None
        return Response(content, media_type=TYPES[kind], headers=headers)


@lru_cache(_KEPT)
def _packed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 6)


def _pays(request: Request) -> bool:
    """Whether compressing pays: not on this machine, where a proxy may stand that does so itself."""
    try:
        is_here = request.client is None or ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        is_here = True
    return not is_here and "gzip" in request.headers.get("accept-encoding", "")
