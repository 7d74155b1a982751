"""Draws that did not converge and are left out: the bounds that count them, and the warning that they are many."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from backchannel.wording.percents import percent, percent_range, point_range, said
from backchannel.wording.pieces import Bounds

BOUNDS_SHOWN = 0.01
"""Bounds for left-out draws are shown if they are wider than this."""
LEFT_OUT_LOUDLY = 0.01
"""A larger share of left-out draws than this makes every answer begin with a warning."""
IN_BRACKETS = "In brackets: bounds that count the left-out draws."
"""The note below a table with bounds in short cells."""


def is_bounded(bounds: Bounds | None) -> bool:
    """Whether the bounds for left-out draws are wide enough to be shown."""
    return bounds is not None and bounds[1] - bounds[0] > BOUNDS_SHOWN


def percent_span(
    low: float, high: float, bounds: Bounds | None, note: str = "", *, short: bool = False
) -> str:
    """A range over draws, with the bounds of the mean that count the left-out draws.

    >>> percent_span(0.2, 0.4, (0.3, 0.3)), percent_span(0.78, 0.78, (0.48, 0.87))
    ('20–40%', '78%, or 48–87% counting the left-out draws')
    """
    return f"{percent_range(low, high)}{note}{_with_left_out(bounds, percent_range, short)}"


def span_text(
    probability: float, ends: tuple[float, float], bounds: Bounds | None, note: str = ""
) -> str:
    """The range of a probability as a sentence says it; empty where it tells no more than the number.

    >>> span_text(0.4, (0.2, 0.6), None, " over draws"), span_text(0.4, (0.4, 0.4), None, " over draws")
    ('20–60% over draws', '')
    """
    span = percent_span(*ends, bounds)
    return "" if span == said(probability) else percent_span(*ends, bounds, note)


def point_span(
    low: float, high: float, bounds: Bounds | None, note: str = "", *, short: bool = False
) -> str:
    """The range over draws of a change, in percentage points, with its bounds.

    >>> point_span(-0.1, 0.2, (-0.3, 0.4))
    '−10 to +20, or −30 to +40 counting the left-out draws'
    """
    return f"{point_range(low, high)}{note}{_with_left_out(bounds, point_range, short)}"


def with_bounds(probability: float, bounds: Bounds | None, *, short: bool = False) -> str:
    """A probability, with the bounds that count the left-out draws.

    >>> with_bounds(0.78, (0.48, 0.87)), with_bounds(0.78, (0.78, 0.78))
    ('78% (48–87% counting the left-out draws)', '78%')
    """
    if short:
        return f"{percent(probability)}{_with_left_out(bounds, percent_range, short)}"
    text = bounds_text(bounds)
    return f"{percent(probability)} ({text})" if text else percent(probability)


def bounds_text(bounds: Bounds | None) -> str:
    """The bounds of a probability that count the left-out draws; empty if they are narrow."""
    return left_out_text(bounds, percent_range) if bounds and is_bounded(bounds) else ""


def left_out_text(bounds: Bounds, shown: Callable[[float, float], str]) -> str:
    """Bounds for left-out draws, in words.

    >>> left_out_text((0.3, 0.5), percent_range)
    '30–50% counting the left-out draws'
    """
    return f"{shown(*bounds)} counting the left-out draws"


def _with_left_out(bounds: Bounds | None, shown: Callable[[float, float], str], short: bool) -> str:
    if bounds is None or not is_bounded(bounds):
        return ""
    if short:
        return f" ({shown(*bounds)})"
    return f", or {left_out_text(bounds, shown)}"


def verdict_text(verdict: str, verdicts: Sequence[str]) -> str:
    """A verdict, with the other verdicts that are possible if left-out draws are counted.

    >>> verdict_text("open", ["open", "leans towards it"])
    'open (or leans towards it, counting the left-out draws)'
    """
    others = " or ".join(other for other in verdicts if other != verdict)
    return f"{verdict} (or {others}, counting the left-out draws)" if others else verdict


def left_out_warning(share: float) -> str:
    """The warning of an answer for which many draws are left out; empty if few are.

    >>> left_out_warning(0.01)
    ''
    """
    if share <= LEFT_OUT_LOUDLY:
        return ""
    return (
        f"WARNING: {percent(share)} of the draws did not converge (in the case or in some changed "
        "world) and are left out. The bounds count them as 0 and as 1."
    )


def counted(draws: int, effective: float, left_out: float = 0.0) -> str:
    """The number of draws that an answer rests on.

    >>> counted(1024, 312.4)
    '1,024 draws (effective sample size 312)'
    >>> counted(128, 78.0, 0.39)
    '128 draws (effective sample size 78; 39% did not converge and are left out)'
    >>> counted(1, 1.0)
    'one draw'
    """
    rest = f"; {percent(left_out)} did not converge and are left out" if left_out > 0 else ""
    if draws == 1:
        return "one draw" + (" (it did not converge and is left out)" if rest else "")
    return f"{draws:,} draws (effective sample size {effective:,.0f}{rest})"
