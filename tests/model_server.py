"""A real HTTP server on loopback that serves a folder and misbehaves where it is told to."""

from __future__ import annotations

import http.client
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Fault = Literal[
    "none", "break", "garbage", "404", "503", "no ranges", "wrong range", "redirect", "stall", "drip", "short", "long"
]


@dataclass(slots=True)
class Behaviour:
    """What to serve, the faults of the next answers to ONNX files (then the last one for ever), and what was asked."""

    folder: Path
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def next_fault(self) -> Fault:
        return (self.faults.pop(0) if len(self.faults) > 1 else self.faults[0]) if self.faults else "none"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour = behaviour

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/models/"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """The tests say enough."""

    def do_GET(self) -> None:
        self.close_connection = True
        behaviour = cast("Server", self.server).behaviour
        path = unquote(urlsplit(self.path).path)
        behaviour.asked.append((path, self.headers.get("Range")))
        if path.startswith("/moved"):
            path = path.removeprefix("/moved")
        file = behaviour.folder / path.removeprefix("/models/")
        fault = behaviour.next_fault() if path.endswith(".onnx") else "none"
        if fault == "404" or not file.is_file():
            self.send_error(http.client.NOT_FOUND)
        elif fault == "503":
            self.send_error(http.client.SERVICE_UNAVAILABLE)
        elif fault == "redirect":
            self.send_response(http.client.FOUND)
            self.send_header("Location", f"/moved{path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send(file.read_bytes(), fault)

    def _send(self, content: bytes, fault: Fault) -> None:
        if fault == "garbage":
            content = b"<html>Please log in to the wireless network</html>" * 20
        start = self._start(len(content)) if fault != "no ranges" else 0
        body = content[start:]
        self.send_response(http.client.PARTIAL_CONTENT if start else http.client.OK)
        if start:
            first = start + 1 if fault == "wrong range" else start
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        stated = {"short": len(body) // 2, "long": len(body) + 1000}.get(fault, len(body))
        self.send_header("Content-Length", str(stated))
        self.end_headers()
        if fault in {"break", "stall", "drip"}:
            body = body[: len(body) // 2]
        self._write(body)
        if fault in {"stall", "drip"}:
            self._linger(drip=fault == "drip")

    def _start(self, length: int) -> int:
        asked = self.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").partition("-")[0]) if asked else 0
        return start if start < length else 0

    def _linger(self, *, drip: bool) -> None:
        """Keep the connection open, silent or with a byte now and then, until the test is over."""
        released = cast("Server", self.server).behaviour.released
        while not released.wait(0.05 if drip else 10):
            if drip and not self._write(b"."):
                return

    def _write(self, body: bytes) -> bool:
        try:
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:  # the client has seen enough
            return False
        return True


class Proxy(BaseHTTPRequestHandler):
    """A forward proxy that knows one host by another name."""

    def log_message(self, format: str, *args: object) -> None:
        """The tests say enough."""

    def do_GET(self) -> None:
        upstream = cast("ProxyServer", self.server)
        upstream.asked.append(self.path)
        connection = http.client.HTTPConnection("127.0.0.1", upstream.port, timeout=10)
        connection.request("GET", urlsplit(self.path).path)
        answer = connection.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        connection.close()


class ProxyServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Proxy)
        self.port = port
        self.asked: list[str] = []


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """Run a server in a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        if isinstance(server, Server):
            server.behaviour.released.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def without_proxies(environment: dict[str, str] | None = None) -> dict[str, str]:
    """The environment without the proxies of the machine that runs the tests."""
    found = dict(os.environ if environment is None else environment)
    return {name: value for name, value in found.items() if not name.lower().endswith("_proxy")}
