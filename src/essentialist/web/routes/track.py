"""What is known of one track, as the browser shows it while one points at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from essentialist.web.routes import ApiRoute, id_of
from essentialist.web.views.songs import song

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from essentialist.web.studio import Studio


async def answer(studio: Studio, request: Request) -> Response:
    """The track as `songs` has it."""
    track = await run_in_threadpool(studio.library.track, id_of(request))
    return JSONResponse(song(track))


ROUTE = ApiRoute("track/{id}", answer)
