"""Tables of assumptions in a terminal: how far each moves an outcome, where it tips it, what is worth learning."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from backchannel.console.bars import prints_unicode
from backchannel.console.paragraphs import print_paragraphs
from backchannel.console.plain_table import plain_table
from backchannel.questions.sensitivity.document import (
    EffectView,
    InformationView,
    SensitivityView,
    TippingView,
)
from backchannel.questions.sensitivity.sentences import short_number
from backchannel.wording.percents import percent, percent_range
from backchannel.wording.pieces import Facts

MOST_ASSUMPTION_ROWS = 10
"""Assumptions that a table shows."""
SWING_WIDTH = 24
"""Characters from the lowest to the highest chance."""


def show_effects(view: SensitivityView, out: Console) -> None:
    """Print how far each assumption moves the outcome, with a bar for each."""
    strong = [effect for effect in view.effects if effect.stands_out]
    shown = view.effects[: max(min(MOST_ASSUMPTION_ROWS, len(view.effects)), len(strong))]
    low, high = _scale(shown)
    columns = ["", "assumption", f"{percent(low)} to {percent(high)}", "low → high", "share", "90%"]
    columns += ["delta", "shapley"] if any(e.shapley is not None for e in shown) else ["delta"]
    title = "Assumptions, strongest first (● stands out from chance; ○ changes only the spread)"
    table = sensitivity_table(title, *columns, "shape")
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
    print_caption(view.facts, out)


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


def show_tipping(
    title: str, points: Sequence[TippingView], view: SensitivityView, out: Console
) -> None:
    """Print where assumptions tip the outcome, if any does."""
    if not points:
        return
    solved = points[0].solved
    columns = ["", "assumption", "now", "tips", *([] if solved else ["90%"]), "then most likely"]
    table = sensitivity_table(f"{title} (most likely now: {points[0].before_label})", *columns)
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
        print_caption(view.tipping_facts, out)
    else:
        out.print()


def show_information(view: InformationView, out: Console) -> None:
    """Print what is worth learning, if anything stands out."""
    informative = [unknown for unknown in view.learning if unknown.stands_out]
    if not informative:
        return
    table = sensitivity_table(
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
    print_caption(view.facts, out)


def print_caption(facts: Facts, out: Console) -> None:
    """Print what a table shows, what it rests on, and what would change it."""
    text = f"{facts.shows} From {facts.rests_on} What would change it: {facts.would_change}"
    print_paragraphs([text], out, style="dim")
    out.print()


def sensitivity_table(title: str, *columns: str) -> Table:
    """A table whose columns of numbers are set to the right."""
    right = {"share", "90%", "delta", "shapley", "now", "to", "bits", "Brier", "1 in"}
    whole = {*columns} - {"assumption", "unknown", "change", "then most likely"}
    return plain_table(*columns, title=title, right=right, whole=whole)
