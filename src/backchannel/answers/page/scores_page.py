"""The page of a ledger's scores: scores, calibration, views compared; no scripts, no other files."""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.answers.page.environment import environment
from backchannel.answers.page.report import page_style, plot_style, policy
from backchannel.ledger.calibration import Calibration
from backchannel.ledger.score_report import ScoreReport


@dataclass(frozen=True)
class PlottedBin:
    """One dot of a calibration plot."""

    predicted: float
    happened: float
    count: int
    interval: tuple[float, float]


def bins(rows: tuple[Calibration, ...]) -> list[PlottedBin]:
    """Prepare a calibration for its plot."""
    return [PlottedBin(row.mean_forecast, row.came_about, row.events, row.interval) for row in rows]


def compose_scores_page(report: ScoreReport, *, ledger: str) -> str:
    """Compose the page as HTML.

    Args:
        report: The scores.
        ledger: The ledger's name.
    """
    return (
        environment()
        .get_template("scores.html")
        .render(
            report=report,
            groups=[*([report.total] if report.total else []), *report.by_case, *report.by_horizon],
            ledger=ledger,
            bins=bins,
            style=page_style(plot_style()),
            policy=policy([]),
        )
    )
