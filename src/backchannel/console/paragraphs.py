"""Sentences in a terminal: indented, and wrapped to its width."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

NARROWEST = 40
"""Characters to a line, at least."""


def print_paragraphs(sentences: Sequence[str], out: Console, *, style: str = "") -> None:
    """Print each sentence as a paragraph of its own."""
    for sentence in sentences:
        for line in textwrap.wrap(sentence, max(NARROWEST, out.width - 2)):
            out.print(Text(f"  {line}", style=style))
