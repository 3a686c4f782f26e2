"""Jellyfin 10.9 or newer, by its documented API: https://api.jellyfin.org.

A playlist is made or replaced in one request. Jellyfin keeps a track once in a list, and no comment: which lists we
made is remembered in the catalogue. Each login is a device of its own, logged out at the end.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from essentialist import __version__
from essentialist.errors import ServerError
from essentialist.servers import MOST_TRACKS, Held, Kept, Login, Server, said
from essentialist.servers._web import Answered, Web, number, rows, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from essentialist.address import Address

PAGE: Final = 500
TICKS_A_SECOND: Final = 10_000_000
NOT_THEIRS: Final = (403, 404)


class _Session:
    """A user of a server."""

    def __init__(self, web: Web, user_id: str) -> None:
        self._web = web
        self._user_id = user_id

    def tracks(self) -> Iterator[Held]:
        """All audio that the user may hear."""
        for each in self._found("Audio", fields="Path"):
            yield held(each)

    def playlists(self, title: str) -> Sequence[Kept]:
        """Those of this title that the user sees. Only the owner of a playlist is told who else may see it."""
        named = [text(each, "Id") for each in self._found("Playlist") if text(each, "Name") == title]
        return tuple(Kept(each, title, is_mine=self._owns(each)) for each in named)

    def entries(self, playlist: Kept) -> Sequence[str]:
        """The ids of its tracks."""
        found = self._web.get(f"/Playlists/{quote(playlist.id, safe='')}/Items", userId=self._user_id)
        return tuple(text(each, "Id") for each in rows(found, "Items"))

    def create(self, title: str, ids: Sequence[str]) -> Kept:
        """Make it whole; only the user sees it."""
        wanted = {"Name": title, "Ids": list(ids), "UserId": self._user_id, "MediaType": "Audio", "IsPublic": False}
        made = self._web.post("/Playlists", wanted)
        playlist_id = text(made, "Id") if isinstance(made, dict) else ""
        if not playlist_id:
            raise ServerError(f'{self._web.address} does not say that it made "{said(title)}"; look there.')
        return Kept(playlist_id, title)

    def replace(self, playlist: Kept, ids: Sequence[str]) -> None:
        """Put other tracks in the place of those that are there; its id, and who may see it, stay."""
        self._web.post(f"/Playlists/{quote(playlist.id, safe='')}", {"Ids": list(ids)})

    def close(self) -> None:
        """Log out."""
        self._web.post("/Sessions/Logout")

    def _owns(self, playlist_id: str) -> bool:
        try:
            self._web.get(f"/Playlists/{quote(playlist_id, safe='')}/Users")
        except Answered as error:
            if error.status in NOT_THEIRS:
                return False
            raise
        return True

    def _found(self, kind: str, **fields: str) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        while len(seen) < MOST_TRACKS:
            page = self._web.get(
                "/Items",
                userId=self._user_id,
                includeItemTypes=kind,
                recursive="true",
                sortBy="SortName,DateCreated",
                startIndex=len(seen),
                limit=PAGE,
                enableImages="false",
                **fields,
            )
            fresh = {text(each, "Id"): each for each in rows(page, "Items")}
            fresh = {each_id: each for each_id, each in fresh.items() if each_id and each_id not in seen}
            if not fresh:
                return
            seen.update(fresh)
            yield from fresh.values()


def held(row: dict[str, Any]) -> Held:
    """A track from what the API tells of it."""
    artists, ticks = row.get("Artists"), number(row, "RunTimeTicks")
    artist = str(artists[0]) if isinstance(artists, list) and artists else text(row, "AlbumArtist")
    duration = None if ticks is None else ticks / TICKS_A_SECOND
    return Held(text(row, "Id"), text(row, "Path"), text(row, "Name"), artist, text(row, "Album"), duration)


@contextmanager
def connect(address: Address, login: Login) -> Iterator[_Session]:
    """Log in by name and password; a token goes with all that follows."""
    device = uuid.uuid4().hex
    client = f'MediaBrowser Client="essentialist", Device="essentialist", DeviceId="{device}", Version="{__version__}"'
    web = Web(address, "Jellyfin", {"Authorization": client})
    password = login.bare(is_private=address.encrypted or address.is_here)
    answer = web.post("/Users/AuthenticateByName", {"Username": login.user, "Pw": password})
    token = text(answer, "AccessToken") if isinstance(answer, dict) else ""
    user_id = text(next(iter(rows(answer, "User")), {}), "Id")
    if not token.isalnum() or not user_id:
        raise ServerError(f"{address} does not answer as Jellyfin does; is this its address?")
    session = _Session(replace(web, headers={"Authorization": f'{client}, Token="{token}"'}), user_id)
    try:
        yield session
    finally:
        with suppress(ServerError):
            session.close()


SERVER = Server("jellyfin", "Jellyfin", connect)
