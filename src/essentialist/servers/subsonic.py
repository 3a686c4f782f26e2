"""The Subsonic API: Navidrome, gonic, Airsonic, LMS, supysonic and others.

https://www.subsonic.org/pages/api.jsp and https://opensubsonic.netlify.app. All is posted: lists are long, and tokens
do not get into logs. The password stays here, a salted MD5 of it goes out; a server that says that it cannot check such
a token (error 41, or 10: it looks for the password) gets the password itself where nobody can overhear it.

A playlist of up to 500 tracks is made or replaced in one request. Longer ones grow by 500, since some servers read no
more fields of a form; one that breaks off in between is short until it is pushed again.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from essentialist.errors import LoginRefused, ServerError
from essentialist.servers import MARK, MOST_TRACKS, Held, Kept, Login, Server, said
from essentialist.servers._web import Web, inside, number, rows, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from essentialist.address import Address

VERSION: Final = "1.13.0"  # the first with tokens
PAGE: Final = 500  # albums that a server gives at once at most
BATCH: Final = 500  # tracks in one request
WRONG_LOGIN: Final = (40, 42, 43, 44)
NO_TOKENS: Final = (41, 10)


class Failed(ServerError):
    """What the server says went wrong, with the code of the API."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class _Session:
    """A user of a server."""

    def __init__(self, web: Web, user: str, proof: Sequence[tuple[str, str]]) -> None:
        self._web = web
        self._user = user
        self._fields = [("u", user), *proof, ("v", VERSION), ("c", "essentialist"), ("f", "json")]

    def ask(self, method: str, *fields: tuple[str, str]) -> object:
        """The response; raises Failed where the server says so."""
        response = inside(self._web.form(f"/rest/{method}.view", [*self._fields, *fields]), "subsonic-response")
        if not isinstance(response, dict):
            raise ServerError(f"{self._web.address} does not answer as a Subsonic server does; is this its address?")
        if response.get("status") == "ok":
            return response
        error = inside(response, "error")
        code = inside(error, "code")
        if code in WRONG_LOGIN:
            raise LoginRefused(f"{self._web.address} does not take this user and password.")
        message = said(inside(error, "message") or "no reason given")
        raise Failed(f"{self._web.address} says: {message}", code if isinstance(code, int) else 0)

    def tracks(self) -> Iterator[Held]:
        """All that a search for nothing finds; where that is nothing, all albums."""
        found = False
        for each in self._pages():
            found = True
            yield held(each)
        if not found:
            for album in self._albums():
                response = self.ask("getAlbum", ("id", album))
                yield from (held(each) for each in rows(response, "album", "song") if text(each, "id"))

    def _pages(self) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        asked = [("query", ""), ("songCount", str(PAGE)), ("artistCount", "0"), ("albumCount", "0")]
        while len(seen) < MOST_TRACKS:
            response = self.ask("search3", *asked, ("songOffset", str(len(seen))))
            fresh = {text(each, "id"): each for each in rows(response, "searchResult3", "song")}
            fresh = {track_id: each for track_id, each in fresh.items() if track_id and track_id not in seen}
            if not fresh:
                return
            seen.update(fresh)
            yield from fresh.values()

    def _albums(self) -> Iterator[str]:
        seen: set[str] = set()
        while len(seen) < MOST_TRACKS:
            asked = (("type", "alphabeticalByName"), ("size", str(PAGE)), ("offset", str(len(seen))))
            response = self.ask("getAlbumList2", *asked)
            fresh = {text(each, "id") for each in rows(response, "albumList2", "album")} - seen - {""}
            if not fresh:
                return
            seen.update(fresh)
            yield from sorted(fresh)

    def playlists(self, title: str) -> Sequence[Kept]:
        """Those of this title: the user's, and the public ones of others."""
        found = rows(self.ask("getPlaylists"), "playlists", "playlist")
        return tuple(
            Kept(
                text(each, "id"),
                text(each, "name"),
                is_mine=text(each, "owner").casefold() in {self._user.casefold(), ""},
                is_marked=MARK in text(each, "comment"),
            )
            for each in found
            if text(each, "id") and text(each, "name") == title
        )

    def entries(self, playlist: Kept) -> Sequence[str]:
        """The ids of its tracks."""
        return tuple(
            text(each, "id") for each in rows(self.ask("getPlaylist", ("id", playlist.id)), "playlist", "entry")
        )

    def create(self, title: str, ids: Sequence[str]) -> Kept:
        """Make it, fill it and mark it as ours. What it is called is looked up: not every server tells."""
        before = {each.id for each in self.playlists(title)}
        self.ask("createPlaylist", ("name", title), *fields("songId", ids[:BATCH]))
        made = [each for each in self.playlists(title) if each.id not in before and each.is_mine]
        if not made:
            raise ServerError(f'{self._web.address} took "{said(title)}", and does not list it; try again later.')
        self._complete(made[0], ids)
        return made[0]

    def replace(self, playlist: Kept, ids: Sequence[str]) -> None:
        """Put other tracks in the place of those that are there; its id, and who may see it, stay."""
        self.ask("createPlaylist", ("playlistId", playlist.id), *fields("songId", ids[:BATCH]))
        self._complete(playlist, ids)

    def _complete(self, playlist: Kept, ids: Sequence[str]) -> None:
        """Add the mark, and what did not go into the first request."""
        if not playlist.is_marked:
            self.ask("updatePlaylist", ("playlistId", playlist.id), ("comment", MARK))
        for start in range(BATCH, len(ids), BATCH):
            more = fields("songIdToAdd", ids[start : start + BATCH])
            self.ask("updatePlaylist", ("playlistId", playlist.id), *more)


def fields(name: str, values: Sequence[str]) -> list[tuple[str, str]]:
    """A field of a form for each value."""
    return [(name, value) for value in values]


def held(row: dict[str, Any]) -> Held:
    """A track from what the API tells of it."""
    track_id, path, title, artist, album = (text(row, name) for name in ("id", "path", "title", "artist", "album"))
    return Held(track_id, path, title, artist, album, number(row, "duration"))


@contextmanager
def connect(address: Address, login: Login) -> Iterator[_Session]:
    """Log in, with a token where the server knows how to check one."""
    web = Web(address, "a Subsonic server")
    salt = secrets.token_hex(8)
    token = hashlib.md5((login.password + salt).encode(), usedforsecurity=False).hexdigest()
    session = _Session(web, login.user, [("t", token), ("s", salt)])
    try:
        session.ask("ping")
    except Failed as error:
        if error.code not in NO_TOKENS:
            raise
        bare = login.bare(is_private=address.encrypted or address.is_here).encode().hex()
        session = _Session(web, login.user, [("p", f"enc:{bare}")])
        session.ask("ping")
    yield session


SERVER = Server("subsonic", "Subsonic", connect)
