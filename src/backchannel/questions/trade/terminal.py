"""Show in a terminal what goods do, as it is and with each intervention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.text import Text

from backchannel.console.plain_table import plain_table
from backchannel.questions.trade.document import (
    AmountChange,
    ExpectedAmount,
    FlowsView,
    GoodFlows,
    GoodView,
)
from backchannel.questions.trade.sentences import (
    amount_change_text,
    amount_text,
    price_change_text,
    price_text,
)
from backchannel.questions.what_if.terminal import before_column, titled


def show(answers: Any, out: Console) -> None:
    """Print a table of each good under every intervention, for a run; and of each good over its rounds."""
    flows: list[FlowsView] = answers.flows
    goods: list[GoodView] = answers.goods
    for good in goods:
        if len(good.times) > 1 or not flows:
            _show_times(good, out)
    before = before_column(flows)
    numbers = (before, "changed", "change", "5–95%")
    for name in dict.fromkeys(good.good for view in flows for good in view.goods):
        shown = [(view, _most_changed(view, name)) for view in flows]
        first = shown[0][1]
        title = f"Flows of {first.title} ({first.unit})"
        table = plain_table("if", "way", *numbers, title=title, right=numbers, whole=numbers)
        for view, good in shown:
            label = titled(view, before) + (f", {good.label}" if good.label else "")
            for amount in good.routes:
                table.add_row(label, amount.title, *_amounts(amount, good))
                label = ""
            for amount in good.delivered:
                table.add_row("", f"arrives: {amount.title}", *_amounts(amount, good))
            for price in good.prices:
                table.add_row("", f"price: {price.title}", *_prices(price))
            table.add_section()
        out.print(table)
        if any(view.is_counterfactual for view in flows):
            out.print(Text("After the slash: with independent random shocks.", style="dim"))
        out.print()


def _most_changed(view: FlowsView, name: str) -> GoodFlows:
    """A good in the round in which an intervention moves its flows most; where it moves none, in the last one."""
    rounds = [good for good in view.goods if good.good == name]
    return max(reversed(rounds), key=lambda good: sum(abs(a.difference) for a in good.routes))


def _show_times(good: GoodView, out: Console) -> None:
    columns = ("expected", "5–95%")
    title = f"Flows of {good.title} ({good.unit}), as it is"
    table = plain_table("when", "way", *columns, title=title, right=columns, whole=columns)
    for time in good.times:
        label = time.label
        rows = [
            *(
                (route.title, amount)
                for route, amount in zip(good.routes, time.routes, strict=True)
            ),
            *(
                (f"arrives: {place.title}", amount)
                for place, amount in zip(good.demanders, time.delivered, strict=True)
            ),
        ]
        for way, amount in rows:
            table.add_row(label, way, *_ranged(amount, lambda x: amount_text(x, good)))
            label = ""
        for place, price in zip(good.demanders, time.prices, strict=True):
            table.add_row("", f"price: {place.title}", *_ranged(price, price_text))
        table.add_section()
    out.print(table)
    out.print()


def _ranged(amount: ExpectedAmount, text: Callable[[float], str]) -> tuple[str, str]:
    if amount.expected is None or amount.low is None or amount.high is None:
        return "no limit", ""
    return text(amount.expected), f"{text(amount.low)} to {text(amount.high)}"


def _amounts(amount: AmountChange, good: GoodFlows) -> tuple[str, ...]:
    after = amount_text(amount.after, good)
    if amount.after_independent is not None:
        after = f"{after} / {amount_text(amount.after_independent, good)}"
    low, change, high = (
        amount_change_text(x, good) for x in (amount.low, amount.difference, amount.high)
    )
    return amount_text(amount.before, good), after, change, f"{low} to {high}"


def _prices(price: AmountChange) -> tuple[str, ...]:
    after = price_text(price.after)
    if price.after_independent is not None:
        after = f"{after} / {price_text(price.after_independent)}"
    low, change, high = (price_change_text(x) for x in (price.low, price.difference, price.high))
    return price_text(price.before), after, change, f"{low} to {high}"
