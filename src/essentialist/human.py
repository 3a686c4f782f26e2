"""Numbers and lengths of time as people say them."""

from __future__ import annotations


def minutes(seconds: float | None) -> str:
    """A length as "3:05" or "1:02:09"."""
    if seconds is None:
        return ""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def about(seconds: float) -> str:
    """A length of time that is not known exactly: "40 s", "3 min", "2 h 10 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    whole_minutes = round(seconds / 60)
    hours, rest = divmod(whole_minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{whole_minutes} min"


def counted(n: int, noun: str) -> str:
    """A number of things: "1 track", "2,000 tracks"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
