"""Show in a terminal what each player expects beside what is so."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.surprise.document import ExpectationView, SurpriseView
from backchannel.wording.words import and_list, percent

IN_SHORT = 5
SHOWN = 12
SLIGHT = 0.005
"""Gap below which an expectation is right for all purposes of a table."""
BEYOND = 1.0
"""Bits beyond what was due from which an entry is marked."""


def show_surprise(surprise: SurpriseView, out: Console, *, everything: bool = False) -> None:
    """Print the expectations, widest gap first, and how the record was taken."""
    if not surprise.viewers:
        out.print(_nobody_errs(surprise))
        return
    told = [e for e in surprise.expectations if everything or e.gap >= SLIGHT]
    shown = told if everything else told[:SHOWN]
    out.print(_expectations("What each expects, and what is so", surprise, shown))
    if len(told) > len(shown):
        left = len(told) - len(shown)
        out.print(Text(f"  and {left} with narrower gaps (--all shows them).", style="dim"))
    out.print()
    _show_receptions(surprise, out)
    if surprise.unerring:
        out.print(
            f"{_capitalised(and_list(surprise.unerring))} {_hold(surprise.unerring)} what is so."
        )
    facts = surprise.facts
    out.print(
        Text(
            f"Shown: {facts.shows}. Rests on {facts.rests_on}. Would change with {facts.would_change}.",
            style="dim",
        )
    )


def show_surprise_in_short(surprise: SurpriseView | None, out: Console) -> None:
    """Print the widest gaps, for a run."""
    if surprise is None:
        return
    told = [e for e in surprise.expectations if e.gap >= SLIGHT][:IN_SHORT]
    if not told:
        return
    out.print(_expectations("Who is in for a surprise", surprise, told))
    out.print()


def _expectations(title: str, surprise: SurpriseView, told: list[ExpectationView]) -> Table:
    numbers = ("expects", "is so", "gap in points", "5–95%")
    table = plain_table(
        "who", "of", "looking", *numbers, title=title, right=numbers,
        whole={"who", "looking", *numbers},
    )  # fmt: skip
    titles = {tuple(viewer.view): viewer.title for viewer in surprise.viewers}
    for one in told:
        # What it expects too much says more than what it expects too little.
        value = max(one.values, key=lambda value: round(value.expects - value.is_so, 6))
        table.add_row(
            titles[tuple(one.view)],
            f"{one.title}: {value.label}",
            "from now" if one.record_before is None else f"from {one.record_before}",
            percent(value.expects),
            percent(value.is_so),
            f"{100 * one.gap:.0f}",
            f"{100 * one.low:.0f}–{100 * one.high:.0f}",
        )
    return table


def _show_receptions(surprise: SurpriseView, out: Console) -> None:
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
        table.add_row(f"{title}: {label}", str(when), *shown)
    out.print(Text("How surprising the record was", style="bold"))
    out.print(table)
    out.print(
        Text(
            "In bits: 1 is a coin toss that came out either way; in brackets what the case as it is "
            "makes due; * more than one bit beyond.",
            style="dim",
        )
    )
    out.print()


def _bits(bits: float | None, due: float | None, impossible: float) -> str:
    if bits is None or due is None:
        return "impossible *"
    mark = " *" if bits > due + BEYOND else ""
    ruled_out = f", impossible in {percent(impossible)}" if impossible else ""
    return f"{bits:.1f} ({due:.1f}{ruled_out}){mark}"


def _nobody_errs(surprise: SurpriseView) -> str:
    return (
        f"{_capitalised(and_list(surprise.unerring))} {_hold(surprise.unerring)} what is so: the case gives nobody "
        "wrong beliefs (`beliefs`)."
    )


def _hold(names: list[str]) -> str:
    return (
        "holds the true case, and expects" if len(names) == 1 else "hold the true case, and expect"
    )


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
