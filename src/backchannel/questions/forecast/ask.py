"""What next: P(outcome | what has happened), per draw and over draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.beliefs import Observation
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import pooled
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, column_quantiles, effective_size, mean
from backchannel.language.names import NodeName, Value
from backchannel.tensors.inference import Evidence, World, chances_given
from backchannel.tensors.marginals import is_long, marginals
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

LOW, HIGH = 0.05, 0.95
"""The shares of draws at the lower and upper end of ranges."""


@dataclass(frozen=True)
class Forecast(Result):
    """The probabilities of a node's values: the mean is the forecast, the range is uncertainty."""

    node: NodeName
    domain: tuple[Value, ...]
    per_draw: Float[np.ndarray, "draw value"]
    """P(value | record) in each draw; nan where the record is impossible."""
    weights: Float[np.ndarray, " draw"]
    left_out: float = 0.0
    """Share of draws that did not converge and are left out."""
    inside: Forecast | None = None
    """The forecast of the case alone, where base rates move this one."""
    outside: Forecast | None = None
    """What the node's base rate alone says; `None` without one."""
    weight: float | None = None
    """Weight of the case against the node's base rate."""

    @cached_property
    def mean(self) -> Float[np.ndarray, " value"]:
        """The forecast."""
        return mean(self.per_draw, self.weights)

    def at(self, share: float) -> Float[np.ndarray, " value"]:
        """The quantile of each value's probability over the weighted draws."""
        return column_quantiles(self.per_draw, self.weights, share)

    @cached_property
    def low(self) -> Float[np.ndarray, " value"]:
        """Lower end of the 5–95% range over draws."""
        return self.at(LOW)

    @cached_property
    def high(self) -> Float[np.ndarray, " value"]:
        """Upper end of the 5–95% range over draws."""
        return self.at(HIGH)

    @property
    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The forecast with left-out draws counted as 0, and as 1."""
        return bounded(self.mean, self.left_out)

    @property
    def effective_draws(self) -> float:
        """Effective sample size of the weights."""
        return effective_size(self.weights)

    def probability(self, value: Value) -> float:
        """The forecast of one value."""
        return float(self.mean[self.domain.index(value)])

    def to_frame(self) -> pd.DataFrame:
        """One row for each value: forecast, range over draws, and bounds that count the left-out draws.

        Base rates add the columns "inside" and "outside".
        """
        import pandas as pd

        beside = {
            name: view.mean
            for name, view in (("inside", self.inside), ("outside", self.outside))
            if view is not None
        }
        return pd.DataFrame(
            {
                "node": self.node,
                "value": list(self.domain),
                "probability": self.mean,
                "low": self.low,
                "high": self.high,
                "at least": self.bounds[0],
                "at most": self.bounds[1],
                **beside,
            }
        )


def forecast(ensemble: Ensemble, node: NodeName, *, use_record: bool = True) -> Forecast:
    """Forecast one node; given the record, with the base rates pooled.

    Args:
        ensemble: The solved case.
        node: What to forecast.
        use_record: Whether to condition on the record. If not, the forecast is that before anything
            was recorded, with equal weights for all draws.
    """
    if not use_record:
        return forecast_here(ensemble, node, record=(), weights=ensemble.converged * 1.0)
    record, weights = ensemble.record, ensemble.weights
    alone = forecast_here(ensemble, node, record=record, weights=weights)
    together = pooled(ensemble)
    moved = (
        alone
        if together is ensemble
        else forecast_here(together, node, record=record, weights=weights)
    )
    view = next((view for view in ensemble.outside if view.node == node), None)
    if view is None or node in {entry.node for entry in record}:
        return moved if moved is alone else replace(moved, inside=alone)
    outside = replace(alone, per_draw=view.chances)
    return replace(moved, inside=alone, outside=outside, weight=view.weight)


def forecast_here(
    ensemble: Ensemble,
    node: NodeName,
    *,
    record: Sequence[Observation],
    weights: Float[np.ndarray, " draw"],
) -> Forecast:
    """Forecast one node in the case's own world, given a record; base rates enter only if they are pooled already."""
    return forecast_in(
        ensemble,
        ensemble.world,
        node,
        record=record,
        weights=weights,
        converged=ensemble.converged,
    )


def forecast_in(
    ensemble: Ensemble,
    world: World,
    node: NodeName,
    *,
    record: Sequence[Observation],
    weights: Float[np.ndarray, " draw"],
    converged: Bool[np.ndarray, " draw"],
) -> Forecast:
    """Forecast one node in a given world, given a part of the record.

    Draws that did not converge have weight 0; the forecast keeps their share.
    """
    per_draw = node_chances(world, node, ensemble.evidence_given(record))
    usable = weights * np.isfinite(per_draw).all(axis=1)
    return Forecast(
        node=node,
        domain=ensemble.diagram.domains[node],
        per_draw=per_draw,
        weights=usable,
        left_out=float(1.0 - converged.mean()),
    )


def node_chances(
    world: World, node: NodeName, evidence: Evidence
) -> Float[np.ndarray, "draw value"]:
    """P(node | evidence) in each draw; nan where the evidence is impossible."""
    walked = is_long(world)
    table = (
        marginals(world, evidence)[node]
        if walked
        else chances_given(world, keep=(node,), evidence=evidence)
    )
    return np.where(table.sum(axis=1, keepdims=True) > 0, table, np.nan)


NodeForecasts = Mapping[NodeName, tuple[Forecast, Forecast]]
"""Every node's forecast given the record, and before anything was recorded."""


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> NodeForecasts:
    """Forecast every node, in order of time."""
    del earlier
    return forecast_all(case.ensemble)


def forecast_all(ensemble: Ensemble) -> NodeForecasts:
    """Forecast every node, given the record and before it."""
    return {node: with_prior(ensemble, node) for node in ensemble.diagram.order}


def with_prior(ensemble: Ensemble, node: NodeName) -> tuple[Forecast, Forecast]:
    """Forecast one node, given the record and before it."""
    return forecast(ensemble, node), forecast(ensemble, node, use_record=False)
