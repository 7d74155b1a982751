"""Show a deal in a terminal: sentences, the packages, the chosen one step by step."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.deals.document import DealPackage, DealView
from backchannel.questions.deals.sentences import reached, signed
from backchannel.questions.deals.standing import by_standing, package_marks
from backchannel.wording.words import counted, day, percent, percent_span

MOST_ROWS = 24
"""Packages that a table shows; of a larger family those of the range and the Pareto set first."""
MOST_COLUMNS = 4
"""Alternatives that get a column each."""
FEW_ROWS = 8
"""The same in a whole run."""


def show_deal(view: DealView, out: Console) -> None:
    """Print everything about one deal."""
    out.print(Text(f"{view.title}, {day(view.date)}", style="bold"))
    if view.about:
        out.print(view.about)
    out.print()
    for sentence in view.sentences:
        for line in textwrap.wrap(sentence, max(40, out.width - 2)):
            out.print(Text(f"  {line}"))
    out.print()
    show_packages([view], out, rows=MOST_ROWS)
    _show_steps(view, out)
    _show_enforcement(view, out)
    _show_caption(view, out)


def show(answers: Any, out: Console) -> None:
    """Print every deal of the case, for a run."""
    show_packages(answers.deals, out)


def show_packages(deals: Sequence[DealView], out: Console, *, rows: int = FEW_ROWS) -> None:
    """Print the packages of deals: gains over no deal, P(kept), and what marks them."""
    for view in deals:
        titles = list(view.parties.values())
        as_columns = 0 < len(view.alternatives) <= MOST_COLUMNS
        what = view.alternatives if as_columns else ["package"]
        columns = ["no.", *what, *titles, "all gain in", "kept", "marks"]
        table = _table(f"{view.title} (gains over no deal if kept)", columns, right={*titles})
        shown = _ranked(view)[:rows]
        for package in shown:
            gains = [signed(g.on_paper.mean) for g in package.gains if g.is_party]
            table.add_row(
                str(package.number),
                *(package.choices if as_columns else [package.label]),
                *gains,
                percent(package.range_in),
                percent(package.kept),
                package_marks(view, package),
            )
        out.print(table)
        left = len(view.packages) - len(shown)
        note = "in range: all parties expect to gain; Pareto: none is better for all"
        if left:
            note += f"; {left:,} more packages are in the answers document (--json)"
        out.print(Text(note + ".", style="dim"))
        out.print()


def _ranked(view: DealView) -> list[DealPackage]:
    if len(view.packages) <= MOST_ROWS:
        return view.packages
    return by_standing(view)


def _show_steps(view: DealView, out: Console) -> None:
    chosen = next(p for p in view.packages if p.number == view.chosen)
    columns = ["promise", "by", "on", "can be kept", "is kept", "5–95%", "best reply in"]
    table = _table(
        f"Package {chosen.number} step by step (each if all before is kept)",
        columns,
        right={"can be kept", "is kept", "5–95%", "best reply in"},
    )
    for step in chosen.steps:
        numbers = ["—", "—", "", ""]
        if step.chance is not None and step.low is not None and step.high is not None:
            span = percent_span(step.low, step.high, step.bounds, short=True)
            able = percent(step.able or 0.0)
            numbers = [able, percent(step.chance), span, percent(step.best_reply or 0.0)]
        promise = f"{step.title}: {step.label}"
        table.add_row(promise, step.player_title, str(step.date), *numbers)
    span = percent_span(chosen.kept_low, chosen.kept_high, chosen.kept_bounds, short=True)
    able, kept = percent(chosen.possible), percent(chosen.kept)
    table.add_row(Text("all of it", style="bold"), "", "", able, kept, span, "")
    out.print(table)
    out.print()
    columns = ["gains over no deal", "on paper", "5–95%", "as kept", "5–95%"]
    table = _table("", columns, right={*columns[1:]})
    for gain in chosen.gains:
        row = [gain.title]
        for spread in (gain.on_paper, gain.as_kept):
            row += [signed(spread.mean), f"{signed(spread.low)} to {signed(spread.high)}"]
        table.add_row(*row)
    out.print(table)
    out.print()


def _show_enforcement(view: DealView, out: Console) -> None:
    if not view.enforcement:
        return
    table = _table(
        f"What would make it hold ({reached(view)})",
        ["instrument", "at least", "each promise then"],
        right={"at least"},
    )
    for found in view.enforcement:
        size = f"{found.size:.2f}" if found.size is not None else f"over {found.most:.2f}"
        table.add_row(found.label, size, ", ".join(percent(chance) for chance in found.chances))
    out.print(table)
    out.print()


def _show_caption(view: DealView, out: Console) -> None:
    caption = view.caption
    text = counted(caption.draws, caption.effective_draws, caption.left_out)
    out.print(Text(text + ".", style="dim"))
    for hinge in caption.would_change:
        labels = [
            f"{one.label} ({percent(one.share)}, {'more' if one.direction > 0 else 'less'} with more of it)"
            for one in hinge.assumptions
        ]
        if labels:
            out.print(Text(f"What moves {hinge.of} most: {'; '.join(labels)}.", style="dim"))


def _table(title: str, columns: Sequence[str], *, right: set[str]) -> Table:
    numeric = {*right, "no.", "all gain in", "kept"}
    return plain_table(*columns, title=title, right=numeric, whole={*numeric, "on", "by"})
