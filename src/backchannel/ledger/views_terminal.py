"""Show views of the same forecasts side by side in a terminal."""

from __future__ import annotations

from rich.console import Console

from backchannel.console.plain_table import plain_table
from backchannel.ledger.view_sentences import bits_text, comparison_title, difference_sentences
from backchannel.ledger.views import ViewComparison
from backchannel.wording.percents import percent


def show_views(compared: ViewComparison, out: Console) -> None:
    """Print the scores of some views, their calibration, and how sure their differences are."""
    views = [score.view for score in compared.scores]
    title = comparison_title(compared)
    table = plain_table("", "Brier", "log (bits)", title=title, right={"Brier", "log (bits)"})
    for score in compared.scores:
        table.add_row(score.view, f"{score.brier:.3f}", bits_text(score.log))
    out.print(table)
    for sentence in difference_sentences(compared):
        out.print(sentence, markup=False)
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
