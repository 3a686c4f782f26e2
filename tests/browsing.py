"""What tests in a browser share; a test module asks for it by `pytest_plugins`, so that others load no browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import studios

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from conftest import Collection


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, one for a module."""
    with studios.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def url(collection: Collection) -> Iterator[str]:
    """Where a studio over the collection is served."""
    with studios.served(collection.catalog) as served:
        yield served.url
