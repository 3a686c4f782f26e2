"""Addresses of pages: every page has its name for one, and elsewhere there is a page that says where to go.

Streamlit shows its first page at the root only, and answers any other address with its empty frame, as if there were a
page. So the first page's name leads to the root, and an address that is no page's gets an answer of ours. Below the
base path all links are relative, which is right behind a proxy that strips a path, too; none leads to another site.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse

from essentialist.web import bare
from essentialist.web.pages import pages

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from essentialist.web.options import Options
    from essentialist.web.pages import Page


CLOSED = "_stcore/metrics"
"""What Streamlit tells of everybody's visits."""


class Addresses:
    """Leads to the pages that a visitor of this studio may see."""

    def __init__(self, app: ASGIApp, *, options: Options) -> None:
        self._app = app
        self._options = options

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the place of Streamlit where it would show no page; else hand on."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        base, shown = self._options.base_path, self._shown()
        if not f"{scope['path']}/".startswith(f"{base}/"):
            await _astray(shown, f"{base}/")(scope, receive, send)
            return
        inside = scope["path"].removeprefix(base).removeprefix("/")
        astray = _astray(shown, "../" * inside.count("/") or "./")
        if inside == shown[0].name:
            query = scope["query_string"].decode("ascii", "replace")
            await RedirectResponse(f"./?{query}" if query else "./", status_code=307)(scope, receive, send)
        elif inside.removesuffix("/") in {"", *(page.name for page in shown)}:
            await self._app(scope, receive, send)
        elif inside.startswith(CLOSED):  # a route also answers where a newline follows
            await astray(scope, receive, send)
        else:
            await self._hand_on(scope, receive, send, instead=astray)

    async def _hand_on(self, scope: Scope, receive: Receive, send: Send, *, instead: Response) -> None:
        """Give another answer instead of a page, but scripts, pictures and whatever else is not one as they are."""
        is_page = False

        async def send_on(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                is_page = message["status"] == 200 and _is_html(message)
                if is_page:
                    await instead(scope, receive, send)
            if not is_page:
                await send(message)

        await self._app(scope, receive, send_on)

    def _shown(self) -> tuple[Page, ...]:
        return tuple(page for page in pages() if not (self._options.read_only and page.changes))


def _is_html(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")


def _astray(shown: tuple[Page, ...], root: str) -> Response:
    """Say that there is no such page, and which there are below `root`; nothing of the address is repeated."""
    links = "".join(
        f'<li><a href="{escape(root)}{page.name if number else ""}">{page.title}</a></li>'
        for number, page in enumerate(shown)
        if page.in_menu
    )
    said = "<p>There is no page at this address. It may be mistyped, or this studio does not show it. There are:</p>"
    return HTMLResponse(bare.page(f"  {said}\n  <ul>{links}</ul>"), 404, headers={"Cache-Control": "no-store"})
