"""The tables that commands print: no frame, numbers to the right, cells that stay whole."""

from __future__ import annotations

import io

from rich.console import Console

from backchannel.console.plain_table import plain_table


def printed(table, width: int = 40) -> list[str]:
    out = Console(file=io.StringIO(), width=width)
    out.print(table)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]


def test_a_table_has_a_title_headings_and_no_frame():
    """Two spaces between columns: one of padding on either side, none at the edges."""
    table = plain_table("node", "chance", title="Forecast", right=["chance"])
    table.add_row("reply", "7%")
    table.add_row("toll", "100%")
    assert printed(table) == ["Forecast", "node   chance", "reply      7%", "toll     100%"]


def test_a_column_that_stays_whole_is_not_wrapped():
    """Thirty characters are too few for twenty and nineteen; the other column gives way."""
    table = plain_table("a", "b", whole=["a"])
    table.add_row("a name of four words", "three four five six")
    lines = printed(table, width=30)
    assert lines[1].startswith("a name of four words  ")
    assert len(lines) > 2
