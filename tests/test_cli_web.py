"""`essentialist web`: who may reach it, and with what."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Collection

SECRET = "correct horse battery"


def web(home: Path, *options: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command with its own home; it has to end by itself."""
    program = [sys.executable, "-m", "essentialist", "--catalog", str(home / "catalog.db"), "web", *options]
    environment = os.environ | {"XDG_CONFIG_HOME": str(home)}
    return subprocess.run(
        program, input=given, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("options", [("--lan",), ("--host", "0.0.0.0"), ("--host", "192.168.1.2"), ("--password",)])
def test_the_network_needs_a_password(tmp_path: Path, options: tuple[str, ...]) -> None:
    answer = web(tmp_path, *options)
    assert answer.returncode == 1
    assert "--set-password" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_public_is_for_looking_only(tmp_path: Path) -> None:
    answer = web(tmp_path, "--lan", "--public")
    assert answer.returncode == 1
    assert "--read-only" in answer.stderr


def test_a_name_is_no_address(tmp_path: Path) -> None:
    assert "is no address" in web(tmp_path, "--host", "example").stderr


@pytest.mark.parametrize("path", ["../music", "/a/./b", "music?x", "a b", "a//b", "mus\u00efc", "a%2fb", "<b>"])
def test_what_is_no_base_path_is_refused(tmp_path: Path, path: str) -> None:
    answer = web(tmp_path, "--base-path", path)
    assert answer.returncode == 1
    assert "is no base path" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_port_that_is_taken_is_told_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = web(tmp_path, "--port", str(taken.getsockname()[1]))
    assert answer.returncode == 1
    assert "--port" in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize("given", ["", "short\n"])
def test_a_short_password_is_refused(tmp_path: Path, given: str) -> None:
    answer = web(tmp_path, "--set-password", given=given)
    assert answer.returncode == 1
    assert "at least 8" in answer.stderr
    assert not list(tmp_path.rglob("*password*"))


@studios.needs_chromium
def test_a_visitor_logs_in_and_out(collection: Collection, tmp_path: Path) -> None:
    assert web(tmp_path, "--set-password", given=f"{SECRET}\n").returncode == 0
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    with (
        studios.served(collection.catalog, "--password", environment=environment) as served,
        studios.chromium() as browser,
    ):
        page = browser.new_page(viewport=studios.PHONE)
        page.goto(f"{served.url}/")
        page.get_by_label("Password").fill("wrong password")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("alert")).to_contain_text("not the password")
        page.get_by_label("Password").fill(SECRET)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Library")).to_be_visible(timeout=studios.DEADLINE_S * 1000)
        assert page.request.get(f"{served.url}/api/track/1").status == 200
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Password")).to_be_visible()
        assert page.request.get(f"{served.url}/api/track/1").status == 401
