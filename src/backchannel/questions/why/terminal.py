"""Show why in a terminal: shares as bars, a cause taken apart, and what the numbers rest on."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.questions.why.document import CauseApart, Reading, Why
from backchannel.wording.words import (
    IN_BRACKETS,
    is_bounded,
    percent_span,
    point_span,
    points,
    with_bounds,
)

BAR = 10


def show(answers: Any, out: Console) -> None:
    """Print every explanation of a run; its sentences stand with the answers."""
    for why in answers.whys:
        show_why(why, out, sentences=False)


def show_why(why: Why, out: Console, *, sentences: bool = True) -> None:
    """Print one explanation.

    Args:
        why: What was found.
        out: Where to.
        sentences: Print the sentences too, above the table.
    """
    if sentences:
        out.print(Text(why.asks, style="bold"))
        _paragraphs(why.sentences, out)
        out.print()
    table = _table(f"Why “{why.title}: {why.label}” (shares in points)")
    for name, right in (
        ("if", False), ("", False), ("share", True), ("5–95%", True), ("independent", True),
        ("necessary", True), ("sufficient", True), ("bounds", True),
    ):  # fmt: skip
        table.add_column(name, justify="right" if right else "left", no_wrap=name != "if")
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
    for one in why.apart:
        out.print()
        _show_apart(one, out)
    out.print(
        Text(
            f"Rests on {why.caption.rests_on}. Would change with {why.caption.would_change}.",
            style="dim",
        )
    )
    out.print()


def _show_apart(one: CauseApart, out: Console) -> None:
    table = _table(f"How it came to matter: if {one.title} (points)")
    for name, right in (
        ("through", False), ("", False), ("part", True), ("5–95%", True), ("independent", True),
    ):  # fmt: skip
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    telling = [p for p in one.parts if p.effect.mean or p.effect.independent]
    widest = max([0.01, *(abs(part.effect.mean) for part in telling)])
    for part in telling:
        table.add_row(part.label, _bar(part.effect, widest, out), *_share_cells(part.effect))
    table.add_row("in all", "", *_share_cells(one.total))
    out.print(table)


def _share_cells(reading: Reading) -> tuple[str, str, str]:
    return (
        points(reading.mean),
        point_span(reading.low, reading.high, reading.bounds, short=True),
        points(reading.independent),
    )


def _table(title: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", header_style="dim", box=None
    )
    table.pad_edge = False
    return table


def _bar(reading: Reading, widest: float, out: Console) -> str:
    """A bar as long as the share beside the largest; a share below 0 is drawn hollow."""
    unicode = out.encoding.lower().startswith("utf")
    solid, hollow = ("█", "░") if unicode else ("#", "-")
    length = round(BAR * abs(reading.mean) / widest)
    return (solid if reading.mean >= 0 else hollow) * length


def _paragraphs(sentences: Sequence[str], out: Console) -> None:
    for sentence in sentences:
        for line in textwrap.wrap(sentence, max(40, out.width - 2)):
            out.print(Text(f"  {line}"))
