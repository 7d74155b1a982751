"""Print the comparison of two versions in a terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.paragraphs import print_paragraphs
from backchannel.console.plain_table import plain_table
from backchannel.questions.merge.document import MergeView
from backchannel.wording.percents import VISIBLE, percent, points
from backchannel.wording.words import plain_name

WIDEST = 42
"""Characters of a value in a table."""


def show_merge(view: MergeView, out: Console) -> None:
    """Print sentences, the disagreements, and what each moves."""
    print_paragraphs(view.sentences, out)
    out.print()
    if view.agreed:
        agreed = ", ".join(f"{plain_name(one.section)} {one.entries}" for one in view.agreed)
        out.print(Text(f"Entries that are the same in both: {agreed}.", style="dim"))
        out.print()
    _show_disagreements(view, out)
    _show_effects(view, out)
    out.print(Text(f"{view.facts.shows} Over {view.facts.rests_on}.", style="dim"))


def _show_disagreements(view: MergeView, out: Console) -> None:
    if not view.disagreements:
        return
    by = ["changed by"] if view.has_base else []
    table = plain_table("what", "where", view.first, view.second, *by, title="Where they differ")
    for one in view.disagreements:
        sides = (
            _short(one.first) if one.in_first else "–",
            _short(one.second) if one.in_second else "–",
        )
        who = {"first": view.first, "second": view.second, "both": "both (conflict)"}
        table.add_row(
            one.kind, one.where, *sides, *([who.get(one.changed_by, "")] if view.has_base else [])
        )
    out.print(table)
    out.print()


def _show_effects(view: MergeView, out: Console) -> None:
    if not view.groups:
        return
    shown = [i for i, value in enumerate(view.outcome) if max(value.first, value.second) >= VISIBLE]
    labels = [view.outcome[i].label for i in shown]
    table = plain_table(
        "what moves it", *labels, title=f"{view.title}: what each disagreement moves (in points)",
        right=labels,
    )  # fmt: skip
    table.add_row(view.first, *(percent(view.outcome[i].first) for i in shown))
    for group in view.groups:
        cells = [
            f"{points(group.values[i].share)} (alone {points(group.values[i].alone)})"
            for i in shown
        ]
        table.add_row(group.title, *cells)
    table.add_row(view.second, *(percent(view.outcome[i].second) for i in shown))
    out.print(table)
    out.print()


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {item}" for key, item in value.items())
    return textwrap.shorten(str(value), WIDEST, placeholder=" …")
