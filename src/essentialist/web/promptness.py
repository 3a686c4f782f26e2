"""Small answers are sent at once, and do not wait for a visitor's machine to confirm the ones before.

Streamlit hands uvicorn a socket that it made itself, and asyncio does not see that it is one of TCP: it leaves Nagle's
algorithm on, and on Linux every answer but the first of a connection waits 40 ms (uvicorn's issue 3149 tells of it). A
page asks for a hundred files. What is set on a socket that listens holds for all connections that it takes.
"""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

OPEN_FILES: Final = Path("/dev/fd")
"""What this process has open, by its numbers; Windows has no such place."""


def answer_promptly() -> None:
    """Have all sockets of this process that listen for TCP send what is small at once."""
    with suppress(OSError):
        for name in os.listdir(OPEN_FILES):
            with suppress(OSError):  # the folder itself is closed again
                _hurry(int(name))


def _hurry(number: int) -> None:
    if not stat.S_ISSOCK(os.fstat(number).st_mode):
        return
    found = socket.socket(fileno=number)
    try:
        if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # refused where it is not one of TCP
    finally:
        found.detach()  # it is another's to close
