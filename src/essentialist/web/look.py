"""How the studio looks: one accent in two lights, and palettes that the colour-blind can tell apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from essentialist.web.options import MOST_MEGABYTES

CATEGORIES: Final = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999933", "#882255"]
"""Eight colours after Okabe and Ito (2008) and Tol (2021), for kinds; more kinds are shown in grey."""

SEQUENCE: Final = [
    *("#00204d", "#00336f", "#39486b", "#575d6d", "#707173"),
    *("#8a8779", "#a69d75", "#c4b56c", "#e4cf5b", "#ffea46"),
]
"""From little to much: cividis (Nuñez and others, 2018), ten steps."""

ICON: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#12827a" stroke-width="2.5"'
    ' stroke-linecap="round"><path d="M3.5 18v-5a8.5 8.5 0 0 1 17 0v5M4 14.5h3v6H5.5A1.5 1.5 0 0 1 4 19z'
    'M20 14.5h-3v6h1.5a1.5 1.5 0 0 0 1.5-1.5z"/></svg>'
)
"""Headphones, for the browser's tab. For a sign of Unicode Streamlit would first read the list of all of them."""

SHEET: Final = Path(__file__).with_name("look.css")
"""What Streamlit's theme cannot say."""

PRIVATE: Final[dict[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "server.maxUploadSize": MOST_MEGABYTES,
}
"""However a studio is served: no statistics, no developer's menu, no visitor sees a traceback or fills the memory."""

THEME: Final[dict[str, Any]] = {
    "theme.baseRadius": "0.6rem",
    "theme.showWidgetBorder": True,
    "theme.headingFontSizes": ["1.9rem", "1.25rem", "1.1rem"],
    "theme.paddingTop": "1rem",
    "theme.chartCategoricalColors": CATEGORIES,
    "theme.chartSequentialColors": SEQUENCE,
    "theme.light.primaryColor": "#0b6e69",
    "theme.light.backgroundColor": "#fbfaf7",
    "theme.light.secondaryBackgroundColor": "#f1eee7",
    "theme.light.textColor": "#141617",  # its captions are this at 60 %, which is just dark enough
    "theme.light.codeTextColor": "#141617",
    "theme.light.borderColor": "#dcd7cc",
    "theme.light.linkColor": "#0b6e69",
    "theme.dark.primaryColor": "#12827a",  # with white on it; as a text, dark needs the lighter link colour
    "theme.dark.backgroundColor": "#121416",
    "theme.dark.secondaryBackgroundColor": "#1c2023",
    "theme.dark.textColor": "#eceae5",
    "theme.dark.codeTextColor": "#eceae5",
    "theme.dark.borderColor": "#33393d",
    "theme.dark.linkColor": "#4fd1c5",
}
