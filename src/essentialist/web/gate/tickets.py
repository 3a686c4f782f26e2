"""The cookie of a visitor who knew the password: when it ends, signed."""

from __future__ import annotations

import hashlib
import hmac

COOKIE = "essentialist"
DAYS = 30


def issue(key: bytes, now: float) -> str:
    """A ticket for the days to come."""
    end = str(int(now) + DAYS * 86400)
    return f"{end}.{_signature(key, end)}"


def holds(key: bytes, ticket: str, now: float) -> bool:
    """Whether a ticket is one of ours and has not ended."""
    end, _, signature = ticket.partition(".")
    is_ours = hmac.compare_digest(signature.encode(), _signature(key, end).encode())
    return is_ours and end.isdecimal() and int(end) > now


def _signature(key: bytes, end: str) -> str:
    return hmac.new(key, b"ticket " + end.encode(), hashlib.sha256).hexdigest()
