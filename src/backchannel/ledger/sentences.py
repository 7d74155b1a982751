"""What scores mean and what they leave out, in words that the terminal and the page share."""

from __future__ import annotations

from backchannel.ledger.score_report import ForecastScore, ScoreReport


def not_counted(report: ScoreReport, *, hindcasts: str) -> list[str]:
    """Say which forecasts do not count, and why.

    Args:
        report: The scores.
        hindcasts: What counts forecasts that were logged too late: an option, or a box on the page.
    """
    parts = []
    if report.unresolved:
        parts.append(f"{report.unresolved:,} not resolved yet")
    if report.too_late:
        parts.append(
            f"{report.too_late:,} made or logged on the day of the outcome or later (with {hindcasts}, only those "
            "count whose case ends before the outcome)"
        )
    if report.of_other_values:
        parts.append(
            f"{report.of_other_values:,} of an earlier version of the node, which could not have the "
            "outcome"
        )
    if report.derived:
        parts.append(
            f"{report.derived:,} of derived nodes, which follow from nodes that are counted "
            f"({', '.join(report.derived_nodes)})"
        )
    if report.withdrawn:
        parts.append(f"{report.withdrawn:,} withdrawn")
    return parts


def score_caption(total: ForecastScore) -> str:
    """Say what the scores mean."""
    few = (
        " Fewer than three nodes are resolved, so there is no interval." if total.nodes < 3 else ""
    )
    return (
        "Brier: `Σ(p − o)²` over a node's values, from 0 to 2. Log: `−log₂ p`, with the outcome's probability p. "
        "A node counts once, by the mean of its forecasts. Uniform: the same chance for every "
        "value. Base rate: how often a value came about among other nodes with the same values. "
        "Skill: `1 − score / reference`, so 1 is perfect and 0 is no better than the "
        f"reference; the interval is a bootstrap over nodes.{few} "
        "Groups by days say how long before the outcome the case of the forecast ended (`as_of`). "
        "Calibration counts every chance of every forecast, one for each value of the node, and leaves out ranges "
        "without any. The chances of one node are correlated, so "
        "its intervals are too narrow if nodes were forecast often."
    )
