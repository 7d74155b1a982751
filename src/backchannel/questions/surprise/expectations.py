"""Expectations: what each player expects, beside what the forecast says, and how surprising the record was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Observation, Viewpoint
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.language.names import NodeName, PlayerName, Value
from backchannel.questions.forecast.ask import HIGH, LOW
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

EXPECTATION_COLUMNS = (
    "view", "node", "value", "expects", "actual", "gap", "gap at least", "gap at most", "bits",
)  # fmt: skip
RECORD_COLUMNS = ("view", "node", "value", "bits", "unavoidable", "impossible")


@dataclass(frozen=True)
class Expectation:
    """One node as a player expects it, beside the actual forecast, given the same record."""

    view: Viewpoint
    """Whose expectation. For a nested view, the actual forecast is that of the player at its end."""
    node: NodeName
    domain: tuple[Value, ...]
    expects: Float[np.ndarray, "draw value"]
    actual: Float[np.ndarray, "draw value"]
    weights: Float[np.ndarray, " draw"]
    entry: int | None
    """Both forecasts use the record before this entry; `None`: the whole record."""

    @cached_property
    def per_draw(self) -> Float[np.ndarray, " draw"]:
        """Total variation: the largest difference in the probability of any event on this node."""
        return np.abs(self.expects - self.actual).sum(axis=1) / 2

    @property
    def gap(self) -> float:
        """Mean total variation, 0 to 1."""
        return float(mean(self.per_draw, self.weights))

    @property
    def range(self) -> tuple[float, float]:
        """The 5–95% range of the total variation over draws."""
        ends = (quantile(self.per_draw, self.weights, at) for at in (LOW, HIGH))
        return next(ends), next(ends)

    @property
    def divergence(self) -> float:
        """Mean Kullback–Leibler divergence from the actual forecast, in bits: the expected surprise."""
        with np.errstate(invalid="ignore", divide="ignore"):
            terms = self.actual * np.log2(self.actual / self.expects)
        terms = np.where(self.actual > 0, terms, 0.0)
        return float(mean(terms.sum(axis=1), self.weights))

    def mean_of(self, value: Value) -> tuple[float, float]:
        """Mean probability of one value: expected, and actual."""
        i = self.domain.index(value)
        return (
            float(mean(self.expects[:, i], self.weights)),
            float(mean(self.actual[:, i], self.weights)),
        )


@dataclass(frozen=True)
class RecordSurprise:
    """How surprising one entry of the record was to a player, given the entries before it."""

    view: Viewpoint
    entry: int
    bits: float
    """Mean of -log2 of its probability in the player's model, over draws that allow it there."""
    unavoidable: float
    """The same in the actual case: the surprise that true beliefs could not have avoided."""
    impossible: float
    """Share of the weighted draws in which the player's model rules it out."""


@dataclass(frozen=True)
class Surprise(Result):
    """The players' expectations, beside what the forecast says."""

    views: tuple[Viewpoint, ...]
    """Players with wrong beliefs, then what they think that others expect."""
    unerring: tuple[PlayerName, ...]
    """Players who hold the true case and know who errs, and so expect what the forecast says."""
    expectations: tuple[Expectation, ...]
    """Widest gap first."""
    record_surprises: tuple[RecordSurprise, ...]
    record: tuple[Observation, ...]
    n_draws: int
    effective_draws: float
    left_out: float
    """Share of draws that did not converge; in these, a gap can be anything from 0 to 1."""

    def of(self, view: PlayerName | Viewpoint, node: NodeName) -> Expectation:
        """Find one expectation."""
        wanted = (view,) if isinstance(view, str) else tuple(view)
        return next(e for e in self.expectations if e.view == wanted and e.node == node)

    def to_frame(self) -> pd.DataFrame:
        """One row for each value of each expectation."""
        import pandas as pd

        rows = []
        for expectation in self.expectations:
            least, most = bounded(expectation.gap, self.left_out)
            for value in expectation.domain:
                expects, actual = expectation.mean_of(value)
                rows.append(
                    {
                        "view": ".".join(expectation.view),
                        "node": expectation.node,
                        "value": value,
                        "expects": expects,
                        "actual": actual,
                        "gap": expectation.gap,
                        "gap at least": least,
                        "gap at most": most,
                        "bits": expectation.divergence,
                    }
                )
        return pd.DataFrame(rows, columns=[*EXPECTATION_COLUMNS])

    def record_frame(self) -> pd.DataFrame:
        """One row for each entry of the record and each player that noticed it."""
        import pandas as pd

        rows = [
            {
                "view": ".".join(surprise.view),
                "node": self.record[surprise.entry].node,
                "value": self.record[surprise.entry].value,
                "bits": surprise.bits,
                "unavoidable": surprise.unavoidable,
                "impossible": surprise.impossible,
            }
            for surprise in self.record_surprises
        ]
        return pd.DataFrame(rows, columns=[*RECORD_COLUMNS])
