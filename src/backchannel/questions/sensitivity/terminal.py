"""Show what decides an outcome in a terminal: effects, tipping points, a box, what to learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from backchannel.console.bars import bar as chance_bar
from backchannel.console.bars import prints_unicode
from backchannel.console.paragraphs import print_paragraphs
from backchannel.console.plain_table import plain_table
from backchannel.questions.rounds.document import EXPECTED_NUMBER
from backchannel.questions.sensitivity.document import (
    EffectView,
    InformationView,
    InverseView,
    SensitivityView,
    TippingView,
)
from backchannel.questions.sensitivity.sentences import one_in, range_text, short_number
from backchannel.wording.chance import NONE_STANDS_OUT, reach_of_chance
from backchannel.wording.percents import percent, percent_range
from backchannel.wording.pieces import Facts, Influence

MOST_ASSUMPTION_ROWS = 10
"""Assumptions that a table shows."""
SWING_WIDTH = 24
"""Characters from the lowest to the highest chance."""


def show(answers: Any, out: Console) -> None:
    """Print the assumptions that move the first question most, for a run."""
    # Tipping points concern the most likely value; an expected number has none.
    tips = (
        {} if answers.matter_for.endswith(EXPECTED_NUMBER) else tips_in_short(answers.sensitivity)
    )
    level = answers.matter_chance_level
    show_assumptions(answers.matter_most, answers.matter_for, out, tips, level)


def show_assumptions(
    matter: Sequence[Influence],
    outcome: str,
    out: Console,
    tips: Mapping[str, str],
    chance_level: float | None,
) -> None:
    """Print the assumptions that move the first forecast most, where they tip it, and the level of chance."""
    if chance_level is None:
        return
    out.print(Text(f"What “{outcome}” hinges on", style="bold"))
    for influence in matter:
        turn = f"larger values {'raise' if influence.direction > 0 else 'lower'} it"
        strength = chance_bar(influence.share, influence.share, out)
        tip = tips.get(influence.parameter)
        where = f"; {tip}" if tip else ""
        out.print(
            Text(f"  {strength} {percent(influence.share):>4}  {influence.label} ({turn}{where})")
        )
    if not matter:
        out.print(Text(f"  {NONE_STANDS_OUT}"))
    out.print(Text(f"  {reach_of_chance(chance_level)}", style="dim"))
    out.print()


def show_sensitivity(view: SensitivityView, out: Console) -> None:
    """Print all results about one outcome."""
    out.print(Text(f"What decides “{view.title}: {view.label}”", style="bold"))
    print_paragraphs(view.sentences, out)
    out.print()
    if view.silent:
        return
    _show_effects(view, out)
    if view.solved_tipping is not None:
        _show_tipping(
            "Tipping points with the others at their medians, solved",
            view.solved_tipping,
            view,
            out,
        )
    _show_tipping("Tipping points over draws", view.tipping, view, out)
    if view.scenario and view.scenario.ranges:
        out.print(Text("It mostly happens where", style="bold"))
        for limits in view.scenario.ranges:
            by_chance = (
                f" (by chance {percent(limits.by_chance)})" if limits.by_chance >= 0.001 else ""
            )
            out.print(Text(f"  {range_text(limits)}{by_chance}"))
        _caption(view.scenario.facts, out)
    if view.information:
        _show_information(view.information, out)


def show_inverse(view: InverseView, out: Console) -> None:
    """Print what would have to be true for an outcome to be likely."""
    out.print(
        Text(f"What it would take for “{view.title}: {view.label}”", style="bold"),
    )
    print_paragraphs(view.sentences, out)
    out.print()
    if view.holds_already:
        return
    if view.shifts:
        how = "solved" if view.shifts[0].solved else "by linear regression over the draws"
        table = _table(f"Smallest changes ({how})", "change", "now", "to", "chance then", "1 in")
        for shifts in view.shifts:
            for i, shift in enumerate(shifts.shifts):
                reached = "" if shifts.reached else " (not enough)"
                table.add_row(
                    shift.label,
                    short_number(shift.median),
                    short_number(shift.to),
                    percent(shifts.chance) + reached if i == 0 else "",
                    one_in(shifts.unlikely) if i == 0 else "",
                )
            table.add_section()
        out.print(table)
    _caption(view.facts, out)


def tips_in_short(view: SensitivityView | None) -> Mapping[str, str]:
    """State in a few words where each assumption tips the outcome."""
    if view is None:
        return {}
    return {point.parameter: _tip(point) for point in view.tipping}


def _tip(point: TippingView) -> str:
    side = "above" if point.above else "below"
    return f"{side} {short_number(point.at)}, “{point.after_label}” leads"


def _show_effects(view: SensitivityView, out: Console) -> None:
    strong = [effect for effect in view.effects if effect.stands_out]
    shown = view.effects[: max(min(MOST_ASSUMPTION_ROWS, len(view.effects)), len(strong))]
    low, high = _scale(shown)
    columns = ["", "assumption", f"{percent(low)} to {percent(high)}", "low → high", "share", "90%"]
    columns += ["delta", "shapley"] if any(e.shapley is not None for e in shown) else ["delta"]
    title = "Assumptions, strongest first (● stands out from chance; ○ changes only the spread)"
    table = _table(title, *columns, "shape")
    for effect in shown:
        row = [
            _mark(effect),
            effect.label,
            _swing(effect, view.forecast, low, high, out),
            f"{percent(effect.chance_low)} → {percent(effect.chance_high)}",
            percent(effect.share),
            percent_range(*effect.share_range),
            f"{effect.delta:.2f}",
        ]
        if "shapley" in columns:
            row.append("" if effect.shapley is None else percent(max(effect.shapley, 0.0)))
        row.append(effect.shape if effect.stands_out else "")
        table.add_row(*row, style="" if effect.stands_out else "dim")
    out.print(table)
    _caption(view.facts, out)


def _mark(effect: EffectView) -> str:
    if effect.stands_out:
        return "●"
    return "○" if effect.moves_spread else "·"


def _scale(effects: Sequence[EffectView]) -> tuple[float, float]:
    ends = [chance for effect in effects for chance in _reach(effect)]
    return min(ends, default=0.0), max(ends, default=1.0)


def _reach(effect: EffectView) -> list[float]:
    """The chances that a bar covers: at both ends and, for a curve with a turn, in between."""
    turns = effect.stands_out and effect.shape in ("peaked", "U-shaped", "wavy")
    return [effect.chance_low, effect.chance_high, *(effect.curve.chance if turns else [])]


def _swing(effect: EffectView, forecast: float, low: float, high: float, out: Console) -> str:
    """Draw a bar from the chance at low values to that at high values, and mark the forecast."""
    solid, blank, mark = ("█", " ", "│") if prints_unicode(out) else ("#", " ", "|")
    width = max(high - low, 1e-9)

    def place(chance: float) -> int:
        return min(max(round((chance - low) / width * (SWING_WIDTH - 1)), 0), SWING_WIDTH - 1)

    ends = sorted(place(chance) for chance in _reach(effect))
    ends = [ends[0], ends[-1]]
    cells = [solid if ends[0] <= i <= ends[1] else blank for i in range(SWING_WIDTH)]
    cells[place(forecast)] = mark
    return "".join(cells)


def _show_tipping(
    title: str, points: Sequence[TippingView], view: SensitivityView, out: Console
) -> None:
    if not points:
        return
    solved = points[0].solved
    columns = ["", "assumption", "now", "tips", *([] if solved else ["90%"]), "then most likely"]
    table = _table(f"{title} (most likely now: {points[0].before_label})", *columns)
    for point in points[:MOST_ASSUMPTION_ROWS]:
        span = [] if solved else [f"{short_number(point.low)}–{short_number(point.high)}"]
        table.add_row(
            "●" if point.stands_out else "·",
            point.label,
            short_number(point.median),
            f"{'above' if point.above else 'below'} {short_number(point.at)}",
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
    informative = [unknown for unknown in view.learning if unknown.stands_out]
    if not informative:
        return
    table = _table(
        f"Worth learning (entropy {view.entropy:.2f} bits; {view.entropy_left:.2f} if every assumption "
        "were known)",
        "unknown",
        "by",
        "bits",
        "90%",
        "Brier",
    )
    for unknown in informative[:MOST_ASSUMPTION_ROWS]:
        table.add_row(
            unknown.label,
            "observing it" if unknown.kind == "node" else "measuring it",
            f"{unknown.bits:.3f}",
            f"{unknown.bits_range[0]:.3f}–{unknown.bits_range[1]:.3f}",
            f"{unknown.score:.3f}",
        )
    out.print(table)
    _caption(view.facts, out)


def _caption(facts: Facts, out: Console) -> None:
    text = f"{facts.shows} From {facts.rests_on} What would change it: {facts.would_change}"
    print_paragraphs([text], out, style="dim")
    out.print()


def _table(title: str, *columns: str) -> Table:
    right = {"share", "90%", "delta", "shapley", "now", "to", "bits", "Brier", "1 in"}
    whole = {*columns} - {"assumption", "unknown", "change", "then most likely"}
    return plain_table(*columns, title=title, right=right, whole=whole)
