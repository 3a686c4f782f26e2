"""Playlists of few bytes that would become gigabytes of entries are refused before they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from essentialist.errors import ExportError, PlaylistError
from essentialist.playlist_files.reading import parse

if TYPE_CHECKING:
    from pathlib import Path

LONG = b'<TRACK TrackID="1" Location="' + b"a" * 30_000 + b'"/>'
FLOODS = {
    "of nothing.xspf": b"<playlist><trackList>" + b"<track/>" * 1_000_001,
    "of nothing.jspf": b'{"playlist":{"track":[' + b"[]," * 2_500_001 + b"[]]}}",
    "of nothing.pls": b"[playlist]\n" + b"".join(b"Title%d=\n" % number for number in range(1_000_002)),
    "of one name.xml": b"<DJ_PLAYLISTS>" + LONG + b'<TRACK Key="1"/>' * 3_000 + b"</DJ_PLAYLISTS>",
}


@pytest.mark.parametrize("name", list(FLOODS))
def test_a_flood_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises((PlaylistError, ExportError), match=r"far too long|more than 1,000,000 entries"):
        parse(FLOODS[name], tmp_path / name)
