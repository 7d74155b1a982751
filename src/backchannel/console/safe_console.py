"""A console on which text is only text: neither markup nor an escape sequence in it does anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from backchannel.language.visible import visible

PLAIN_WIDTH = 110
"""Columns where there is no terminal."""


class SafeConsole(Console):
    """Shows signs that steer a terminal as marks, whatever is printed on it.

    Everything that is printed, on its own or in the cell of a table, passes `render`; strings are
    made texts in `render_str` before their width is measured.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Make a text of a string, which holds no markup."""
        return super().render_str(visible(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Lay something out; what styles it stays, what its text would do does not."""
        for segment in super().render(renderable, options):
            if segment.control or (segment.text.isascii() and segment.text.isprintable()):
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)


def console() -> Console:
    """A console that is as wide as its terminal, and plain where there is none."""
    out = SafeConsole(soft_wrap=False)
    if not out.is_terminal:
        out = SafeConsole(width=PLAIN_WIDTH, no_color=True)
    return out
