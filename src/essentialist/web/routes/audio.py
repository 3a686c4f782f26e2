"""The sound of a track, in parts as the player asks for them (ranges).

`audio/12` is the whole track or its clip, as the studio was started; `audio/12?everywhere` the same in a form that
every browser plays: a player asks for it when the first was an error, as Ogg is to older Safaris. `X-Preview: yes`
marks what is not the whole track.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse

from essentialist.errors import Busy, Gone, Inaudible, Refused, Unplayable
from essentialist.web.routes import ApiRoute, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from essentialist.web.studio import Studio

STATUS: Final[Mapping[type[Inaudible], int]] = {Gone: 410, Refused: 403, Unplayable: 415, Busy: 503}
AN_HOUR: Final = {"Cache-Control": "private, max-age=3600"}


async def answer(studio: Studio, request: Request) -> Response:
    """A file, or a part of it; 403, 404, 410, 415 or 503 with a reason."""
    everywhere = "everywhere" in request.query_params
    try:
        found = await run_in_threadpool(studio.hearing.audible, id_of(request), everywhere=everywhere)
    except Inaudible as error:
        return JSONResponse({"error": str(error)}, STATUS.get(type(error), 404))
    preview = {"X-Preview": "yes"} if found.is_preview else {}
    return FileResponse(found.path, media_type=found.media_type, headers=AN_HOUR | preview)


ROUTE = ApiRoute("audio/{id}", answer)
