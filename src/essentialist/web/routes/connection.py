"""How a request arrived here: whether what stands between the browser and the studio passes on what it must.

The answer names nothing but the host that was asked for, so it may be open to everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from essentialist.web.routes import ApiRoute

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

    from essentialist.web.studio import Studio


async def answer(_: Studio, request: Request) -> Response:
    """The host that the request names, as it arrived."""
    return JSONResponse({"host": request.headers.get("host", "")}, headers={"Cache-Control": "no-store"})


async def socket(websocket: WebSocket) -> None:
    """Open a WebSocket and close it: that it opened is the answer."""
    await websocket.accept()
    await websocket.close()


ROUTE = ApiRoute("connection", answer, socket=socket)
