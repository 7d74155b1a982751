"""Show in a terminal what goods do, without and with each intervention."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.trade.document import AmountChange, FlowsView, GoodFlows
from backchannel.questions.trade.sentences import amount_change_text, amount_text

NUMBERS = ("as it is", "changed", "change", "5–95%")


def show(answers: Any, out: Console) -> None:
    """Print a table for each good: its routes and deliveries under every intervention, for a run."""
    flows: list[FlowsView] = answers.flows
    for at, first in enumerate(flows[0].goods if flows else []):
        title = f"Flows of {first.title} ({first.unit})"
        table = plain_table("if", "way", *NUMBERS, title=title, right=NUMBERS, whole=NUMBERS)
        for view in flows:
            label, good = view.title, view.goods[at]
            for amount in good.routes:
                table.add_row(label, amount.title, *_numbers(amount, good))
                label = ""
            for amount in good.delivered:
                table.add_row("", f"arrives: {amount.title}", *_numbers(amount, good))
            table.add_section()
        out.print(table)
        if any(view.is_counterfactual for view in flows):
            out.print(Text("After the slash: with independent random shocks.", style="dim"))
        out.print()


def _numbers(amount: AmountChange, good: GoodFlows) -> tuple[str, ...]:
    after = amount_text(amount.after, good)
    if amount.after_independent is not None:
        after = f"{after} / {amount_text(amount.after_independent, good)}"
    low, change, high = (
        amount_change_text(x, good) for x in (amount.low, amount.difference, amount.high)
    )
    return amount_text(amount.before, good), after, change, f"{low} to {high}"
