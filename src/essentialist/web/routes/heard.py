"""What a visitor heard enters the history of the collection, which `played:` and `plays:` ask about."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from essentialist.web.routes import ApiRoute, id_of, is_ours, refused

if TYPE_CHECKING:
    from starlette.requests import Request

    from essentialist.web.studio import Studio


async def answer(studio: Studio, request: Request) -> Response:
    """Enter that a track was heard now."""
    if studio.options.read_only:
        return refused("This studio is read-only: it keeps no history.")
    if not is_ours(request):
        return refused("Only the studio's own pages tell what was heard.")
    await run_in_threadpool(studio.library.heard, id_of(request), float(int(time.time())))
    return Response(status_code=204)


ROUTE = ApiRoute("heard/{id}", answer, methods=("POST",))
