"""A console that shows text as it is: no markup or escape sequence in it takes effect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from backchannel.language.visible import visible

PLAIN_WIDTH = 110
"""Width in characters if the output is not a terminal."""


class SafeConsole(Console):
    """Shows control characters as visible marks, in whatever is printed.

    Everything that is printed, alone or in the cell of a table, passes through `render`; `render_str`
    makes texts of strings before their width is measured.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """Make a text of a string, without interpreting markup."""
        return super().render_str(visible(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Render something: keep its styles, and make control characters of its text visible."""
        for segment in super().render(renderable, options):
            if segment.control or (segment.text.isascii() and segment.text.isprintable()):
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)


def console() -> Console:
    """Make a console as wide as its terminal; without colours if the output is not a terminal."""
    out = SafeConsole(soft_wrap=False)
    if not out.is_terminal:
        out = SafeConsole(width=PLAIN_WIDTH, no_color=True)
    return out
