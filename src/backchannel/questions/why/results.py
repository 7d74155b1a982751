"""What is found of causes: the necessity, the sufficiency and the share of each, and their total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from backchannel.ensemble.weighted import bounded
from backchannel.language.names import NodeName, Value
from backchannel.questions.why.estimate import CoupledEstimate
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CauseFinding:
    """The role of one cause in the outcome."""

    name: str
    necessity: CoupledEstimate
    """P(the outcome would not have happened | this cause alone undone)."""
    sufficiency: CoupledEstimate
    """P(the outcome would still have happened | all other causes undone)."""
    share: CoupledEstimate
    """Its Shapley value; may be negative, and the shares add up to the total."""
    bounds: tuple[float, float] | None
    """Sharp bounds of its necessity for any shocks, where only one node's shocks matter."""


@dataclass(frozen=True)
class Explanation(Result):
    """Why an outcome happened: the role of each cause."""

    node: NodeName
    value: Value
    causes: tuple[CauseFinding, ...]
    """In the order of the question."""
    total: CoupledEstimate
    """P(the outcome would not have happened | all causes undone)."""
    n_draws: int
    """Draws that were used."""
    n_worlds: int
    """Worlds in each draw."""
    n_sets: int
    """Sets of causes that were undone."""
    is_exact: bool
    """All sets were evaluated, not only those along sampled orders."""
    effective_draws: float
    """Effective sample size of the weights."""
    left_out: float
    """Share of draws that did not converge: in the case, or (by weight) with some set undone."""
    total_by_draw: Float[np.ndarray, " all"]
    """The total in each draw of the case, with shared shocks; nan in those that were not used."""
    weights: Float[np.ndarray, " all"]
    """The weight of each draw of the case."""
    carried: tuple[NodeName, ...] = ()
    """Nodes whose base rates enter: they come about before any cause."""

    def bounds_of(self, measured: CoupledEstimate, *, least: float = 0.0) -> tuple[float, float]:
        """Bound a mean by counting the left-out draws at its least value (of a share: −1) and at 1."""
        return bounded(measured.shared.mean, self.left_out, least=least)

    def of(self, cause: str) -> CauseFinding:
        """The finding on one cause."""
        return next(finding for finding in self.causes if finding.name == cause)

    def to_frame(self) -> pd.DataFrame:
        """One row per cause; the shares add up to the last row."""
        import pandas as pd

        rows = [
            {
                "cause": finding.name,
                **self._columns("necessity", finding.necessity),
                **self._columns("sufficiency", finding.sufficiency),
                **self._columns("share", finding.share, least=-1.0),
                "least": finding.bounds[0] if finding.bounds else None,
                "most": finding.bounds[1] if finding.bounds else None,
            }
            for finding in self.causes
        ]
        all_causes = {"cause": "(all)", **self._columns("necessity", self.total)}
        all_causes |= self._columns("share", self.total)
        return pd.DataFrame([*rows, all_causes])

    def _columns(
        self, name: str, measured: CoupledEstimate, least: float = 0.0
    ) -> dict[str, float]:
        shared = measured.shared
        ends = self.bounds_of(measured, least=least)
        return {
            name: shared.mean,
            f"{name} low": shared.low,
            f"{name} high": shared.high,
            f"{name} at least": ends[0],
            f"{name} at most": ends[1],
            f"{name} error": shared.error,
            f"{name} independent": measured.independent.mean,
        }
