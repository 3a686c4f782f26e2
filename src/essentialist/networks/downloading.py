"""Fetching a file over HTTP so that what is kept is right.

A file grows under a name of its own, ending in `.part`, and whoever asked gives it its real name once it is checked.
What breaks off is asked for again, a few times with growing pauses, and goes on where it was, also in a later run; only
a file whose SHA-256 is known goes on, since nothing else can tell that two halves belong together. Proxies come from
the environment (`https_proxy`, `no_proxy` …), as urllib reads them.
"""

from __future__ import annotations

import hashlib
import http.client
import random
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from essentialist import __version__
from essentialist.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK = 1 << 16
PASSING = (408, 425, 429, 500, 502, 503, 504)
"""Answers of a server that may be others a moment later."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is expected of a file: its SHA-256 and size in bytes where they are known, and the most it may have.

    `accepted` are other hashes that it may have; `advice` is what to do when another file comes.
    """

    sha256: str | None = None
    size: int | None = None
    most: int = 1 << 30
    advice: str = "Try a mirror (--from)."
    accepted: frozenset[str] = frozenset()

    def is_right(self, sha256: str) -> bool:
        """Whether a file with this hash is the one."""
        return self.sha256 in {None, sha256} or sha256 in self.accepted


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try, after what pause, and how long to wait for an answer.

    What comes more slowly than `slowest` bytes a second during `timeout_s` counts as broken off.
    """

    attempts: int = 4
    first_pause_s: float = 0.5
    timeout_s: float = 30.0
    slowest: float = 500.0


class BrokenOff(Exception):
    """An attempt failed in a way that another may not."""


def download(
    url: str, part: Path, wanted: Wanted, *, patience: Patience | None = None, seen: Callable[[int], None] | None = None
) -> str:
    """Fetch a file to `part`, going on with what is there already; its SHA-256.

    `seen` is told how many bytes are there, now and then.

    Raises
    ------
    ModelError
        When the server cannot be reached or does not have the file, or what it sends is not what is wanted (nothing is
        left of that), or the folder cannot be written.
    """
    patience = patience or Patience()
    reason = ""
    for attempt in range(patience.attempts):
        if attempt:
            time.sleep(patience.first_pause_s * 2 ** (attempt - 1) * random.uniform(0.5, 1))  # noqa: S311
        try:
            with part.open("ab") as file:
                return _Attempt(url, file, wanted, patience, seen or _nobody).run()
        except BrokenOff as error:
            reason = str(error)
        except OSError as error:
            raise unwritable(part, error) from error
    raise ModelError(f"Cannot fetch {url}: {reason}. {WITHOUT_NETWORK}")


WITHOUT_NETWORK = (
    "Try again later, name a mirror with --from, or carry the file over and run `essentialist models add FILE`."
)


def unwritable(path: Path, error: OSError) -> ModelError:
    """What to say of a file that cannot be written."""
    return ModelError(
        f"Cannot write {path}: {error.strerror}. Make room or name another folder with ESSENTIALIST_MODELS."
    )


def sha256_of(file: IO[bytes]) -> str:
    """The SHA-256 of an open file, from its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One request and what is made of the answer."""

    url: str
    file: BinaryIO
    wanted: Wanted
    patience: Patience
    seen: Callable[[int], None]

    def run(self) -> str:
        """Fetch what is missing; the SHA-256 of the whole."""
        offset = self._offset()
        if offset and self.wanted.is_right(there := self._hash()):
            return there
        with self._answer(offset) as answer:
            offset = self._start(answer, offset)
            self.seen(offset)
            total = self._total(answer, offset)
            for chunk in self._chunks(answer):
                self.file.write(chunk)
                self.seen(self.file.tell())
                if self.file.tell() > self.wanted.most:
                    self._refuse(f"it is longer than {self.wanted.most:,} bytes")
        self.file.flush()
        if total is not None and self.file.tell() < total:
            raise BrokenOff(f"it broke off after {self.file.tell():,} of {total:,} bytes")
        return self._checked(resumed=offset > 0)

    def _offset(self) -> int:
        """How much of the file is there to go on with."""
        offset = self.file.tell()
        if self.wanted.sha256 is None or offset > (self.wanted.size or self.wanted.most):
            offset = self._restart()
        return offset

    def _restart(self) -> int:
        self.file.truncate(0)
        self.file.seek(0)
        return 0

    def _answer(self, offset: int) -> http.client.HTTPResponse:
        headers = {"User-Agent": f"essentialist/{__version__}", "Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
        try:
            request = urllib.request.Request(self.url, headers=headers)  # noqa: S310 - see `_opener`
            answer: http.client.HTTPResponse = _opener().open(request, timeout=self.patience.timeout_s)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
                self._restart()
                raise BrokenOff("the server does not go on with it") from error
            if error.code in PASSING:
                raise BrokenOff(f"the server answers {error.code} {error.reason}") from error
            raise ModelError(f"Cannot fetch {self.url}: {error.code} {error.reason}. {WITHOUT_NETWORK}") from error
        except (OSError, http.client.HTTPException) as error:
            raise BrokenOff(_reason(error)) from error
        except ValueError as error:  # not an address
            raise ModelError(
                f"Cannot fetch {self.url}: {error}. Give an address as in https://example.org/."
            ) from error
        return answer

    def _start(self, answer: http.client.HTTPResponse, offset: int) -> int:
        """From where the answer goes on: where it was asked to, or from the beginning."""
        if answer.status == http.client.PARTIAL_CONTENT:
            if answer.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
                return offset
            self._restart()
            raise BrokenOff("the server sends another part than it was asked for")
        return self._restart()

    def _total(self, answer: http.client.HTTPResponse, offset: int) -> int | None:
        """How long the server says that its file is, else how long the right one is."""
        stated = answer.headers.get("Content-Length", "")
        return offset + int(stated) if stated.isdecimal() else self.wanted.size

    def _chunks(self, answer: http.client.HTTPResponse) -> Iterator[bytes]:
        """What comes; BrokenOff when it stops to, or nearly."""
        began, n_bytes = time.monotonic(), 0
        while True:
            try:
                chunk = answer.read1(CHUNK)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise BrokenOff(_reason(error)) from error
            if not chunk:
                return
            yield chunk
            n_bytes += len(chunk)
            elapsed = time.monotonic() - began
            if elapsed > self.patience.timeout_s:
                if n_bytes < elapsed * self.patience.slowest:
                    raise BrokenOff(f"it comes too slowly, {n_bytes / elapsed:,.0f} bytes a second")
                began, n_bytes = time.monotonic(), 0

    def _checked(self, *, resumed: bool) -> str:
        """The file's SHA-256 if it is the wanted one."""
        found = self._hash()
        if self.wanted.is_right(found):
            return found
        if resumed:  # the part that was there may be of another file
            self._restart()
            raise BrokenOff("what was there before does not belong to it")
        return self._refuse(f"its SHA-256 is {found}, not {self.wanted.sha256}")

    def _refuse(self, reason: str) -> str:
        self._restart()
        raise ModelError(f"{self.url} is not the file it should be: {reason}. {self.wanted.advice}")

    def _hash(self) -> str:
        self.file.flush()
        with open(self.file.name, "rb") as file:
            return sha256_of(file)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from an encrypted address to one that is not."""

    def redirect_request(  # noqa: PLR0913, RUF100 - the signature is urllib's
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if req.type == "https" and urlsplit(newurl).scheme != "https":
            raise ModelError(f"{req.full_url} leads to {newurl}, which is not encrypted. Name a mirror with --from.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """HTTP and HTTPS only, through the proxies of the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _reason(error: Exception) -> str:
    """Why there was no answer, in a few words."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    said = cause.strerror if isinstance(cause, OSError) else str(cause)
    return (said or type(cause).__name__).splitlines()[0]


def _nobody(n_bytes: int) -> None:
    """Nobody watches."""
