"""Calls such as `flow('machines', 'via_north')` in expressions: what they name, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from backchannel.case.schema.trade import TradeEntry
from backchannel.language.expressions import Expression, Tree, constant
from backchannel.language.names import name_hint


def explain_call(goods: Mapping[str, TradeEntry], call: tuple[str, str, str]) -> str:
    """Explain what is wrong with a name in `flow(...)` and the like; empty if nothing is."""
    function, good, subject = call
    if good not in goods:
        if not goods:
            return f"{function}(...) needs a good, but the case has no `trade`."
        return f"no good is called '{good}'.{name_hint(good, list(goods))}"
    entry = goods[good]
    if function == "flow" and subject not in entry.routes:
        return f"{good} has no route '{subject}'.{name_hint(subject, list(entry.routes))}"
    if function in ("price", "delivered") and subject not in entry.demand:
        return f"nobody called '{subject}' demands {good}.{name_hint(subject, list(entry.demand))}"
    return ""


def with_markets(expression: Expression, markets: Mapping[str, Tree]) -> Expression:
    """Put outcomes of markets in place of `flow(...)`, `price(...)`, `delivered(...)` and `rerouted(...)`."""

    def settled(tree: Tree) -> Tree:
        if tree.op != "trade":
            return tree
        function, good, subject = tree.value
        market = markets.get(good)
        if market is None:
            return constant(1.0).tree
        return Tree("outcome", (market,), market.value.outcome(function, subject), tree.column)

    return Expression(expression.tree.rebuilt(settled), expression.text)
