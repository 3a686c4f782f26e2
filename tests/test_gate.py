"""Who is let in: the password, the ticket, slow guessing, and that nothing is answered before."""

from __future__ import annotations

import stat
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from essentialist.errors import SettingsError
from essentialist.web.gate import tickets
from essentialist.web.gate.attempts import FREE, LONGEST_S, REMEMBERED, Attempts
from essentialist.web.gate.door import Door
from essentialist.web.gate.hosts import Hosts, host_name
from essentialist.web.gate.passwords import Password, store, stored

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

SECRET = "correct horse"
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def password() -> Password:
    return Password.of(SECRET)


def inside() -> Starlette:
    """What the door stands before: everything is answered."""

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"inside {request.url.path}")

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("inside")
        await websocket.close()

    return Starlette(
        routes=[WebSocketRoute("/{path:path}", socket), Route("/{path:path}", answer, methods=["GET", "POST"])]
    )


@pytest.fixture
def client(password: Password) -> TestClient:
    return TestClient(Door(inside(), password=password, base_path=""), follow_redirects=False)


def test_a_password_is_kept_hashed_and_for_its_owner_only(tmp_path: Path, password: Password) -> None:
    file = tmp_path / "new" / "password.json"
    store(password, file)
    assert stored(file) == password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SECRET not in file.read_text(encoding="utf-8")
    assert password.matches(SECRET)
    assert not password.matches(SECRET + " ")


def test_no_password_and_a_damaged_one(tmp_path: Path) -> None:
    assert stored(tmp_path / "none.json") is None
    for content in ("", "[]", '{"salt": "xy", "hashed": "", "key": ""}', "{}"):
        (tmp_path / "bad.json").write_text(content, encoding="utf-8")
        with pytest.raises(SettingsError, match="web --set-password"):
            stored(tmp_path / "bad.json")


def test_a_short_password_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 8"):
        Password.of("1234567")


@given(st.text(max_size=80))
def test_only_our_own_tickets_hold(text: str) -> None:
    assert not tickets.holds(b"key", text, 0.0)


def test_a_ticket_ends_and_belongs_to_its_key() -> None:
    ticket = tickets.issue(b"key", 1000.0)
    assert tickets.holds(b"key", ticket, 1000.0)
    assert not tickets.holds(b"other", ticket, 1000.0)
    assert not tickets.holds(b"key", ticket, 1000.0 + tickets.DAYS * 86400 + 1)
    end, _, signature = ticket.partition(".")
    assert not tickets.holds(b"key", f"{int(end) + 1}.{signature}", 1000.0)


def test_guessing_waits_ever_longer_and_each_address_for_itself() -> None:
    attempts = Attempts()
    for _ in range(FREE - 1):
        attempts.failed("a", 0.0)
        assert attempts.wait_s("a", 0.0) == 0.0
    waits = []
    for _ in range(30):
        attempts.failed("a", 0.0)
        waits.append(attempts.wait_s("a", 0.0))
    assert waits[:4] == [1.0, 2.0, 4.0, 8.0]
    assert waits[-1] == LONGEST_S
    assert attempts.wait_s("a", LONGEST_S) == 0.0
    assert attempts.wait_s("b", 0.0) == 0.0
    attempts.succeeded("a")
    assert attempts.wait_s("a", 0.0) == 0.0


def test_addresses_are_remembered_in_bounded_memory() -> None:
    attempts = Attempts()
    for number in range(REMEMBERED + 10):
        attempts.failed(str(number), 0.0)
    assert len(attempts._failures) == REMEMBERED


