"""Show what decides an outcome in a terminal: effects, tipping points, a box, what to learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.bars import bar as chance_bar
from backchannel.console.paragraphs import print_paragraphs
from backchannel.questions.rounds.document import EXPECTED_NUMBER
from backchannel.questions.sensitivity.document import InverseView, SensitivityView, TippingView
from backchannel.questions.sensitivity.sentences import one_in, range_text, short_number
from backchannel.questions.sensitivity.terminal_tables import (
    print_caption,
    sensitivity_table,
    show_effects,
    show_information,
    show_tipping,
)
from backchannel.wording.chance import NONE_STANDS_OUT, reach_of_chance
from backchannel.wording.percents import percent
from backchannel.wording.pieces import Influence


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
    """Print the assumptions that move the first forecast most, their tipping points, and the level of chance."""
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
    show_effects(view, out)
    if view.solved_tipping is not None:
        show_tipping(
            "Tipping points with the others at their medians, solved",
            view.solved_tipping,
            view,
            out,
        )
    show_tipping("Tipping points over draws", view.tipping, view, out)
    if view.scenario and view.scenario.ranges:
        out.print(Text("It mostly happens where", style="bold"))
        for limits in view.scenario.ranges:
            by_chance = (
                f" (by chance {percent(limits.by_chance)})" if limits.by_chance >= 0.001 else ""
            )
            out.print(Text(f"  {range_text(limits)}{by_chance}"))
        print_caption(view.scenario.facts, out)
    if view.information:
        show_information(view.information, out)


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
        table = sensitivity_table(
            f"Smallest changes ({how})", "change", "now", "to", "chance then", "1 in"
        )
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
    print_caption(view.facts, out)


def tips_in_short(view: SensitivityView | None) -> Mapping[str, str]:
    """State in a few words where each assumption tips the outcome."""
    if view is None:
        return {}
    return {point.parameter: _tip(point) for point in view.tipping}


def _tip(point: TippingView) -> str:
    side = "above" if point.above else "below"
    return f"{side} {short_number(point.at)}, “{point.after_label}” leads"
