"""Show why in a terminal: shares as bars, decompositions, and what the numbers rest on."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.bars import prints_unicode
from backchannel.console.paragraphs import print_paragraphs
from backchannel.console.plain_table import plain_table
from backchannel.questions.why.document import CauseApart, Reading, Why
from backchannel.wording.left_out import (
    IN_BRACKETS,
    is_bounded,
    percent_span,
    point_span,
    with_bounds,
)
from backchannel.wording.percents import points

SHARE_BAR_WIDTH = 10
"""Characters of the longest bar."""
NUMBERS = ("share", "part", "5–95%", "independent", "necessary", "sufficient", "bounds")
"""Columns that are set to the right."""


def show(answers: Any, out: Console) -> None:
    """Print every explanation of a run; the run prints its sentences with the answers."""
    for why in answers.whys:
        show_why(why, out, sentences=False)


def show_why(why: Why, out: Console, *, sentences: bool = True) -> None:
    """Print one explanation.

    Args:
        why: The explanation.
        out: The terminal.
        sentences: Whether to print the sentences above the table as well.
    """
    if sentences:
        out.print(Text(why.asks, style="bold"))
        print_paragraphs(why.sentences, out)
        out.print()
    table = plain_table(
        "if", "", "share", "5–95%", "independent", "necessary", "sufficient", "bounds",
        title=f"Why “{why.title}: {why.label}” (shares in points)", right=NUMBERS, whole={"", *NUMBERS},
    )  # fmt: skip
    widest = max(0.01, *(abs(cause.share.mean) for cause in why.causes))
    for cause in why.causes:
        table.add_row(
            cause.title,
            _bar(cause.share, widest, out),
            *_share_cells(cause.share),
            with_bounds(cause.necessity.mean, cause.necessity.bounds, short=True),
            with_bounds(cause.sufficiency.mean, cause.sufficiency.bounds, short=True),
            percent_span(*cause.bounds, None) if cause.bounds else "",
        )
    if len(why.causes) > 1:
        table.add_row(
            "all of these",
            "",
            *_share_cells(why.total),
            with_bounds(why.total.mean, why.total.bounds, short=True),
        )
    out.print(table)
    if is_bounded(why.total.bounds):
        out.print(Text(IN_BRACKETS, style="dim"))
    for decomposition in why.apart:
        out.print()
        _show_decomposition(decomposition, out)
    out.print(
        Text(
            f"Rests on {why.caption.rests_on}. Would change with {why.caption.would_change}.",
            style="dim",
        )
    )
    out.print()


def _show_decomposition(decomposition: CauseApart, out: Console) -> None:
    table = plain_table(
        "through", "", "part", "5–95%", "independent",
        title=f"How it reached the outcome: if {decomposition.title} (points)",
        right=NUMBERS, whole={"through", "", *NUMBERS},
    )  # fmt: skip
    parts = [part for part in decomposition.parts if part.effect.mean or part.effect.independent]
    widest = max([0.01, *(abs(part.effect.mean) for part in parts)])
    for part in parts:
        table.add_row(part.label, _bar(part.effect, widest, out), *_share_cells(part.effect))
    table.add_row("total", "", *_share_cells(decomposition.total))
    out.print(table)


def _share_cells(reading: Reading) -> tuple[str, str, str]:
    return (
        points(reading.mean),
        point_span(reading.low, reading.high, reading.bounds, short=True),
        points(reading.independent),
    )


def _bar(reading: Reading, widest: float, out: Console) -> str:
    """Draw a share relative to the largest; a negative share is drawn hollow."""
    solid, hollow = ("█", "░") if prints_unicode(out) else ("#", "-")
    length = round(SHARE_BAR_WIDTH * abs(reading.mean) / widest)
    return (solid if reading.mean >= 0 else hollow) * length
