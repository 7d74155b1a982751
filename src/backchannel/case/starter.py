"""The starter case that `backchannel new` writes."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("starter.yaml")


def starter() -> str:
    """Return the text of a small case with comments, which runs."""
    return FILE.read_text(encoding="utf-8")
