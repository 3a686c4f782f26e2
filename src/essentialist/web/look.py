"""How the studio looks: one accent in two lights, and palettes that the colour-blind can tell apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

CATEGORIES: Final = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999933", "#882255"]
"""Eight colours after Okabe and Ito (2008) and Tol (2021), for kinds; more kinds are shown in grey."""

SEQUENCE: Final = [
    *("#00204d", "#00336f", "#39486b", "#575d6d", "#707173"),
    *("#8a8779", "#a69d75", "#c4b56c", "#e4cf5b", "#ffea46"),
]
"""From little to much: cividis (Nuñez and others, 2018), ten steps."""

SHEET: Final = Path(__file__).with_name("look.css")
"""What Streamlit's theme cannot say."""

PRIVATE: Final[dict[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
}
"""However a studio is served: no statistics, no developer's menu, and no visitor sees a traceback."""

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
