"""The tables that commands print: no frame, dim headings, numbers aligned to the right."""

from __future__ import annotations

from collections.abc import Collection

from rich.table import Table


def plain_table(
    *columns: str,
    title: str = "",
    right: Collection[str] = (),
    whole: Collection[str] = (),
) -> Table:
    """Make an empty table.

    Args:
        columns: Headings, left to right.
        title: A line above the table.
        right: Headings of columns that are aligned to the right.
        whole: Headings of columns whose cells are not wrapped.
    """
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=None,
        pad_edge=False,
    )
    for column in columns:
        justify = "right" if column in right else "left"
        table.add_column(column, justify=justify, no_wrap=column in whole)
    return table
