"""The cover of a track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from essentialist.hearing.covers import cover
from essentialist.web.routes import ONE_DAY, ApiRoute, id_of, not_found

if TYPE_CHECKING:
    from starlette.requests import Request

    from essentialist.web.studio import Studio


async def answer(studio: Studio, request: Request) -> Response:
    """A JPEG, PNG or WebP; 404 where there is none."""
    found = await run_in_threadpool(cover, studio.library.catalog, id_of(request))
    if found is None:
        return not_found("no cover")
    return Response(found.content, media_type=found.media_type, headers=ONE_DAY)


ROUTE = ApiRoute("cover/{id}", answer)
