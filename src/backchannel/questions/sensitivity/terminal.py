"""Show what decides an outcome in a terminal: a tornado, tipping points, a box, what to learn."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.sensitivity.document import (
    EffectView,
    InformationView,
    InverseView,
    SensitivityView,
    TippingView,
)
from backchannel.questions.sensitivity.sentences import number, one_in, range_text
from backchannel.wording.pieces import Facts
from backchannel.wording.words import percent

MOST_ROWS = 10
"""Assumptions that a table shows."""
BAR = 24
"""Characters from the lowest to the highest chance."""


def show_sensitivity(view: SensitivityView, out: Console) -> None:
    """Print everything that was found about one outcome."""
    out.print(Text(f"What decides “{view.title}: {view.label}”", style="bold"))
    _paragraphs(view.sentences, out)
    out.print()
    if view.silent:
        return
    _show_effects(view, out)
    if view.solved_tipping is not None:
        _show_tipping(
            "Tipping points, others at their medians: solved", view.solved_tipping, view, out
        )
    _show_tipping("Tipping points over draws", view.tipping, view, out)
    if view.scenario and view.scenario.ranges:
        out.print(Text("It mostly happens where", style="bold"))
        for one in view.scenario.ranges:
            sure = "" if one.by_chance < 0.001 else f" (by chance {percent(one.by_chance)})"
            out.print(Text(f"  {range_text(one)}{sure}"))
        _caption(view.scenario.facts, out)
    if view.information:
        _show_information(view.information, out)


def show_inverse(view: InverseView, out: Console) -> None:
    """Print what would have to be true for an outcome to be likely."""
    out.print(
        Text(f"What it would take for “{view.title}: {view.label}”", style="bold"),
    )
    _paragraphs(view.sentences, out)
    out.print()
    if view.holds_already:
        return
    if view.shifts:
        how = "solved" if view.shifts[0].solved else "by a plane through the draws"
        table = _table(f"Smallest changes ({how})", "change", "now", "to", "chance then", "1 in")
        for shifts in view.shifts:
            for i, shift in enumerate(shifts.shifts):
                reached = "" if shifts.reached else " (short of it)"
                table.add_row(
                    shift.label,
                    number(shift.median),
                    number(shift.to),
                    percent(shifts.chance) + reached if i == 0 else "",
                    one_in(shifts.unlikely) if i == 0 else "",
                )
            table.add_section()
        out.print(table)
    _caption(view.facts, out)


def tips_in_short(view: SensitivityView | None) -> Mapping[str, str]:
    """For each assumption that tips the outcome, where, in a few words."""
    if view is None:
        return {}
    return {point.parameter: _tip(point) for point in view.tipping}


def _tip(point: TippingView) -> str:
    return f"tips to {point.after} {'above' if point.above else 'below'} {number(point.at)}"


def _show_effects(view: SensitivityView, out: Console) -> None:
    strong = [effect for effect in view.effects if effect.stands_out]
    shown = view.effects[: max(min(MOST_ROWS, len(view.effects)), len(strong))]
    low, high = _scale(shown)
    columns = ["", "assumption", f"{percent(low)} to {percent(high)}", "low → high", "share", "90%"]
    columns += ["delta", "shapley"] if any(e.shapley is not None for e in shown) else ["delta"]
    table = _table("Assumptions, strongest first (● stands out from chance)", *columns, "shape")
    for effect in shown:
        row = [
            "●" if effect.stands_out else "·",
            effect.label,
            _swing(effect, view.forecast, low, high, out),
            f"{percent(effect.chance_low)} → {percent(effect.chance_high)}",
            percent(effect.share),
            f"{percent(effect.share_range[0])}–{percent(effect.share_range[1])}",
            f"{effect.delta:.2f}",
        ]
        if "shapley" in columns:
            row.append("" if effect.shapley is None else percent(max(effect.shapley, 0.0)))
        row.append(effect.shape if effect.stands_out else "")
        table.add_row(*row, style="" if effect.stands_out else "dim")
    out.print(table)
    _caption(view.facts, out)


def _scale(effects: Sequence[EffectView]) -> tuple[float, float]:
    ends = [chance for effect in effects for chance in _reach(effect)]
    return min(ends, default=0.0), max(ends, default=1.0)


def _reach(effect: EffectView) -> list[float]:
    """The chances that a bar spans: at both ends and, where the curve turns, in between."""
    turns = effect.stands_out and effect.shape in ("peaked", "U-shaped", "wavy")
    return [effect.chance_low, effect.chance_high, *(effect.curve.chance if turns else [])]


def _swing(effect: EffectView, forecast: float, low: float, high: float, out: Console) -> str:
    """A bar from the chance at low numbers to that at high ones, with the forecast marked."""
    solid, blank, mark = (
        ("█", " ", "│") if out.encoding.lower().startswith("utf") else ("#", " ", "|")
    )
    width = max(high - low, 1e-9)

    def place(chance: float) -> int:
        return min(max(round((chance - low) / width * (BAR - 1)), 0), BAR - 1)

    ends = sorted(place(chance) for chance in _reach(effect))
    ends = [ends[0], ends[-1]]
    cells = [solid if ends[0] <= i <= ends[1] else blank for i in range(BAR)]
    cells[place(forecast)] = mark
    return "".join(cells)


def _show_tipping(
    title: str, points: Sequence[TippingView], view: SensitivityView, out: Console
) -> None:
    if not points:
        return
    solved = points[0].solved
    columns = ["", "assumption", "now", "tips", *([] if solved else ["90%"]), "then likeliest"]
    table = _table(f"{title} (the likeliest is {points[0].before_label})", *columns)
    for point in points[:MOST_ROWS]:
        span = [] if solved else [f"{number(point.low)}–{number(point.high)}"]
        table.add_row(
            "●" if point.stands_out else "·",
            point.label,
            number(point.median),
            f"{'above' if point.above else 'below'} {number(point.at)}",
            *span,
            point.after_label,
            style="" if point.stands_out else "dim",
        )
    out.print(table)
    if not solved:
        _caption(view.tipping_facts, out)
    else:
        out.print()


def _show_information(view: InformationView, out: Console) -> None:
    telling = [one for one in view.learning if one.kind == "node" or one.bits > view.noise]
    if not telling:
        return
    table = _table(
        f"Worth learning ({view.entropy:.2f} bits are open, {view.entropy_left:.2f} if every "
        "assumption were known)",
        "unknown",
        "by",
        "bits",
        "90%",
        "Brier",
    )
    for one in telling[:MOST_ROWS]:
        table.add_row(
            one.label,
            "seeing it" if one.kind == "node" else "pinning it down",
            f"{one.bits:.3f}",
            f"{one.bits_range[0]:.3f}–{one.bits_range[1]:.3f}",
            f"{one.score:.3f}",
        )
    out.print(table)
    _caption(view.facts, out)


def _paragraphs(sentences: Sequence[str], out: Console) -> None:
    for sentence in sentences:
        for line in textwrap.wrap(sentence, max(40, out.width - 2)):
            out.print(Text(f"  {line}"))


def _caption(facts: Facts, out: Console) -> None:
    text = f"{facts.shows} From {facts.rests_on} What would change it: {facts.would_change}"
    for line in textwrap.wrap(text, max(40, out.width - 2)):
        out.print(Text(f"  {line}", style="dim"))
    out.print()


def _table(title: str, *columns: str) -> Table:
    right = {"share", "90%", "delta", "shapley", "now", "to", "bits", "Brier", "1 in"}
    whole = {*columns} - {"assumption", "unknown", "change", "then likeliest"}
    return plain_table(*columns, title=title, right=right, whole=whole)
