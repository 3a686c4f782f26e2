"""Can the studio be reached at an address? What a browser needs, tried from outside, each with what to do about it."""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from essentialist.diagnosis import Finding
from essentialist.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TIMEOUT_S = 10.0
LONGEST = 1 << 16  # bytes of an answer that are read
WEBSOCKETS = (
    "in nginx the location needs `proxy_http_version 1.1;`, `proxy_set_header Upgrade $http_upgrade;` and "
    "`proxy_set_header Connection $connection_upgrade;` (docs/serving.md)"
)
HOST = "in nginx the location needs `proxy_set_header Host $http_host;` (docs/serving.md)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, headers by their names in lower case, and the beginning of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a studio as a browser knows it; `root` ends with a slash."""

    secure: bool
    host: str
    root: str

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read an address; SettingsError for what is none."""
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SettingsError(f'"{url}" is no address of a studio: give one such as https://music.example.org/.')
        return cls(parts.scheme == "https", parts.netloc.rpartition("@")[2], parts.path.rstrip("/") + "/")

    @property
    def origin(self) -> str:
        """What a browser calls the site."""
        return f"{'https' if self.secure else 'http'}://{self.host}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for a path below the root; OSError or HTTPException where nothing answers."""
        connection = (
            http.client.HTTPSConnection(self.host, timeout=TIMEOUT_S, context=ssl.create_default_context())
            if self.secure
            else http.client.HTTPConnection(self.host, timeout=TIMEOUT_S)
        )
        try:
            connection.request("GET", self.root + path, headers={"Accept": "text/html", **(headers or {})})
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            body = b"" if response.status == http.HTTPStatus.SWITCHING_PROTOCOLS else response.read(LONGEST)
            return Answer(response.status, names, body)
        finally:
            connection.close()


def reach(url: str) -> Iterator[Finding]:
    """Try an address step by step; the first that is bad ends it where the others cannot work without it."""
    address = Address.parse(url)
    try:
        page = address.get("")
        seen = address.get("api/connection")
    except (OSError, http.client.HTTPException) as error:
        yield Finding("address", "bad", f"nothing answers at {address.origin}{address.root}: {error}")
        return
    host = _host_of(seen)
    if host is None:
        yield Finding("address", "bad", f"what answers ({page.status}) is no studio: is the base path right?")
        return
    yield _page(page)
    yield _names(address, host)
    yield _opens(address)
    yield _secret(address, page)


def _host_of(answer: Answer) -> str | None:
    """The host that the studio was asked for; None where no studio answers."""
    try:
        document = json.loads(answer.body)
    except ValueError:
        return None
    host = document.get("host") if isinstance(document, dict) else None
    return host if isinstance(host, str) else None


def _page(page: Answer) -> Finding:
    if page.status == http.HTTPStatus.UNAUTHORIZED:
        return Finding("page", "good", "asks for the password")
    if page.status == http.HTTPStatus.OK:
        return Finding("page", "good", "is shown to everybody who reaches the address")
    return Finding("page", "bad", f"is answered with {page.status}: {page.body[:200].decode('utf-8', 'replace')}")


def _names(address: Address, host: str) -> Finding:
    if host == address.host:
        return Finding("host", "good", f"arrives as {host}")
    return Finding("host", "bad", f"arrives as {host}, not as {address.host}, so the page would stay grey: {HOST}")


def _opens(address: Address) -> Finding:
    """Whether a WebSocket opens: the switch of protocols comes back."""
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
        "Origin": address.origin,
    }
    try:
        status = address.get("api/connection", headers).status
    except (OSError, http.client.HTTPException) as error:
        return Finding("WebSocket", "bad", f"{error}, so the page would stay grey: {WEBSOCKETS}")
    if status == http.HTTPStatus.SWITCHING_PROTOCOLS:
        return Finding("WebSocket", "good", "opens")
    return Finding("WebSocket", "bad", f"is answered with {status}, so the page would stay grey: {WEBSOCKETS}")


def _secret(address: Address, page: Answer) -> Finding:
    """Whether others on the way can read along."""
    if address.secure:
        return Finding("TLS", "good", "the connection is encrypted")
    if page.status == http.HTTPStatus.UNAUTHORIZED:
        return Finding("TLS", "warning", "none: the password travels readable; let the proxy speak https")
    return Finding("TLS", "warning", "none: good enough on this machine and at home")
