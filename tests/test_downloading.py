from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from essentialist.errors import ModelError
from essentialist.networks.downloading import Patience, Wanted, download
from model_server import Behaviour, ProxyServer, Server, serving, without_proxies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model_server import Fault

CONTENT = bytes(range(256)) * 1_600  # 400 kB
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WANTED = Wanted(SHA256, len(CONTENT))
QUICK = Patience(attempts=3, first_pause_s=0.01, timeout_s=0.3)


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - without_proxies().keys():
        monkeypatch.delenv(name)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "net.onnx").write_bytes(CONTENT)
    made = Server(Behaviour(folder))
    with serving(made):
        yield made


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / "net.onnx.part"


def fetch(server: Server, part: Path, *faults: Fault, wanted: Wanted = WANTED) -> str:
    server.behaviour.faults[:] = faults
    return download(server.url + "net.onnx", part, wanted, patience=QUICK)


def ranges(server: Server) -> list[str | None]:
    return [asked for _, asked in server.behaviour.asked]


@pytest.mark.parametrize(
    "faults",
    [
        ("none",),
        ("redirect", "none"),
        ("break", "none"),
        ("break", "break", "none"),
        ("break", "no ranges"),
        ("break", "wrong range", "none"),
        ("503", "none"),
        ("stall", "none"),
        ("drip", "none"),
        ("long", "none"),
    ],
    ids=" then ".join,
)
def test_a_file_comes_whole(server: Server, part: Path, faults: tuple[Fault, ...]) -> None:
    assert fetch(server, part, *faults) == SHA256
    assert part.read_bytes() == CONTENT


def test_what_broke_off_goes_on_where_it_was(server: Server, part: Path) -> None:
    fetch(server, part, "break", "none")
    assert ranges(server) == [None, f"bytes={len(CONTENT) // 2}-"]


def test_a_later_call_goes_on(server: Server, part: Path) -> None:
    part.write_bytes(CONTENT[:1_000])
    assert fetch(server, part) == SHA256
    assert ranges(server) == ["bytes=1000-"]


def test_nothing_is_asked_for_when_all_is_there(server: Server, part: Path) -> None:
    part.write_bytes(CONTENT)
    assert fetch(server, part) == SHA256
    assert server.behaviour.asked == []


@pytest.mark.parametrize("there", [b"x" * 1_000, CONTENT + b"x"], ids=["another file's", "too long"])
def test_what_does_not_belong_to_it_is_fetched_again(server: Server, part: Path, there: bytes) -> None:
    part.write_bytes(there)
    assert fetch(server, part) == SHA256
    assert part.read_bytes() == CONTENT


def test_the_end_of_a_file_of_unknown_size_is_found(server: Server, part: Path) -> None:
    part.write_bytes(CONTENT + b"more")
    assert fetch(server, part, wanted=Wanted(SHA256)) == SHA256


def test_a_file_of_unknown_hash_never_goes_on(server: Server, part: Path) -> None:
    part.write_bytes(CONTENT[:1_000])
    assert fetch(server, part, "break", "none", wanted=Wanted()) == SHA256
    assert ranges(server) == [None, None]
    assert part.read_bytes() == CONTENT


def test_what_comes_is_told_as_it_comes(server: Server, part: Path) -> None:
    told: list[int] = []
    download(server.url + "net.onnx", part, WANTED, seen=told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, len(CONTENT))


def test_garbage_is_refused_with_both_hashes_and_not_kept(server: Server, part: Path) -> None:
    with pytest.raises(ModelError, match=rf"SHA-256 is [0-9a-f]{{64}}, not {SHA256}. Try a mirror") as refused:
        fetch(server, part, "garbage", wanted=Wanted(SHA256))
    assert "\n" not in str(refused.value)
    assert part.read_bytes() == b""


@pytest.mark.parametrize("fault", ["garbage", "short"])
def test_an_answer_that_is_whole_but_not_the_file_is_not_asked_for_again(
    server: Server, part: Path, fault: Fault
) -> None:
    with pytest.raises(ModelError, match=f"not {SHA256}"):
        fetch(server, part, fault)
    assert len(server.behaviour.asked) == 1
    assert part.read_bytes() == b""


def test_an_endless_file_is_refused(server: Server, part: Path) -> None:
    with pytest.raises(ModelError, match="longer than 1,000 bytes"):
        fetch(server, part, wanted=Wanted(most=1_000))


def test_what_is_not_there_is_not_asked_for_twice(server: Server, part: Path) -> None:
    with pytest.raises(ModelError, match=r"404 Not Found.*--from.*models add"):
        fetch(server, part, "404")
    assert len(server.behaviour.asked) == 1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("503", "the server answers 503"),
        ("stall", "no answer in time|timed out"),
        ("break", "broke off after"),
        ("long", "broke off after"),
    ],
)
def test_a_server_that_never_mends_is_given_up(server: Server, part: Path, fault: Fault, reason: str) -> None:
    with pytest.raises(ModelError, match=rf"Cannot fetch .*: .*({reason}).*models add FILE"):
        fetch(server, part, fault, wanted=Wanted())
    assert len(server.behaviour.asked) == QUICK.attempts


def test_without_a_network_one_line_says_what_to_do(part: Path) -> None:
    with socket.socket() as reserved:  # bound and not listening: nobody answers there
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/models/net.onnx"
        with pytest.raises(ModelError, match=r"Connection refused. Try again later, name a mirror with --from") as told:
            download(url, part, WANTED, patience=QUICK)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "nothing", "http://"])
def test_what_is_no_address_is_told(part: Path, url: str) -> None:
    with pytest.raises(ModelError, match="Cannot fetch"):
        download(url, part, Wanted(), patience=QUICK)
    assert part.read_bytes() == b""


def test_a_folder_that_is_not_there_is_told(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"Cannot write .*No such file.*ESSENTIALIST_MODELS"):
        fetch(server, tmp_path / "gone" / "net.part")


def test_a_full_disk_is_told(server: Server) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(ModelError, match=r"No space left on device|Invalid argument"):
        fetch(server, full, wanted=Wanted())


def test_it_goes_through_the_proxy_of_the_environment(
    server: Server, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = ProxyServer(server.server_port)
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_port}")
    with serving(proxy):
        url = "http://models.invalid/models/net.onnx"
        assert download(url, part, WANTED, patience=QUICK) == SHA256
    assert proxy.asked == [url]


KILLED = """
import sys
from pathlib import Path
from essentialist.networks.downloading import Wanted, download
download(sys.argv[1], Path(sys.argv[2]), Wanted(sys.argv[3], int(sys.argv[4])))
"""


def test_a_killed_download_goes_on(server: Server, part: Path) -> None:
    server.behaviour.faults[:] = ["stall", "none"]
    program = [sys.executable, "-c", KILLED, server.url + "net.onnx", str(part), SHA256, str(len(CONTENT))]
    child = subprocess.Popen(program, env=without_proxies())
    deadline = time.monotonic() + 30
    while (part.stat().st_size if part.exists() else 0) < len(CONTENT) // 4:
        assert time.monotonic() < deadline
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    there = part.stat().st_size
    assert fetch(server, part, "none") == SHA256
    assert ranges(server)[-1] == f"bytes={there}-"
    assert part.read_bytes() == CONTENT
