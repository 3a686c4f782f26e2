"""What is encircled on a map: a polygon, its text in the address, and which points lie in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Polygon: TypeAlias = tuple[tuple[int, int], ...]
"""Corners, three or more, or () for none; each 0 to UNITS from the map's left and from its bottom."""

UNITS: Final = 10_000
MOST: Final = 60  # corners

_TEXT: Final = re.compile(r"[0-9]{1,5}\.[0-9]{1,5}(?:_[0-9]{1,5}\.[0-9]{1,5})*")


def polygon(points: object) -> Polygon:
    """What a browser sent as a polygon; none where it is no list of 3 to 60 corners on the map."""
    if not isinstance(points, list | tuple) or not 3 <= len(points) <= MOST:
        return ()
    corners = tuple(
        (point[0], point[1])
        for point in points
        if isinstance(point, list | tuple) and len(point) == 2 and all(type(each) is int for each in point)
    )
    on_map = all(0 <= each <= UNITS for corner in corners for each in corner)
    return corners if on_map and len(corners) == len(points) else ()


def text_of(corners: Polygon) -> str:
    """The polygon as an address has it: "120.340_200.400_80.500"."""
    return "_".join(f"{x}.{y}" for x, y in corners)


def polygon_of(text: str) -> Polygon:
    """Read what `text_of` wrote; none for any other text."""
    if len(text) > 12 * MOST or not _TEXT.fullmatch(text):
        return ()
    return polygon([tuple(map(int, corner.split("."))) for corner in text.split("_")])


def inside(corners: Polygon, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points lie in the polygon, by the even-odd rule; x and y in its units, NaN for a point without a place.

    A bool array of the shape of `x`.
    """
    outline = np.array(corners, np.float64).reshape(-1, 2)
    found = np.zeros(x.shape, np.bool_)
    if not len(outline):
        return found
    (left, bottom), (right, top) = outline.min(axis=0), outline.max(axis=0)
    near = np.flatnonzero((x >= left) & (x <= right) & (y >= bottom) & (y <= top))
    px, py = x[near], y[near]
    odd = np.zeros(len(near), np.bool_)
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y0 != y1:  # a horizontal edge is crossed by no horizontal ray
            odd ^= ((y0 > py) != (y1 > py)) & (px < x0 + (py - y0) * (x1 - x0) / (y1 - y0))
    found[near] = odd
    return found
