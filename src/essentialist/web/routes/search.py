"""Tracks by what is typed, for whoever picks one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from essentialist.web.routes import ApiRoute
from essentialist.web.views.searching import found
from essentialist.web.views.songs import Song, songs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from essentialist.web.studio import Studio

MOST: Final = 8


async def answer(studio: Studio, request: Request) -> Response:
    """Some tracks that the text `q` finds, the nearest first."""
    return JSONResponse(await run_in_threadpool(search, studio, request.query_params.get("q", "")))


def search(studio: Studio, text: str) -> list[Song]:
    """The tracks as `songs` has them."""
    ids = found(studio.columns(), text, MOST)
    tracks = studio.library.catalog.with_ids(ids)
    return songs(tracks[each] for each in ids if each in tracks)


ROUTE = ApiRoute("search", answer)
