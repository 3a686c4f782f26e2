"""Asking a server over HTTP for JSON: encrypted where the address is, once, within a size and a time.

Certificates are verified, redirects are not followed (what was meant for one server is not told to another), and
passwords and tokens never stand in an address, so that no log has them. Proxies come from the environment, as urllib
reads them.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from essentialist import __version__
from essentialist.errors import LoginRefused, ServerError
from essentialist.servers import said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from essentialist.address import Address

CHUNK: Final = 1 << 16
REDIRECTS: Final = range(300, 400)
LARGEST: Final = 1e15  # of a number that means anything here; NaN is not below it


class Answered(ServerError):
    """An answer that is not what was asked for, with its HTTP status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long to wait for a sign of life and for the whole answer, in s, and how many bytes to read."""

    silence_s: float = 30.0
    answer_s: float = 300.0
    n_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Web:
    """A server of the web. `headers` go with every request."""

    address: Address
    title: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    bounds: Bounds = Bounds()

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        """What a request brings, None for nothing; raises ServerError where it is no JSON or there is no answer."""
        headers = {"User-Agent": f"essentialist/{__version__}", "Accept": "application/json", **self.headers}
        if body is not None:
            headers["Content-Type"] = kind
        request = urllib.request.Request(self.address.url + path, body, headers, method=method)  # noqa: S310
        try:
            with _opener().open(request, timeout=self.bounds.silence_s) as answer:
                content = self._read(answer)
        except urllib.error.HTTPError as error:
            error.close()
            raise self._refused(error) from error
        except (OSError, http.client.HTTPException) as error:
            raise ServerError(f"Cannot reach {self.address}: {self._reason(error)}") from error
        except ValueError as error:
            raise ServerError(f"Cannot reach {self.address}: it is no address of the web.") from error
        try:
            return json.loads(content) if content.strip() else None
        except (ValueError, RecursionError) as error:
            raise ServerError(f"{self.address} does not answer as {self.title} does; is this its address?") from error

    def form(self, path: str, fields: Sequence[tuple[str, str]]) -> Any:
        """What a form that is posted brings, see `ask`."""
        return self.ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def post(self, path: str, document: object = None) -> Any:
        """What JSON that is posted brings, see `ask`."""
        return self.ask("POST", path, None if document is None else json.dumps(document).encode())

    def get(self, path: str, **fields: str | int) -> Any:
        """What is there, see `ask`."""
        return self.ask("GET", f"{path}?{urlencode(fields, quote_via=quote)}" if fields else path)

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """The body, as long as it is within the bounds."""
        end, content = time.monotonic() + self.bounds.answer_s, bytearray()
        while chunk := answer.read1(CHUNK):
            content += chunk
            if len(content) > self.bounds.n_bytes:
                raise ServerError(f"{self.address} answers more than {self.bounds.n_bytes:,} bytes; that is no list.")
            if time.monotonic() > end:
                raise ServerError(f"{self.address} takes more than {self.bounds.answer_s:.0f} s to answer; try later.")
        if answer.length:
            raise http.client.IncompleteRead(bytes(content), answer.length)
        return bytes(content)

    def _refused(self, error: urllib.error.HTTPError) -> ServerError:
        """What to say of an answer that is none."""
        if error.code == http.client.UNAUTHORIZED:
            return LoginRefused(f"{self.address} does not take this user and password.")
        if error.code in REDIRECTS:
            target = said(error.headers.get("Location", "elsewhere"))
            return Answered(f"{self.address} sends on to {target}; give the address where it is.", error.code)
        return Answered(f"{self.address} answers {error.code} {said(error.reason)}.", error.code)

    def _reason(self, error: Exception) -> str:
        """Why there was no answer, and what may help."""
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted: {said(cause.verify_message)}. Use the name that it is made out to."
        if isinstance(cause, ssl.SSLError):
            return f"it does not speak TLS. If it has no encryption: {self.address.kind}+http://…"
        if isinstance(cause, TimeoutError):
            return "no answer in time. Is it running?"
        if isinstance(cause, http.client.HTTPException):
            return "the answer broke off, or is no HTTP. Try again."
        return f"{said(getattr(cause, 'strerror', None) or cause)}. Is it running, and is this its port?"


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS only, through the proxies of the environment; redirects are errors."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=ssl.create_default_context()),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def rows(document: object, *path: str) -> list[dict[str, Any]]:
    """The objects of a list within JSON, [] where it has none; one that stands alone counts as a list of one."""
    found = inside(document, *path)
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)]


def inside(document: object, *path: str) -> object:
    """What stands within objects of JSON; None where it does not."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def text(row: Mapping[str, Any], name: str) -> str:
    """A text of an object, "" where it has none; ids may be numbers. Halves of characters become question marks."""
    value = row.get(name)
    known = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return known.encode(errors="replace").decode()


def number(row: Mapping[str, Any], name: str) -> float | None:
    """A number of an object, None where it has none."""
    value = row.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not -LARGEST < value < LARGEST:
        return None
    return float(value)
