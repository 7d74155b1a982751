"""A comparison: one outcome without and with an intervention, on the same draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.weighted import bounded, column_quantiles, mean
from backchannel.language.names import NodeName, Value
from backchannel.questions.forecast.ask import HIGH, LOW, Forecast
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison(Result):
    """One outcome without and with an intervention, draw by draw."""

    intervention: Intervention
    before: Forecast
    """Without it: the forecast given the whole record, unless there is a `cut`."""
    after: Forecast
    cut: date | None
    """Both sides use what was recorded before this day; `None`: the whole record."""
    independent: Forecast | None = None
    """Of a counterfactual: `after` with independent shocks in every context, the other extreme of what
    no record can show. `None` where the change comes after the record."""
    carried: tuple[NodeName, ...] = ()
    """Nodes whose base rates both sides carry: they come about before the change."""
    omits_base_rates: bool = False
    """Whether the case has other base rates too, which move its forecasts and neither side here."""

    @cached_property
    def _paired(self) -> Float[np.ndarray, " draw"]:
        return np.minimum(self.before.weights, self.after.weights)

    @cached_property
    def difference(self) -> Float[np.ndarray, " value"]:
        """Mean over draws of the change in probability, for each value."""
        return mean(self.after.per_draw - self.before.per_draw, self._paired)

    def difference_at(self, share: float) -> Float[np.ndarray, " value"]:
        """The quantile of the change over the weighted draws, for each value."""
        gap = self.after.per_draw - self.before.per_draw
        return column_quantiles(gap, self._paired, share)

    def of(self, value: Value) -> tuple[float, float, float]:
        """Change in one value's probability: mean, and the 5–95% range over draws."""
        i = self.before.domain.index(value)
        low, high = self.difference_at(LOW)[i], self.difference_at(HIGH)[i]
        return float(self.difference[i]), float(low), float(high)

    @property
    def left_out(self) -> float:
        """Share of draws that did not converge in the case or in the changed case."""
        return self.after.left_out

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The change with left-out draws counted as −1, and as 1."""
        return bounded(self.difference, self.left_out, least=-1.0)

    @property
    def _unchanged(self) -> str:
        if self.cut is not None:
            return "as it looked"
        return "without the change" if self.omits_base_rates else "as it is"

    def to_frame(self) -> pd.DataFrame:
        """One row for each value: both probabilities, and the paired difference with its range.

        "as it is" is the forecast given the whole record; "as it looked" is that from before the change; "without
        the change" is neither, since some base rates move the forecast and not the comparison.
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "outcome": self.before.node,
                "value": list(self.before.domain),
                self._unchanged: self.before.mean,
                "changed": self.after.mean,
                "independent": (self.independent or self.after).mean,
                "difference": self.difference,
                "low": self.difference_at(LOW),
                "high": self.difference_at(HIGH),
                "at least": self.bounds[0],
                "at most": self.bounds[1],
            }
        )
