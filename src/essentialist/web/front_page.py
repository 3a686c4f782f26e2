"""Streamlit's page, with what we add to its head.

Three things: a script that says why the page cannot connect, in place of one that stays grey for ever (Streamlit's page
needs a WebSocket, and to be asked for by the name that the browser knows; behind a proxy that does not pass on both it
waits without a word); where the studio lies, which Streamlit's page would find out by trying; and what to fetch before
it is asked for, see `preloading`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

from essentialist.web.preloading import preloads

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SCRIPT: Final = Path(__file__).with_name("connecting.js")
_HEAD: Final = """\
<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href, ...window.__streamlit };</script>
<script src="./api/connection.js" defer></script>
"""


class FrontPage:
    """Adds to the head of Streamlit's page; `static` is the folder of what Streamlit's page is made of."""

    def __init__(self, app: ASGIApp, *, static: Path) -> None:
        self._app = app
        self._head = (_HEAD + preloads(static) + "</head>").encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as before; an HTML page that is whole gets more in its head."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def send_page(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    whole = body.replace(b"</head>", self._head, 1)
                    MutableHeaders(scope=start)["Content-Length"] = str(len(whole))
                    await send(start)
                    await send({"type": "http.response.body", "body": whole})

        await self._app(_in_plain(scope), receive, send_page)


def _in_plain(scope: Scope) -> Scope:
    """The same request, for a page as text: packed it could not be added to."""
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return scope
    return {**scope, "headers": [each for each in scope["headers"] if each[0] != b"accept-encoding"]}


def _is_page(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    is_html = headers.get("content-type", "").startswith("text/html")
    return bool(start["status"] == 200 and is_html and "content-encoding" not in headers)
