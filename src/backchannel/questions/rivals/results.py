"""What comparing rivals finds: each structure's marginal likelihood, Bayes factor and forecast."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from backchannel.diagram.rivals import Rival
from backchannel.ensemble.weighted import column_quantiles
from backchannel.language.names import NodeName, Value
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

RIVAL_DRAWS = 256
"""Draws in which rivals are solved, unless the user asks for another number."""
SAME = 1e-9
"""Largest difference of a probability or a log likelihood that counts as none."""
BARE_MENTION = 1.0
"""A log Bayes factor up to this is worth no more than a bare mention. Source: Kass & Raftery (1995), 3.2."""
DIFFERENT = 0.10
"""Rivals whose forecast differs by this much from the case's answer differently."""


@dataclass(frozen=True)
class MarginalLikelihood:
    """How well a structure expected the record."""

    log: float
    """log of the mean, over the draws before the record, of the record's probability."""
    error: float
    """Standard error of `log` from the number of draws."""


@dataclass(frozen=True)
class SolvedRival:
    """A rival that was solved, compared with the case."""

    rival: Rival
    marginal: MarginalLikelihood
    bayes_log: float
    """log Bayes factor against the case."""
    bayes_error: float
    """Its standard error; both sides use the same draws."""
    chances: Float[np.ndarray, " value"]
    """The rival's forecast of the outcome."""
    low: Float[np.ndarray, " value"]
    high: Float[np.ndarray, " value"]
    left_out: float
    """Share of draws that did not converge, in the rival or in the case."""
    distance: float
    """Total variation distance of the forecast from the case's."""

    @property
    def changes_nothing(self) -> bool:
        """Whether the record and the outcome have the same chances as in the case."""
        return abs(self.bayes_log) <= SAME and self.bayes_error <= SAME and self.distance <= SAME

    @property
    def is_tied(self) -> bool:
        """Whether the record hardly tells the rival and the case apart."""
        return abs(self.bayes_log) <= max(BARE_MENTION, 2 * self.bayes_error)

    @property
    def stands_out(self) -> bool:
        """Whether the record does not tell it from the case, and it answers differently."""
        return self.is_tied and self.distance >= DIFFERENT

    @property
    def pull(self) -> float:
        """How far it would move the forecast if it and the case were the only structures."""
        return self.distance / (1.0 + np.exp(-self.bayes_log))


@dataclass(frozen=True)
class LeftOutRival:
    """A rival that was not solved."""

    rival: Rival
    reason: str


@dataclass(frozen=True)
class Rivals(Result):
    """The case among its rivals."""

    node: NodeName
    domain: tuple[Value, ...]
    case: SolvedRival
    """The case itself, as a structure among others."""
    solved: tuple[SolvedRival, ...]
    """Those that the record does not tell from the case and that answer differently first; then by Bayes factor."""
    unchanged: tuple[Rival, ...]
    """Rivals that give the record and the outcome the same chances as the case."""
    left_out: tuple[LeftOutRival, ...]
    not_tried: int
    """Mechanical rivals beyond the most that were asked for."""
    n_draws: int

    @cached_property
    def weights(self) -> Float[np.ndarray, " structure"]:
        """Probability of the case, then of each rival given the record, if all were equally likely before."""
        logs = np.array([0.0, *(solved.bayes_log for solved in self.solved)])
        odds = np.exp(logs - logs.max())
        return odds / odds.sum()

    @cached_property
    def _table(self) -> Float[np.ndarray, "structure value"]:
        return np.array([self.case.chances, *(solved.chances for solved in self.solved)])

    @property
    def mean(self) -> Float[np.ndarray, " value"]:
        """The forecast over all structures, by their weights."""
        return self.weights @ self._table

    def at(self, share: float) -> Float[np.ndarray, " value"]:
        """The quantile of each value's forecast over the weighted structures."""
        return column_quantiles(self._table, self.weights, share)

    @property
    def hinge(self) -> SolvedRival | None:
        """The rival with the assumption on which the answer depends most: the rival that would move the forecast
        most."""
        return max(self.solved, key=lambda solved: solved.pull, default=None)

    def to_frame(self) -> pd.DataFrame:
        """One row for the case and for each rival: Bayes factor, weight and forecast."""
        import pandas as pd

        rows = []
        for weight, structure in zip(self.weights, (self.case, *self.solved), strict=True):
            rows.append(
                {
                    "rival": structure.rival.name if structure is not self.case else "(the case)",
                    "kind": structure.rival.kind if structure is not self.case else "case",
                    "log marginal likelihood": structure.marginal.log,
                    "error": structure.marginal.error,
                    "log bayes factor": structure.bayes_log,
                    "bayes factor error": structure.bayes_error,
                    "weight": weight,
                    "distance": structure.distance,
                    "left out": structure.left_out,
                }
                | {str(v): p for v, p in zip(self.domain, structure.chances, strict=True)}
            )
        return pd.DataFrame(rows)
