"""The script that finds out in the browser why a page would stay grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from essentialist.web.front_page import SCRIPT
from essentialist.web.routes import ApiRoute

if TYPE_CHECKING:
    from starlette.requests import Request

    from essentialist.web.studio import Studio


async def answer(_: Studio, __: Request) -> Response:
    """The script."""
    return Response(SCRIPT.read_bytes(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


ROUTE = ApiRoute("connection.js", answer)
