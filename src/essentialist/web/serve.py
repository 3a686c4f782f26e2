"""Start the studio: Streamlit's app and our routes in one process, on one port."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from essentialist.web.look import THEME
from essentialist.web.routes import routes
from essentialist.web.studio import open_studio

if TYPE_CHECKING:
    from essentialist.web.options import Options

SCRIPT = Path(__file__).with_name("script.py")


def application(options: Options) -> st.App:
    """The studio as an ASGI application, over the library that the options name."""
    studio = open_studio(options)
    return st.App(SCRIPT, routes=routes(studio))


def serve(options: Options) -> None:
    """Serve the studio until it is stopped."""
    application(options).run(config=configuration(options))


def configuration(options: Options) -> dict[str, Any]:
    """Streamlit's settings: private (it asks no other host), quiet, and with our looks."""
    return {
        "server.address": options.host,
        "server.port": options.port,
        "server.baseUrlPath": options.base_path.strip("/"),
        "server.headless": True,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        **THEME,
    }
