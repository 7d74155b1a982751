"""Bars made of characters, for probabilities in a terminal."""

from __future__ import annotations

from rich.console import Console

BAR_WIDTH = 20


def bar(mean: float, high: float, out: Console) -> str:
    """Draw a probability as a bar: solid up to its mean, shaded up to the upper end of its range."""
    solid, shade, blank = ("█", "░", " ") if prints_unicode(out) else ("#", "-", " ")
    filled = round(BAR_WIDTH * mean)
    end = max(filled, round(BAR_WIDTH * high))
    return solid * filled + shade * (end - filled) + blank * (BAR_WIDTH - end)


def prints_unicode(out: Console) -> bool:
    """Whether a terminal can print blocks and dashes beyond ASCII."""
    return out.encoding.lower().startswith("utf")
