"""Addresses of servers, and where their passwords come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import keyring.backends.fail
import pytest
from hypothesis import given
from hypothesis import strategies as st

from essentialist.address import Address, parse_address
from essentialist.errors import LoginRefused, ServerError
from essentialist.servers import Login, server_of
from essentialist.servers.credentials import can_keep, keep, known_password, variable
from keyring_in_file import Backend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from command_line import Here

SECRET = "correct horse"


@pytest.mark.parametrize(
    ("text", "address", "url"),
    [
        ("subsonic://me@example.org", Address("subsonic", "example.org", "me"), "https://example.org"),
        (
            "subsonic+http://me@nas:4533/navidrome/",
            Address("subsonic", "nas", "me", 4533, "/navidrome", encrypted=False),
            "http://nas:4533/navidrome",
        ),
        ("Jellyfin+https://me@NAS:1", Address("jellyfin", "nas", "me", 1), "https://nas:1"),
        ("jellyfin://me%40home.org@[::1]:8096", Address("jellyfin", "::1", "me@home.org", 8096), "https://[::1]:8096"),
    ],
)
def test_an_address_is_read(text: str, address: Address, url: str) -> None:
    assert parse_address(text) == address
    assert address.url == url
    server_of(address)


@given(
    st.builds(
        Address,
        st.sampled_from(["subsonic", "mpd"]),
        st.from_regex(r"[a-z][a-z0-9-]{0,9}(\.[a-z]{2,5})?", fullmatch=True),
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])),
        st.none() | st.integers(1, 65535),
        st.from_regex(r"(/[a-z0-9]+){0,2}", fullmatch=True),
        st.booleans(),
    )
)
def test_an_address_is_read_as_it_is_written(address: Address) -> None:
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "nas", "subsonic:", "subsonic://", "://nas", "subsonic+ftp://me@nas", "subsonic://me@nas:x"),
        *(
            "subsonic://me@nas?x=1",
            "subsonic://me@nas#x",
            "subsonic://me@na s",
            "subsonic://me@nas\n",
            "subsonic://[::1",
        ),
        "subsonic://me@nas:99999",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ServerError, match="write KIND://USER@HOST"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gopher://me@nas", "use one of jellyfin, mpd, subsonic"),
        ("subsonic://nas", "write subsonic://USER@nas"),
        ("mpd://me@nas", "write mpd://nas"),
        ("mpd+http://nas", "does not speak HTTP"),
        ("jellyfin:///socket", "names no host"),
    ],
)
def test_what_no_server_has_is_refused(text: str, told: str) -> None:
    with pytest.raises(ServerError, match=told):
        server_of(parse_address(text))


def test_a_password_in_an_address_is_refused_and_not_repeated(here: Here) -> None:
    for address in (f"subsonic://me:{SECRET.replace(' ', '')}@nas", "mpd://:correcthorse@nas"):
        answer = here("push", "focus", "--to", address, "--debug")
        assert answer.code == 1
        assert "A password does not belong into an address" in answer.err
        assert "correcthorse" not in answer.err + answer.out


def test_a_variable_belongs_to_one_host() -> None:
    hosts = ("music.example.org", "music-example.org", "musicexample.org", "127.0.0.1", "::1", "")
    names = [variable(Address("subsonic", host, "me")) for host in hosts]
    assert names[0] == "ESSENTIALIST_PASSWORD_MUSIC_EXAMPLE_ORG"
    assert names[1] == "ESSENTIALIST_PASSWORD_MUSIC__EXAMPLE_ORG"
    assert len(set(names)) == len(names)


def test_a_login_does_not_show_its_password() -> None:
    login = Login("me", SECRET)
    assert SECRET not in repr(login)
    assert login.bare(is_private=True) == SECRET
    with pytest.raises(LoginRefused, match="--plain-password") as told:
        login.bare(is_private=False)
    assert SECRET not in str(told.value)
    assert Login("me", SECRET, may_be_overheard=True).bare(is_private=False) == SECRET


@pytest.mark.parametrize(
    ("host", "is_here"), [("localhost", True), ("127.9.9.9", True), ("::1", True), ("", True), ("0.0.0.0", False)]
)
def test_this_machine_is_known(host: str, is_here: bool) -> None:
    assert Address("mpd", host).is_here == is_here
    assert not Address("mpd", "localhost.example.org").is_here


@pytest.fixture
def keyring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file of the keyring of this process."""
    monkeypatch.setenv("KEYRING_FILE", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(Backend())  # type: ignore[no-untyped-call]
    yield tmp_path / "keyring.json"
    keyring.set_keyring(before)


def test_the_environment_goes_before_the_keyring(keyring_file: Path) -> None:
    address = parse_address("subsonic://me@nas:4533")
    assert known_password(address, {}) is None
    assert can_keep()
    keep(address, SECRET)
    assert known_password(address, {}) == SECRET
    assert keyring_file.exists()
    assert known_password(parse_address("subsonic://you@nas:4533"), {}) is None
    assert known_password(parse_address("subsonic://me@nas:4534"), {}) is None
    assert known_password(address, {"ESSENTIALIST_PASSWORD_NAS": "other"}) == "other"


def test_a_keyring_that_cannot_be_used_is_told() -> None:
    address = parse_address("subsonic://me@nas")
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        assert not can_keep()
        assert known_password(address, {}) is None
        with pytest.raises(LoginRefused, match="use ESSENTIALIST_PASSWORD_NAS"):
            keep(address, SECRET)
    finally:
        keyring.set_keyring(before)
