"""The page of an evaluation: scores, PRL with intervals, calibration; no scripts, no other files."""

from __future__ import annotations

from backchannel.answers.page.environment import environment
from backchannel.answers.page.report import page_style, plot_style, policy
from backchannel.estimation.evaluate.document import EvaluationView

LEFT, RIGHT, ROW = 260, 720, 30
"""Where the plot of PRL begins and ends, and the height of a model's row, in units of the drawing."""


class PrlAxis:
    """The scale of the plot of PRL."""

    def __init__(self, view: EvaluationView) -> None:
        values = [x for m in view.models for x in (m.prl, m.low, m.high, 0.0) if x is not None]
        low, high = min(values), max(values)
        room = 0.05 * max(high - low, 0.02)
        self.low, self.high = low - room, high + room

    def x(self, value: float) -> float:
        """Where a PRL lies across the drawing."""
        return round(LEFT + (value - self.low) / (self.high - self.low) * (RIGHT - LEFT), 1)

    @property
    def ticks(self) -> list[float]:
        """Round values along the axis."""
        step = next(
            s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 1e9)
            if (self.high - self.low) / s <= 8
        )  # fmt: skip
        first = int(self.low // step) + 1
        return [k * step for k in range(first, int(self.high // step) + 1)]


def compose_evaluation_page(view: EvaluationView) -> str:
    """Compose the page as HTML."""
    return (
        environment()
        .get_template("evaluation.html")
        .render(
            view=view,
            axis=PrlAxis(view),
            style=page_style(plot_style()),
            policy=policy([]),
            left=LEFT,
            right=RIGHT,
            row=ROW,
        )
    )
