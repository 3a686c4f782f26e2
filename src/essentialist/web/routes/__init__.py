"""What the studio answers besides pages: one file a kind of answer, and here the contract that they keep.

A module has `ROUTE`: a path below `api/` and what answers there. It gets the studio and the request, and only ever ids
from the outside, never paths. An unknown track, and whatever else is asked below `api/`, is not found;
while the catalogue cannot be read, 503.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route, WebSocketRoute

from essentialist import registry
from essentialist.errors import CatalogError, UnknownTrack
from essentialist.web.views.ids import read_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    from essentialist.web.studio import Studio

ONE_DAY = {"Cache-Control": "private, max-age=86400"}
FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
"""For addresses that name the version of what they give."""


@dataclass(frozen=True, slots=True)
class ApiRoute:
    """What is answered at a path such as "track/{id}", and to a WebSocket there, where it takes one."""

    path: str
    answer: Callable[[Studio, Request], Awaitable[Response]]
    methods: tuple[str, ...] = ("GET",)
    socket: Callable[[WebSocket], Awaitable[None]] | None = None


def routes(studio: Studio) -> list[BaseRoute]:
    """Every route of this folder, below the studio's base path, and "not found" for all others there."""
    base = studio.options.base_path.rstrip("/")
    entries = list(registry.entries(sys.modules[__name__], "ROUTE", ApiRoute))
    sockets = [WebSocketRoute(f"{base}/api/{each.path}", each.socket) for each in entries if each.socket]
    found = [Route(f"{base}/api/{each.path}", _answering(each, studio), methods=list(each.methods)) for each in entries]
    return [*sockets, *found, Route(f"{base}/api/{{rest:path}}", _not_found)]


def _answering(route: ApiRoute, studio: Studio) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await route.answer(studio, request)
        except UnknownTrack:
            return not_found()
        except CatalogError:  # which would say where it lies
            return JSONResponse({"error": "The catalogue cannot be read now."}, status_code=503)

    return answer


def id_of(request: Request) -> int:
    """The id of a track in a path such as "audio/{id}"; UnknownTrack for what can be none."""
    found = read_id(str(request.path_params["id"]))
    if found is None:
        raise UnknownTrack("That is no id of a track.")
    return found


def not_found(why: str = "not found") -> Response:
    """What is answered where there is nothing."""
    return JSONResponse({"error": why}, status_code=404)


def refused(why: str) -> Response:
    """What is answered to who may not."""
    return JSONResponse({"error": why}, status_code=403)


def is_ours(request: Request) -> bool:
    """Whether one of the studio's own pages asks, and not another site's through its visitor's browser.

    Browsers tell the site (`Sec-Fetch-Site`) over https and on this machine, and always the origin of a POST.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("origin", "").partition("://")[2] == request.headers.get("host")


async def _not_found(_: Request) -> Response:
    return not_found()
