"""The scripts of components, under the name of their content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from essentialist.web.routes import FOR_EVER, ApiRoute, not_found
from essentialist.web.scripts import script, seal

if TYPE_CHECKING:
    from starlette.requests import Request

    from essentialist.web.studio import Studio


async def answer(_: Studio, request: Request) -> Response:
    """The script, where it is the one that is asked for."""
    found = script(request.path_params["names"])
    if found is None or seal(found) != request.path_params["seal"]:
        return not_found()
    return Response(found, media_type="text/javascript", headers=dict(FOR_EVER))


ROUTE = ApiRoute("script/{seal}/{names}.js", answer)
