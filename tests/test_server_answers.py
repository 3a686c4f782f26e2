"""Servers that are broken, hostile or something else: one line each, within bounds, and no list lost."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, cast

import pytest

from essentialist.address import Address, parse_address
from essentialist.errors import LoginRefused, ServerError
from essentialist.servers import Kept, Login, server_of
from essentialist.servers._web import Bounds, Web
from model_server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from essentialist.servers import Held

LOGIN = Login("me", "hunter2")


class Server(ThreadingHTTPServer):
    """Answers every request as it is told to; `asked` has the paths and bodies."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, say: Callable[[BaseHTTPRequestHandler, bytes], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.say = say
        self.asked: list[tuple[str, bytes]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """The tests say enough."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.close_connection = True
        server = cast("Server", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.asked.append((self.path, body))
        try:
            server.say(self, body)
        except OSError:
            return  # the client has seen enough


def content(body: bytes | str, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    """A plain answer."""
    data = body.encode() if isinstance(body, str) else body

    def say(handler: BaseHTTPRequestHandler, asked: bytes) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(data)

    return say


def dripping(handler: BaseHTTPRequestHandler, asked: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.02)


def endless(handler: BaseHTTPRequestHandler, asked: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 65_536)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def told_to(say: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[Server]:
    server = Server(say)
    with serving(server):
        yield server


def address(server: Server, kind: str = "subsonic", host: str = "127.0.0.1") -> Address:
    return parse_address(f"{kind}+http://me@{host}:{server.server_port}")


def tracks_at(where: Address, login: Login) -> list[Held]:
    with server_of(where).connect(where, login) as session:
        return list(session.tracks())


def tracks_of(server: Server, kind: str = "subsonic") -> list[Held]:
    return tracks_at(address(server, kind), LOGIN)


WRONG = {
    "a login page": content("<html><form>Please log in</form></html>"),
    "nothing": content(""),
    "half of JSON": content('{"subsonic-response": {"status": "ok"'),
    "JSON of something else": content('{"status": "ok"}'),
    "a list": content("[]"),
    "a number": content("1"),
    "deep JSON": content("[" * 100_000),
    "a number without end": content('{"AccessToken": ' + "1" * 10_000 + "}"),
    "not text": content(b"\xff\xfe\x00"),
    "a server's error": content("oops", 500),
    "a redirect": content("", 302, Location="http://127.0.0.1:1/"),
    "a refusal": content("", 401),
    "half of an answer": content("{}", Content_Length="1000"),
    "a hang-up": lambda handler, asked: handler.connection.shutdown(socket.SHUT_RDWR),
    "no HTTP": lambda handler, asked: cast("None", handler.wfile.write(b"SSH-2.0-OpenSSH_9.2p1\r\n")),
    "more than anybody reads": endless,
}


@pytest.mark.parametrize("kind", ["subsonic", "jellyfin"])
@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_answer_is_one_line(what: str, kind: str) -> None:
    with told_to(WRONG[what]) as server, pytest.raises(ServerError) as error:
        tracks_of(server, kind)
    message = str(error.value)
    assert message.isprintable()
    assert f"{kind}+http://me@127.0.0.1" in message
    assert "hunter2" not in message


def test_a_redirect_is_told_and_not_followed() -> None:
    with told_to(content("{}")) as other:
        there = f"http://127.0.0.1:{other.server_port}/\x1b[31m"
        with told_to(content("", 307, Location=there)) as server, pytest.raises(ServerError, match="sends on to http"):
            tracks_of(server)
        assert other.asked == []
        assert all(b"hunter2" not in body and "hunter2" not in path for path, body in server.asked)


def test_silence_and_drips_end() -> None:
    for say, bounds in (
        (dripping, Bounds(answer_s=0.2)),
        (lambda handler, asked: time.sleep(2), Bounds(silence_s=0.2)),
    ):
        with told_to(say) as server, pytest.raises(ServerError, match=r"to answer|no answer in time"):
            Web(address(server), "a server", bounds=bounds).get("/")


def subsonic(**response: object) -> str:
    return json.dumps({"subsonic-response": {"status": "ok", "version": "1.16.1", **response}})


def test_a_page_that_comes_again_and_again_is_the_end() -> None:
    songs = [{"id": str(n), "path": f"{n}.mp3", "title": "x"} for n in range(3)]
    with told_to(content(subsonic(searchResult3={"song": songs}))) as server:
        assert [each.id for each in tracks_of(server)] == ["0", "1", "2"]


@pytest.mark.parametrize(
    "songs",
    [None, 5, "x", [1, None, []], {"id": {}}, [{"id": None}, {"id": True}, {"id": ""}, {"path": "x"}], [{"id": [1]}]],
)
def test_what_is_no_track_is_passed_over(songs: object) -> None:
    with told_to(content(subsonic(searchResult3={"song": songs}, albumList2=songs))) as server:
        assert tracks_of(server) == []


def test_strange_values_are_unknown() -> None:
    song = '{"id": 7, "title": ["x"], "artist": "\\ud800", "duration": NaN, "path": null}'
    with told_to(content('{"subsonic-response": {"status": "ok", "searchResult3": {"song": ' + song + "}}}")) as server:
        (held,) = tracks_of(server)
    assert (held.id, held.path, held.title, held.artist, held.duration) == ("7", "", "", "?", None)


def test_words_of_a_server_play_no_tricks() -> None:
    failed = {"subsonic-response": {"status": "failed", "error": {"code": 0, "message": "\x1b[2Jbad\nworse" * 100}}}
    with told_to(content(json.dumps(failed))) as server, pytest.raises(ServerError) as error:
        tracks_of(server)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("code", [10, 41])
def test_the_password_itself_goes_only_where_nobody_overhears(code: int) -> None:
    failed = {"subsonic-response": {"status": "failed", "error": {"code": code, "message": "no tokens"}}}
    bare = b"hunter2".hex().encode()
    with told_to(content(json.dumps(failed))) as server:
        elsewhere = address(server, host="0.0.0.0")  # another machine, as far as the address tells
        with pytest.raises(LoginRefused, match="--plain-password"):
            tracks_at(elsewhere, LOGIN)
        assert not any(bare in body or b"hunter2" in body for _, body in server.asked)
        with pytest.raises(ServerError, match="no tokens"):
            tracks_at(elsewhere, replace(LOGIN, may_be_overheard=True))
        assert bare in server.asked[-1][1]
        assert not any("hunter2" in path or bare.decode() in path for path, _ in server.asked)


def test_jellyfin_and_mpd_do_not_say_a_password_aloud() -> None:
    with told_to(content("{}")) as server, pytest.raises(LoginRefused, match="--plain-password"):
        tracks_at(address(server, "jellyfin", host="0.0.0.0"), LOGIN)
    assert server.asked == []
    with mpd(b"OK MPD 0.23.5\n") as (port, heard), pytest.raises(LoginRefused, match="--plain-password"):
        tracks_at(parse_address(f"mpd://0.0.0.0:{port}"), Login("", "hunter2"))
    assert heard == []


@contextmanager
def mpd(*lines: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server that greets, then says one thing to each command, and hangs up; what it heard."""
    heard: list[bytes] = []

    def serve(listening: socket.socket) -> None:
        line, _ = listening.accept()
        with line, line.makefile("rwb") as stream:
            for number, each in enumerate(lines):
                if number:
                    heard.append(stream.readline())
                stream.write(each)
                stream.flush()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join(10)


@pytest.mark.parametrize(
    "lines",
    [
        (b"SSH-2.0-OpenSSH\r\n",),
        (b"",),
        (b"x" * 100_000,),
        (b"OK MPD 0.23.5\n",),
        (b"OK MPD 0.23.5\n", b"file: a.mp3\n"),
        (b"OK MPD 0.23.5\n", b"ACK [99999999999@0] {} \x1b[2J\n"),
        (b"OK MPD 0.23.5\n", b"ACK nonsense\n"),
        (b"OK MPD 0.23.5\n", b"ACK [4@0] {lsinfo} you don't have permission\n"),
        (b"OK MPD 0.23.5\n", b"Title: " + b"y" * 100_000 + b"\n"),
    ],
)
def test_what_is_not_mpd_is_one_line(lines: tuple[bytes, ...]) -> None:
    with mpd(*lines) as (port, _), pytest.raises(ServerError) as error:
        tracks_at(parse_address(f"mpd://127.0.0.1:{port}"), Login())
    assert str(error.value).isprintable()


def test_a_list_that_mpd_does_not_keep_whole_leaves_nothing_behind() -> None:
    said = (b"OK MPD 0.23.5\n", b"ACK [50@0] {rm} none\n", b"OK\n", b"", b"", b"file: other.mp3\nOK\n", b"OK\n")
    with mpd(*said) as (port, heard):
        where = parse_address(f"mpd://127.0.0.1:{port}")
        with (
            server_of(where).connect(where, Login()) as session,
            pytest.raises(ServerError, match="the old list stays"),
        ):
            session.create("list", ["a.mp3"])
    assert heard[-1] == heard[0] == b'rm "list (essentialist is writing)"\n'


def test_no_name_becomes_a_command() -> None:
    with mpd(b"OK MPD 0.23.5\n", b"OK\n", b"ACK [50@0] {rm} none\n") as (port, heard):
        where = parse_address(f"mpd://127.0.0.1:{port}")
        with server_of(where).connect(where, Login()) as session:
            assert session.playlists('a "quoted\\" name') == ()
            with pytest.raises(ServerError, match="line break"):
                session.create("list\nclear", ["a.mp3"])
            with pytest.raises(ServerError, match="line break"):
                session.replace(Kept("list", "list"), ["a.mp3\nclear"])
    assert not any(line.startswith(b"clear") for line in heard)
