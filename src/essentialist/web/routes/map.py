"""The map's points in binary: a column of all tracks at a time, of which the browser keeps what it has.

The address names the state of the catalogue, so the answer never changes. `ids` is one little-endian int32 a track, its
difference to the one before; any other column is as `views.points` has it.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from essentialist.web.routes import FOR_EVER, ApiRoute, not_found
from essentialist.web.views.mapping import column, version_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from essentialist.web.collection import Collection
    from essentialist.web.studio import Studio


async def answer(studio: Studio, request: Request) -> Response:
    """One column, packed for browsers that can unpack it."""
    version, name = request.path_params["version"], request.path_params["name"]
    here = await run_in_threadpool(studio.collection)
    if version != version_of(here, name):
        return not_found("the collection has changed; load the page again")
    content = await run_in_threadpool(content_of, here, name)
    if content is None:
        return not_found()
    headers = {**FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(content, media_type="application/octet-stream", headers=headers)
    packed = await run_in_threadpool(here.keep, ("packed", version, name), lambda: gzip.compress(content, 1))
    return Response(packed, media_type="application/octet-stream", headers={**headers, "Content-Encoding": "gzip"})


def content_of(here: Collection, name: str) -> bytes | None:
    """The bytes of a column; None for a name that is none."""
    if name == "ids":
        return np.diff(here.columns.ids, prepend=0).astype("<i4").tobytes()
    found = column(here, name)
    return None if found is None else found.values.astype("<u2").tobytes()


ROUTE = ApiRoute("map/{version}/{name}", answer)
