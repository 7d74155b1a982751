"""Bars made of characters, for chances in a terminal."""

from __future__ import annotations

from rich.console import Console

WIDTH = 20


def bar(mean: float, high: float, out: Console) -> str:
    """A chance as a bar: solid up to its mean, shaded up to the upper end of its range."""
    solid, shade, blank = ("█", "░", " ") if prints_unicode(out) else ("#", "-", " ")
    filled = round(WIDTH * mean)
    upto = max(filled, round(WIDTH * high))
    return solid * filled + shade * (upto - filled) + blank * (WIDTH - upto)


def prints_unicode(out: Console) -> bool:
    """Whether a terminal can print blocks and dashes beyond ASCII."""
    return out.encoding.lower().startswith("utf")
