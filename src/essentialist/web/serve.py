"""Start the studio: Streamlit's app and our routes in one process, on one port, behind the door."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.middleware import Middleware

from essentialist.errors import CatalogError, EssentialistError
from essentialist.web.addresses import Addresses
from essentialist.web.assets import Assets
from essentialist.web.front_page import FrontPage
from essentialist.web.gate.door import Door
from essentialist.web.gate.headers import Headers
from essentialist.web.gate.hosts import Hosts
from essentialist.web.look import PRIVATE, THEME
from essentialist.web.pages import pages
from essentialist.web.promptness import answer_promptly
from essentialist.web.routes import routes
from essentialist.web.studio import open_studio
from essentialist.web.views.explore import prepare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from essentialist.web.options import Options
    from essentialist.web.studio import Studio

SCRIPT = Path(__file__).parent / "app" / "__main__.py"
"""Streamlit would take a folder `pages` beside it for its own."""
TURN_S = 0.001
"""For how long one thread keeps others waiting: at Python's 5 ms what is made holds up what is sent."""
STATIC = Path(st.__file__).with_name("static")
"""What Streamlit's page is made of."""


def parts(options: Options) -> dict[str, Any]:
    """What `st.App` is made of for a studio over the library that the options name."""
    studio = open_studio(options)

    @asynccontextmanager
    async def life(_: st.App) -> AsyncIterator[None]:
        answer_promptly()
        Thread(target=_read_ahead, args=(studio,), name="reading ahead", daemon=True).start()
        yield
        with suppress(CatalogError):  # it may be gone
            studio.library.keep_columns()  # at the end, when nobody waits for a page

    return {
        "script_path": SCRIPT,
        "routes": routes(studio),
        "middleware": middleware(options),
        "lifespan": life,
    }


def _read_ahead(studio: Studio) -> None:
    """Get ready what the first page needs while its visitor's browser still loads; who needs it waits for this."""
    pages()
    with suppress(EssentialistError):  # the page that needs it says so
        prepare(studio.collection())


def middleware(options: Options) -> list[Middleware]:
    """What stands before everything, the outermost first."""
    found = [Middleware(Headers)]
    if options.password is not None:
        found.append(Middleware(Door, password=options.password, base_path=options.base_path))
    elif not options.is_public:
        found.append(Middleware(Hosts, names=options.host_names))
    return [
        *found,
        Middleware(Addresses, options=options),
        Middleware(Assets, static=STATIC, base_path=options.base_path),
        Middleware(FrontPage, static=STATIC),
    ]


def serve(options: Options) -> None:
    """Serve the studio until it is stopped."""
    sys.setswitchinterval(TURN_S)
    st.App(**parts(options)).run(config=configuration(options))


def configuration(options: Options) -> dict[str, Any]:
    """Streamlit's settings: private (it asks no other host), quiet, and with our looks."""
    return {
        "server.address": options.host,
        "server.port": options.port,
        "server.baseUrlPath": options.base_path.strip("/"),
        "server.headless": True,
        "logger.hideWelcomeMessage": True,
        "server.fileWatcherType": "none",
        **PRIVATE,
        **THEME,
    }
