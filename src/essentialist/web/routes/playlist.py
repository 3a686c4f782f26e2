"""Playlists to download, as a list or as a zip with the audio files.

A recipe is named by its name, tracks by their ids, and what Explore finds by its address (`q`, `lasso` …).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from essentialist.copying.streaming import stream
from essentialist.errors import CatalogError, EssentialistError, RecipeError
from essentialist.profiles import GENERIC
from essentialist.web.routes import ApiRoute, not_found
from essentialist.web.views.ids import read_ids
from essentialist.web.views.state import State
from essentialist.web.views.taking import MOST_NAMED, Take, packing, playlist_of, taken

if TYPE_CHECKING:
    from starlette.requests import Request

    from essentialist.web.studio import Studio

ZIP: Final = ".zip"


async def answer(studio: Studio, request: Request) -> Response:
    """The file; not found where there is no such recipe, 400 for what cannot be written so."""
    try:
        take = asked(request)
        response = await run_in_threadpool(given, studio, take, is_head=request.method == "HEAD")
    except CatalogError:
        raise
    except RecipeError as error:
        return not_found(str(error))
    except EssentialistError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(take.file_name, safe='')}"
    response.headers["Cache-Control"] = "no-store"
    return response


def asked(request: Request) -> Take:
    """What the address asks for."""
    query, path = request.query_params, request.path_params
    ids = read_ids(query.get("ids", ""))
    if len(ids) > MOST_NAMED:
        raise RecipeError(f"An address names at most {MOST_NAMED:,} tracks; save them as a recipe.")
    once = tuple(dict.fromkeys(ids))
    if "ids" in query and not once:
        raise RecipeError("The ids are no numbers of tracks.")
    maps = tuple(query.getlist("map"))
    return Take(
        path["name"],
        f".{path['suffix'].lower()}",
        query.get("player", GENERIC),
        query.get("paths", ""),
        maps,
        once,
        State.of(dict(query)) if "q" in query else None,
    )


def given(studio: Studio, take: Take, *, is_head: bool) -> Response:
    """The file as an answer; a zip is made while it is sent."""
    playlist = playlist_of(studio, take)
    if take.suffix != ZIP:
        found = taken(studio, take, playlist)
        return Response(found.content, media_type=found.mime)
    packed = packing(studio, playlist)
    if is_head:
        return Response(media_type="application/zip")
    return StreamingResponse(stream(packed), media_type="application/zip")


ROUTE = ApiRoute("playlist/{name}.{suffix}", answer)
