"""Show in a terminal what each player expects, beside what the forecast says."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.language.days import day
from backchannel.questions.surprise.document import ExpectationView, SurpriseView
from backchannel.wording.dates import since
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import VISIBLE, percent

GAPS_IN_RUN = 5
"""Gaps that a run shows."""
MOST_GAPS = 12
"""Gaps that the command shows, unless asked for all."""
SURPRISE_MARGIN = 1.0
"""Bits beyond the unavoidable surprise from which an entry is marked."""


def show_surprise(surprise: SurpriseView, out: Console, *, everything: bool = False) -> None:
    """Print the expectations, widest gap first, and how surprising the record was."""
    if not surprise.viewers:
        out.print(_nobody_errs(surprise))
        return
    visible = [e for e in surprise.expectations if everything or e.gap >= VISIBLE]
    shown = visible if everything else visible[:MOST_GAPS]
    out.print(
        _expectations("What each player expects, and what the forecast says", surprise, shown)
    )
    if len(visible) > len(shown):
        left = len(visible) - len(shown)
        out.print(Text(f"  and {left} with narrower gaps (--all shows them).", style="dim"))
    out.print()
    _show_record(surprise, out)
    if surprise.unerring:
        out.print(
            f"{_capitalised(and_list(surprise.unerring))} {_hold(surprise.unerring)} what the forecast says."
        )
    facts = surprise.facts
    out.print(
        Text(
            f"Shown: {facts.shows}. Rests on {facts.rests_on}. Would change with {facts.would_change}.",
            style="dim",
        )
    )


def show(answers: Any, out: Console) -> None:
    """Print the widest gaps, for a run."""
    surprise: SurpriseView | None = answers.surprise
    if surprise is None:
        return
    visible = [e for e in surprise.expectations if e.gap >= VISIBLE][:GAPS_IN_RUN]
    if not visible:
        return
    out.print(_expectations("Players with the widest gaps in expectations", surprise, visible))
    out.print()


def _expectations(title: str, surprise: SurpriseView, expectations: list[ExpectationView]) -> Table:
    numbers = ("expects", "actual", "gap in points", "5–95%")
    table = plain_table(
        "player", "outcome", "looking ahead", *numbers, title=title, right=numbers,
        whole={"player", "looking ahead", *numbers},
    )  # fmt: skip
    titles = {tuple(viewer.view): viewer.title for viewer in surprise.viewers}
    for expectation in expectations:
        # The value that it overestimates most says more than one that it underestimates.
        value = max(expectation.values, key=lambda value: round(value.expects - value.is_so, 6))
        table.add_row(
            titles[tuple(expectation.view)],
            f"{expectation.title}: {value.label}",
            since(expectation.record_before),
            percent(value.expects),
            percent(value.is_so),
            f"{100 * expectation.gap:.0f}",
            f"{100 * expectation.low:.0f}–{100 * expectation.high:.0f}",
        )
    return table


def _show_record(surprise: SurpriseView, out: Console) -> None:
    if not surprise.receptions:
        return
    viewers = [viewer for viewer in surprise.viewers if len(viewer.view) == 1]
    names = [viewer.title for viewer in viewers]
    table = plain_table("recorded", "on", *names, right=names, whole={"on", *names})
    rows = dict.fromkeys((r.date, r.node, r.title, r.label) for r in surprise.receptions)
    for when, node, title, label in rows:
        cells = {
            tuple(r.view): _bits(r.bits, r.due, r.impossible)
            for r in surprise.receptions
            if (r.date, r.node, r.label) == (when, node, label)
        }
        shown = [cells.get(tuple(viewer.view), "") for viewer in viewers]
        table.add_row(f"{title}: {label}", day(when), *shown)
    out.print(Text("How surprising the record was", style="bold"))
    out.print(table)
    out.print(
        Text(
            "In bits: 1 bit is the surprise of one coin toss. In brackets: the unavoidable surprise, in "
            "the actual case. A star (*) marks more than one bit beyond it.",
            style="dim",
        )
    )
    out.print()


def _bits(bits: float | None, due: float | None, impossible: float) -> str:
    if bits is None or due is None:
        return "impossible *"
    mark = " *" if bits > due + SURPRISE_MARGIN else ""
    ruled_out = f", impossible in {percent(impossible)}" if impossible else ""
    return f"{bits:.1f} ({due:.1f}{ruled_out}){mark}"


def _nobody_errs(surprise: SurpriseView) -> str:
    return (
        f"{_capitalised(and_list(surprise.unerring))} {_hold(surprise.unerring)} what the "
        "forecast says: the case gives no player wrong beliefs (`beliefs`)."
    )


def _hold(names: list[str]) -> str:
    return (
        "holds the true case, and expects" if len(names) == 1 else "hold the true case, and expect"
    )


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
