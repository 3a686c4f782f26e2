"""What Jellyfin 10.9 answers according to its documented API, on loopback: a contract, not Jellyfin.

Written after https://api.jellyfin.org for the requests that are made of it; any other is 404, one without a valid token
401, one for somebody else's playlist 403.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

USERS = {"me": "a secret, of course", "somebody": "their secret"}
HEADER = re.compile(
    r'MediaBrowser Client="[^"]+", Device="[^"]+", DeviceId="[^"]+", Version="[^"]+"(?:, Token="(\w+)")?'
)


@dataclass(slots=True)
class Listed:
    """A playlist."""

    id: str
    name: str
    owner: str
    ids: list[str]
    is_public: bool = False


@dataclass(slots=True)
class Jellyfin:
    """What the server knows. `tracks` are objects of the API; `logins` counts tokens that were not given back."""

    tracks: Sequence[dict[str, Any]]
    lists: list[Listed] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, ids: Sequence[str], owner: str = "me", *, is_public: bool = False) -> Listed:
        known = {each["Id"] for each in self.tracks}
        made = Listed(uuid.uuid4().hex, name, owner, [each for each in ids if each in known], is_public)
        self.lists.append(made)
        return made


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, jellyfin: Jellyfin) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.jellyfin = jellyfin


class Refused(Exception):
    """A request that the API answers with this status."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """The tests say enough."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        self.close_connection = True
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        jellyfin = cast("Server", self.server).jellyfin
        address = urlsplit(self.path)
        fields = {name: values[0] for name, values in parse_qs(address.query).items()}
        header = HEADER.fullmatch(self.headers.get("Authorization", ""))
        try:
            if header is None:
                raise Refused(400)
            document = json.loads(body) if body else None
            if document is not None and self.headers["Content-Type"] != "application/json":
                raise Refused(415)
            status, found = 200, answer(jellyfin, method, address.path, fields, document, header[1])
        except Refused as error:
            status, found = error.args[0], None
        content = b"" if found is None else json.dumps(found).encode()
        self.send_response(204 if status == 200 and not content else status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def answer(  # noqa: PLR0913, RUF100 - what a request has
    jellyfin: Jellyfin, method: str, path: str, fields: dict[str, str], document: Any, token: str | None
) -> dict[str, Any] | None:
    """What the API says to a request."""
    if (method, path) == ("POST", "/Users/AuthenticateByName"):
        if USERS.get(document["Username"]) != document["Pw"]:
            raise Refused(401)
        fresh = uuid.uuid4().hex
        jellyfin.tokens[fresh] = document["Username"]
        return {"AccessToken": fresh, "ServerId": "1", "User": {"Id": f"id-of-{document['Username']}", "Name": "x"}}
    user = jellyfin.tokens.get(token or "")
    if user is None:
        raise Refused(401)
    if (method, path) == ("POST", "/Sessions/Logout"):
        del jellyfin.tokens[token or ""]
        return None
    if (method, path) == ("GET", "/Items"):
        return items(jellyfin, fields, user)
    if (method, path) == ("POST", "/Playlists"):
        if document["UserId"] != f"id-of-{user}":
            raise Refused(403)
        return {"Id": jellyfin.add(document["Name"], document["Ids"], user, is_public=document["IsPublic"]).id}
    return of_playlist(jellyfin, method, path, document, user)


def items(jellyfin: Jellyfin, fields: dict[str, str], user: str) -> dict[str, Any]:
    """A page of the tracks or of the playlists that the user sees. Paths only where they are asked for."""
    if fields["includeItemTypes"] == "Audio":
        left_out = () if "Path" in fields.get("fields", "").split(",") else ("Path",)
        found = [{key: each[key] for key in each if key not in left_out} for each in jellyfin.tracks]
    else:
        seen = [each for each in jellyfin.lists if each.owner == user or each.is_public]
        found = [{"Id": each.id, "Name": each.name, "Type": "Playlist"} for each in seen]
    start, limit = int(fields["startIndex"]), int(fields["limit"])
    return {"Items": found[start : start + limit], "TotalRecordCount": len(found), "StartIndex": start}


def of_playlist(jellyfin: Jellyfin, method: str, path: str, document: Any, user: str) -> dict[str, Any] | None:
    """What the API says of one playlist."""
    parts = path.strip("/").split("/")
    listed = next((each for each in jellyfin.lists if parts[:2] == ["Playlists", each.id]), None)
    if listed is None or not (listed.owner == user or listed.is_public):
        raise Refused(404)
    if (method, parts[2:]) == ("GET", ["Items"]):
        return {"Items": [{"Id": each, "Type": "Audio"} for each in listed.ids], "TotalRecordCount": len(listed.ids)}
    if listed.owner != user:
        raise Refused(403)
    if (method, parts[2:]) == ("GET", ["Users"]):
        return {"": []}
    if (method, parts[2:]) == ("POST", []):
        listed.ids = list(document["Ids"])
        return None
    raise Refused(404)
