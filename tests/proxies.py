"""Real nginx and Caddy on loopback, with the configurations of deploy/ or ones that lack something."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[1] / "deploy" / "proxies"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CADDY = shutil.which("caddy")
DEADLINE_S = 30.0


def nginx_conf() -> str:
    """The configuration that is shipped."""
    return (FOLDER / "nginx.conf").read_text(encoding="utf-8")


def caddyfile() -> str:
    """The configuration that is shipped."""
    return (FOLDER / "Caddyfile").read_text(encoding="utf-8")


def retargeted(text: str, here: int, root: int, below: int) -> str:
    """The configuration for 127.0.0.1: it listens at `here`, the studios at `root` and, below the path, at `below`."""
    ports = text.replace("127.0.0.1:8501", f"127.0.0.1:{root}").replace("127.0.0.1:8502", f"127.0.0.1:{below}")
    listening = ports.replace("listen 80;", f"listen 127.0.0.1:{here};")
    named = listening.replace("music.example.org", "localhost").replace("home.example.org", "127.0.0.1")
    return re.sub(r"^(localhost|127\.0\.0\.1) \{", rf"http://\1:{here} {{\n\tbind 127.0.0.1", named, flags=re.MULTILINE)


@contextmanager
def nginx(conf: str, port: int, folder: Path) -> Iterator[None]:
    """Run nginx with this in its http block."""
    if NGINX is None:
        pytest.skip("nginx is not installed")
    whole = folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off; {temporary} {conf} }}\n",
        encoding="utf-8",
    )
    with _running([NGINX, "-p", str(folder), "-c", str(whole), "-e", str(folder / "error.log")], port):
        yield


@contextmanager
def caddy(conf: str, port: int, folder: Path) -> Iterator[None]:
    """Run Caddy with this Caddyfile."""
    if CADDY is None:
        pytest.skip("caddy is not installed")
    whole = folder / "Caddyfile"
    whole.write_text("{\n\tadmin off\n\tauto_https off\n}\n" + conf, encoding="utf-8")
    program = [CADDY, "run", "--config", str(whole), "--adapter", "caddyfile"]
    with _running(program, port, {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}):
        yield


@contextmanager
def _running(program: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[None]:
    process = subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait(port, process)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=DEADLINE_S)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=DEADLINE_S):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"the proxy did not start: {process.stderr.read() if process.stderr else b''!r}")
