"""How text is compared: without case, accents or typography, so that "sigur ros" finds "Sigur Rós"."""

from __future__ import annotations

import re
import unicodedata

# What Unicode does not decompose, although a keyboard without the letter types it like this.
_PLAIN = str.maketrans(
    {
        **{chr(code): "" for code in range(0x300, 0x370)},  # the accents of Latin, Greek and Cyrillic
        **dict(zip("øđðłħŧıŋ", "oddlhtin", strict=True)),
        **{"æ": "ae", "œ": "oe", "þ": "th"},
        **dict.fromkeys("\u2018\u2019\u201b\u02bc", "'"),  # apostrophes
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),  # quotation marks
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),  # hyphens, dashes, minus
    }
)
_UNWRITABLE = re.compile("[\ud800-\udfff]")  # file names that are not UTF-8 hold such halves; SQLite takes none
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")  # an ID3 tag separates its values by NUL


def fold(text: str | bytes) -> str:
    """Return `text` without case, accents and typography, its white space collapsed; folding twice changes nothing.

    Bytes are a file name as the catalogue keeps it; what is not UTF-8 in it becomes U+FFFD. Whoever writes
    `listing.search` and whoever searches it must use this function, the catalogue also as the SQL function `fold`.
    """
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    text = _CONTROL.sub(" ", text)
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", _UNWRITABLE.sub("\ufffd", text)).casefold().translate(_PLAIN)
    if text.isascii():
        return " ".join(text.split())
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFC", text).split())
