"""Print what very many draws say: forecasts of open nodes, and the what-ifs of the case."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.forecast.ask import HIGH, LOW
from backchannel.scale.sharded import ShardedDraws
from backchannel.wording.left_out import percent_span
from backchannel.wording.percents import change_in_points, percent, points, shown_ends
from backchannel.wording.words import Wording

COLUMNS = ("outcome", "value", "chance", "5–95%")


def show_sharded(draws: ShardedDraws, out: Console) -> None:
    """Print the forecasts and comparisons, with how many draws they rest on."""
    wording, lowered = Wording(draws.lowered), draws.lowered
    table = plain_table(*COLUMNS, title="What next", right={"chance", "5–95%"})
    for node in lowered.ahead:
        view = draws.forecast(node)
        low, high = view.low, view.high
        for i, value in enumerate(view.domain):
            title = wording.node(node) if i == 0 else ""
            span = percent_span(low[i], high[i], None)
            table.add_row(title, wording.value(node, value), percent(view.mean[i]), span)
        table.add_section()
    out.print(table)
    if draws.what_ifs():
        out.print(_comparisons(draws, wording))
    effective = f"{draws.effective_draws:,.0f}"
    left_out = 1 - float(draws.converged.mean())
    rest = f"; {percent(left_out)} did not converge and are left out" if left_out else ""
    out.print(
        Text(
            f"{draws.n_draws:,} draws (effective sample size {effective}){rest}. "
            "Means and ranges are over all of them.",
            style="dim",
        )
    )


def _comparisons(draws: ShardedDraws, wording: Wording):
    table = plain_table(
        "what if", "outcome", "value", "unchanged", "changed", "difference", "5–95%", title="What if",
        right={"unchanged", "changed", "difference", "5–95%"},
    )  # fmt: skip
    titles = {question.what_if: question.asks for question in draws.lowered.questions}
    for name, node in draws.what_ifs():
        compared = draws.what_if(name, node)
        low, high = compared.difference_at(LOW), compared.difference_at(HIGH)
        for i, value in enumerate(compared.before.domain):
            before, after = compared.before.mean[i], compared.after.mean[i]
            ends = shown_ends(before, after, low[i], high[i])
            table.add_row(
                titles[name] if i == 0 else "",
                wording.node(node) if i == 0 else "",
                wording.value(node, value),
                percent(before),
                percent(after),
                change_in_points(before, after),
                f"{points(ends[0])} to {points(ends[1])}",
            )
        table.add_section()
    return table
