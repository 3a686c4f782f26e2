"""The same list as M3U8 under the older suffix, which MPD's playlist folder, Kodi to release 20 and cars insist on."""

from __future__ import annotations

from dataclasses import replace

from essentialist.exports import m3u8

EXPORTER = replace(m3u8.EXPORTER, suffix=".m3u", title="M3U playlist, older suffix")
