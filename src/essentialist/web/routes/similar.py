"""Tracks that sound like one, for whoever looks for another in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from essentialist.errors import PlaylistError
from essentialist.web.routes import ApiRoute, id_of, not_found
from essentialist.web.views.ids import read_ids
from essentialist.web.views.songs import Song, songs

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request
    from starlette.responses import Response

    from essentialist.web.studio import Studio

MOST: Final = 3
MOST_LEFT_OUT: Final = 500


async def answer(studio: Studio, request: Request) -> Response:
    """The nearest tracks, without those that `without` names by their ids, parted by commas."""
    without = read_ids(request.query_params.get("without", ""))[:MOST_LEFT_OUT]
    try:
        found = await run_in_threadpool(near, studio, id_of(request), without)
    except PlaylistError as error:
        return not_found(str(error))
    return JSONResponse(found)


def near(studio: Studio, track_id: int, without: Collection[int]) -> list[Song]:
    """The tracks as `songs` has them."""
    found = studio.library.similar(track_id, limit=MOST + len(without))
    return songs([each.track for each in found if each.track.id not in without][:MOST])


ROUTE = ApiRoute("similar/{id}", answer)
