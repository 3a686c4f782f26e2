"""Small answers are sent at once: no connection waits until what was sent before is confirmed."""

from __future__ import annotations

import os
import socket
import sys
import time
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

import studios
from essentialist.web.promptness import OPEN_FILES, answer_promptly

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing waits")
N_ASKED = 30
CONFIRMED_AFTER_S = 0.04
"""How long Linux waits at least before it confirms what it has received, when nothing is to be sent back."""


def is_prompt(one: socket.socket) -> bool:
    return one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def listener(family: socket.AddressFamily) -> socket.socket:
    try:
        return socket.create_server(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0), family=family)
    except OSError:
        pytest.skip("this machine has no such network")


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_what_a_socket_accepts_is_prompt(family: socket.AddressFamily) -> None:
    with listener(family) as listening, socket.socket(family) as asking:
        before = len(os.listdir(OPEN_FILES))
        answer_promptly()
        assert len(os.listdir(OPEN_FILES)) == before
        asking.connect(listening.getsockname())
        with listening.accept()[0] as accepted:
            assert is_prompt(accepted)
            assert not is_prompt(asking)  # it listens to nobody


def test_other_sockets_are_let_be(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket(socket.AF_UNIX) as listening, socket.socket(type=socket.SOCK_DGRAM):
        listening.bind(str(tmp_path / "socket"))
        listening.listen()
        answer_promptly()
        ours.sendall(b"still there")
        assert theirs.recv(100) == b"still there"
        with socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(tmp_path / "socket"))
            listening.accept()[0].close()


def test_a_studio_lets_nobody_wait_for_a_confirmation(tmp_path: Path) -> None:
    """Not how fast it is: were one answer held back, then every one, each for as long."""
    with studios.served(tmp_path / "catalog.db") as served:
        connection = HTTPConnection("127.0.0.1", served.port)
        taken = []
        for _ in range(N_ASKED):
            began = time.perf_counter()
            connection.request("GET", "/_stcore/health")
            connection.getresponse().read()
            taken.append(time.perf_counter() - began)
        connection.close()
    assert min(taken[5:]) < CONFIRMED_AFTER_S / 2
