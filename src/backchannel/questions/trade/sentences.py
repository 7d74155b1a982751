"""Amounts of a good in words: all of them with the decimals that its largest amount needs."""

from __future__ import annotations

from math import floor, log10

from backchannel.questions.trade.document import GoodFlows


def amount_text(amount: float, good: GoodFlows) -> str:
    """Write an amount so that the good's largest has three digits."""
    rounded = round(amount, _decimals(good))
    return f"{abs(rounded):,.{_decimals(good)}f}"


def amount_change_text(amount: float, good: GoodFlows) -> str:
    """Write a change of an amount, with its sign."""
    rounded = round(amount, _decimals(good))
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{amount_text(amount, good)}"


def _decimals(good: GoodFlows) -> int:
    amounts = [*good.routes, *good.delivered]
    largest = max((max(one.before, one.after) for one in amounts), default=0.0)
    return max(0, 2 - floor(log10(largest))) if largest > 0 else 0
