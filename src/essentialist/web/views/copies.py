"""A playlist copied with its audio files to a folder that the studio may write to, in a process of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from essentialist.errors import SettingsError
from essentialist.web.views import folders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from essentialist.playlist import Playlist
    from essentialist.web.studio import Studio


def start(studio: Studio, playlist: Playlist, root: Path, names: Sequence[str]) -> None:
    """Begin to copy to the folder with these names below one of the studio's.

    Raises SettingsError in a read-only studio, for another folder, or while another chore is under way, CollectionError
    for a folder that leads elsewhere.
    """
    studio.options.check_changes()
    if root not in folders.allowed(studio.options.copies, ()):
        raise SettingsError("Playlists are copied only to folders that the studio was started with: --copy-to FOLDER.")
    target = folders.below(root, names)
    listed = studio.options.settings.catalog.with_suffix(".copy.m3u8")
    arguments = ["copy", "--numbered", "--", str(listed), str(target)]
    write = partial(
        studio.library.export, playlist, listed, force=True
    )  # what another visitor's copying may still read
    studio.chores.start(f"Copying {playlist.title}", arguments, prepare=write)


def bytes_in_words(n_bytes: int) -> str:
    """An amount of data, such as "74.2 MB"."""
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.1f} MB"
