"""A playlist onto a server: made under its title, or put in the place of the one that we made before.

A playlist of the same title that somebody else made stays as it is, and ours comes beside it. One that the user made by
hand is only replaced with force; so is any other where a server tells no makers apart and has one shelf for all.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from essentialist.errors import ForeignPlaylist, PlaylistError, ServerError
from essentialist.servers import said, server_of
from essentialist.servers.finding import Shelves
from essentialist.servers.remembered import is_ours, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from essentialist.address import Address
    from essentialist.catalogue.catalog import Catalog
    from essentialist.locations import PathMapping
    from essentialist.playlist import Playlist
    from essentialist.servers import Kept, Login, Session
    from essentialist.servers.finding import Found

State = Literal["made", "replaced", "unchanged"]
EVERY = 100  # tracks between two signs of life


@dataclass(frozen=True, slots=True)
class Pushed:
    """What became of a playlist, or would: `n_tracks` of it are on the server, each once."""

    server: str
    title: str
    state: State
    found: tuple[Found, ...]
    n_tracks: int

    @property
    def missing(self) -> tuple[Found, ...]:
        """The tracks that the server does not have."""
        return tuple(each for each in self.found if each.held is None)


@dataclass(frozen=True, slots=True)
class Destination:
    """A server that is logged in to, and the tracks that it has."""

    catalog: Catalog
    address: Address
    session: Session
    shelves: Shelves

    def push(self, playlist: Playlist, title: str = "", *, force: bool = False, dry_run: bool = False) -> Pushed:
        """Find the tracks of a playlist, and write it there; under its own title if no other is said.

        With `force` a playlist of the user's that we did not make is replaced; with `dry_run` nothing is written.

        Raises
        ------
        ServerError
            The server goes away or fails; `docs/servers.md` says what is then left there.
        ForeignPlaylist
            A playlist of this title is in the way.
        PlaylistError
            The server has none of the tracks.
        """
        title = one_line(title or playlist.title)
        found = tuple(self.shelves.find(track) for track in playlist.tracks)
        ids = tuple(dict.fromkeys(each.held.id for each in found if each.held))
        if not ids:
            raise PlaylistError(
                f'None of the tracks of "{said(title)}" is on {self.address}. Does it have this music? If its folder'
                " has another name there, say so with --map HERE=THERE."
            )
        there = self._replaceable(title, force=force)
        state: State = "made" if there is None else "replaced"
        if there is not None and tuple(self.session.entries(there)) == ids:
            state = "unchanged"
        elif not dry_run:
            self._write(there, title, ids)
        return Pushed(str(self.address), title, state, found, len(ids))

    def _replaceable(self, title: str, *, force: bool) -> Kept | None:
        """The playlist that is to be replaced, None where one is to be made."""
        mine = [each for each in self.session.playlists(title) if each.is_mine]
        ours = [each for each in mine if each.is_marked or is_ours(self.catalog, self.address, each.id)]
        if mine and not ours and not force:
            raise ForeignPlaylist(
                f'{self.address} has a playlist "{said(title)}" that essentialist did not make. Choose another title'
                " with --as, or add --force to replace it."
            )
        return next(iter((*ours, *mine)), None)

    def _write(self, there: Kept | None, title: str, ids: tuple[str, ...]) -> None:
        """Make or replace a playlist, and read it back."""
        if there is None:
            there = self.session.create(title, ids)
        else:
            self.session.replace(there, ids)
        remember(self.catalog, self.address, there.id)
        kept = tuple(self.session.entries(there))
        if kept != ids:
            raise ServerError(
                f'{self.address} keeps {len(kept):,} tracks of "{said(title)}", not the {len(ids):,}; push it again.'
            )


@contextmanager
def destination(
    catalog: Catalog,
    address: Address,
    login: Login,
    mappings: Sequence[PathMapping] = (),
    progress: Callable[[int], None] = lambda n_read: None,
) -> Iterator[Destination]:
    """Log in to a server and read which tracks it has; `progress` is told how many, now and then.

    `mappings` are folders of this machine and where the server sees them. Raises ServerError where the server cannot be
    reached or does not take the login.
    """
    with server_of(address).connect(address, login) as session:
        held = []
        for each in session.tracks():
            held.append(each)
            if len(held) % EVERY == 0:
                progress(len(held))
        yield Destination(catalog, address, session, Shelves(held, catalog.roots(), mappings))


def one_line(title: str) -> str:
    """A title without line breaks and what else cannot be seen; "Playlist" where nothing is left."""
    seen = "".join(character if character.isprintable() else " " for character in title)
    return " ".join(seen.split())[:200] or "Playlist"
