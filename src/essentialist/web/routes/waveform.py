"""The outline of a track's sound, as the player draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from essentialist.web.routes import ONE_DAY, ApiRoute, id_of, not_found

if TYPE_CHECKING:
    from starlette.requests import Request

    from essentialist.web.studio import Studio


async def answer(studio: Studio, request: Request) -> Response:
    """Up to 400 peaks of a byte each, from the beginning to the end."""
    peaks = await run_in_threadpool(studio.library.catalog.waveform, id_of(request))
    return Response(peaks, media_type="application/octet-stream", headers=ONE_DAY) if peaks else not_found()


ROUTE = ApiRoute("waveform/{id}", answer)