@pytest.mark.parametrize(
    "path", ["/", "/explore", "/static/js/index.js", "/media/x", "/api/audio/1", "/_stcore/stream", "/api/logoutx"]
)
def test_nothing_is_answered_without_a_ticket(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401
    assert client.head(path).status_code == 401
    shown = client.get(path, headers=HTML)
    assert shown.status_code == 401
    assert "inside" not in shown.text
    assert 'type="password"' in shown.text
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
        pytest.fail("the WebSocket opened")


def test_health_is_open(client: TestClient) -> None:
    assert client.get("/_stcore/health").text == "inside /_stcore/health"


def test_the_right_password_opens_and_leads_where_one_wanted(client: TestClient) -> None:
    answer = client.post("/explore?q=bpm:120", data={"password": SECRET})
    assert answer.status_code == 303
    assert answer.headers["location"] == "./explore?q=bpm:120"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert client.get("/explore").text == "inside /explore"
    with client.websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "inside"
    assert client.get("/api/logout").headers["location"] == "../"
    assert client.get("/explore").status_code == 401


def test_the_cookie_is_secure_where_the_browser_speaks_tls(client: TestClient) -> None:
    answer = client.post("/", data={"password": SECRET}, headers={"x-forwarded-proto": "https"})
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("path", ["//evil.example", "/x/%2f%2fevil.example", "/%0d%0aSet-Cookie:a=b", "/https:evil"])
def test_nobody_is_led_elsewhere(client: TestClient, path: str) -> None:
    location = client.post(path, data={"password": SECRET}).headers["location"]
    assert location.startswith("./")
    assert "\n" not in location
    assert "//" not in location


@pytest.mark.parametrize("body", [b"", b"password=", b"password=wrong", b"x" * 10_000, b"\xff\xfe=\x00", b"password"])
def test_another_body_is_no_password(client: TestClient, body: bytes) -> None:
    answer = client.post("/", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_too_many_wrong_ones_have_to_wait_even_for_the_right_one(password: Password) -> None:
    attempts = Attempts()
    for _ in range(40):
        attempts.failed("testclient", time.monotonic())
    client = TestClient(Door(inside(), password=password, base_path="", attempts=attempts))
    answer = client.post("/", data={"password": SECRET}, headers={"x-forwarded-for": "1.2.3.4"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > LONGEST_S / 2
    assert "Too many" in answer.text
    assert client.get("/explore").status_code == 401


def test_a_wrong_password_counts(password: Password) -> None:
    attempts = Attempts()
    client = TestClient(Door(inside(), password=password, base_path="", attempts=attempts), follow_redirects=False)
    client.post("/", data={"password": "wrong"})
    assert attempts._failures["testclient"].n == 1
    client.post("/", data={"password": SECRET})
    assert not attempts._failures


def test_behind_a_proxy_of_this_machine_each_visitor_counts_for_itself(password: Password) -> None:
    attempts = Attempts()
    door = Door(inside(), password=password, base_path="", attempts=attempts)
    client = TestClient(door, client=("127.0.0.1", 50000))
    client.post("/", data={"password": "wrong"}, headers={"x-forwarded-for": "6.6.6.6, 1.2.3.4"})
    assert list(attempts._failures) == ["1.2.3.4"]


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("nobody", "nobody"),
    ],
)
def test_addresses_of_one_ipv6_network_count_as_one(password: Password, address: str, counted: str) -> None:
    attempts = Attempts()
    door = Door(inside(), password=password, base_path="", attempts=attempts)
    TestClient(door, client=(address, 50000)).post("/", data={"password": "wrong"})
    assert list(attempts._failures) == [counted]


def test_a_base_path_has_its_open_places_below_it(password: Password) -> None:
    client = TestClient(Door(inside(), password=password, base_path="/music"), follow_redirects=False)
    assert client.get("/music/_stcore/health").status_code == 200
    assert client.get("/music/").status_code == 401
    client.cookies[tickets.COOKIE] = tickets.issue(password.key, time.time())
    assert client.get("/music/").status_code == 200


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("localhost:8501", 200),
        ("127.0.0.1", 200),
        ("[::1]:8501", 200),
        ("MUSIC.lan", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example:8501", 421),
        ("", 421),
    ],
)
def test_other_names_are_refused(host: str, code: int) -> None:
    client = TestClient(Hosts(inside(), names=["music.LAN"]))
    assert client.get("/", headers={"host": host}).status_code == code


@given(st.text(max_size=40))
def test_any_host_has_a_name(host: str) -> None:
    assert host_name(host).upper() != "LOCALHOST" or "localhost" in host.lower()
