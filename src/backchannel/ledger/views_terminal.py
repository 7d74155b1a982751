"""Show inside, outside and pooled side by side in a terminal, and the weight that a ledger supports."""

from __future__ import annotations

import math

from rich.console import Console

from backchannel.console.plain_table import plain_table
from backchannel.ledger.views import FEWEST_LEARNT, LearntWeight, ViewComparison
from backchannel.wording.prose import sentence_case
from backchannel.wording.words import and_list, percent


def show_views(compared: ViewComparison, out: Console) -> None:
    """Print the scores of some views, their calibration, and how sure their differences are."""
    counted = "1 node" if compared.nodes == 1 else f"{compared.nodes:,} nodes"
    views = [score.view for score in compared.scores]
    title = f"{sentence_case(and_list(views))} compared: {counted}"
    table = plain_table("", "Brier", "log (bits)", title=title, right={"Brier", "log (bits)"})
    for score in compared.scores:
        table.add_row(score.view, f"{score.brier:.3f}", _bits(score.log))
    out.print(table)
    for gap in compared.differences:
        text = f"{gap.better} is better than {gap.than} by {_bits(-gap.log)} bits a node"
        if not math.isnan(gap.interval[0]):
            low, high = -gap.interval[1], -gap.interval[0]
            text += f" (90% of resampled nodes: {low:.3f} to {high:.3f})"
        out.print(f"{text}.", markup=False)
    out.print()
    ranges = list(
        dict.fromkeys((row.low, row.high) for s in compared.scores for row in s.calibration)
    )
    table = plain_table(
        "given a chance of", *views, title="Calibration: came about (events)", right=views
    )
    for low, high in sorted(ranges):
        cells = []
        for score in compared.scores:
            row = next((row for row in score.calibration if row.low == low), None)
            cells.append("" if row is None else f"{percent(row.came_about)} ({row.events})")
        table.add_row(f"{percent(low)}–{percent(high)}", *cells)
    out.print(table)
    out.print()


def weight_text(learnt: LearntWeight) -> str:
    """Say which weight of the case the ledger supports."""
    if learnt.best is None:
        return (
            f"Weight of the case against base rates: resolved nodes with a base rate: {learnt.nodes:,}, fewer than "
            f"{FEWEST_LEARNT}, so it stays at 0.5."
        )
    return (
        f"Weight of the case against base rates: {learnt.weight:.2f}. On {learnt.nodes:,} resolved nodes the best "
        f"log score has weight {learnt.best:.2f}; it is pulled towards 0.5 as few nodes are resolved. Write it under "
        "`weight` in `base_rates`."
    )


def _bits(number: float) -> str:
    return "infinite" if math.isinf(number) else f"{number:.3f}"
