"""Amounts and prices of a good in words: all amounts with the decimals that the largest of them needs."""

from __future__ import annotations

from math import exp, floor, log, log10

from backchannel.questions.trade.document import AmountChange, ExpectedAmount, GoodFlows, GoodView

MOST_TIMES = 100
"""Beyond this multiple a price says only that there is far too little, for demand that hardly answers to prices."""


def amount_text(amount: float, good: GoodFlows | GoodView) -> str:
    """Write an amount so that the good's largest has three digits."""
    rounded = round(amount, _decimals(good))
    return f"{abs(rounded):,.{_decimals(good)}f}"


def amount_change_text(amount: float, good: GoodFlows | GoodView) -> str:
    """Write a change of an amount, with its sign."""
    rounded = round(amount, _decimals(good))
    return f"{_sign(rounded)}{amount_text(amount, good)}"


def price_text(price: float) -> str:
    """Write a mark-up in logarithms as a multiple of the price without costs.

    >>> price_text(0.6931)
    '2.00 times'
    """
    if price > log(MOST_TIMES):
        return f"over {MOST_TIMES} times"
    return f"{exp(price):.2f} times"


def price_change_text(change: float) -> str:
    """Write a change of a mark-up in per cent of the price.

    >>> price_change_text(0.0953)
    '+10%'
    """
    if abs(change) > log(MOST_TIMES):
        return f"over +{MOST_TIMES * 100}%" if change > 0 else "below −99%"
    percent = round(100 * (exp(change) - 1))
    return f"{_sign(percent)}{abs(percent)}%"


def _sign(number: float) -> str:
    return "+" if number > 0 else "−" if number < 0 else ""


def _decimals(good: GoodFlows | GoodView) -> int:
    largest = max((abs(amount) for amount in _amounts(good)), default=0.0)
    return max(0, 2 - floor(log10(largest))) if largest > 0 else 0


def _amounts(good: GoodFlows | GoodView) -> list[float]:
    if isinstance(good, GoodFlows):
        changes: list[AmountChange] = [*good.routes, *good.delivered]
        return [amount for change in changes for amount in (change.before, change.after)]
    amounts: list[ExpectedAmount] = [
        a for time in good.times for a in (*time.routes, *time.delivered)
    ]
    return [amount.expected for amount in amounts if amount.expected is not None]
