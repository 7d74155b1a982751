"""What to watch: how informative each open event would be about an outcome.

For an event that is not yet seen, the case gives the joint probability of the event and the outcome in
every draw. The mean over the weighted draws is one table; the information of the event about the outcome
is their mutual information in that table. It includes both effects of news: what the event implies within
a draw, and how it reweights the draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from backchannel.diagram.nodes import Derived
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.pooling import pooled
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, mean
from backchannel.language.names import NodeName, Value
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.tensors.inference import chances_given, scope_of
from backchannel.tensors.marginals import chances_with, is_long, next_ones
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Indicator:
    """An open node, and what each of its values would imply for an outcome."""

    node: NodeName
    domain: tuple[Value, ...]
    due: date
    about: NodeName
    table: Float[np.ndarray, "value outcome"]
    """P(value and outcome | record), mean over the weighted draws."""

    @property
    def probability(self) -> Float[np.ndarray, " value"]:
        """P(value | record)."""
        return self.table.sum(axis=1)

    @property
    def forecast(self) -> Float[np.ndarray, " outcome"]:
        """P(outcome | record), as it is."""
        return self.table.sum(axis=0)

    def if_seen(self, value: Value) -> Float[np.ndarray, " outcome"]:
        """P(outcome | record, the node has the value); nan if that is impossible."""
        row = self.table[self.domain.index(value)]
        return _shares(row)

    def if_not(self, value: Value) -> Float[np.ndarray, " outcome"]:
        """P(outcome | record, the node has another value); nan if that is impossible."""
        rest = np.delete(self.table, self.domain.index(value), axis=0).sum(axis=0)
        return _shares(rest)

    @property
    def teaches(self) -> float:
        """Expected information about the outcome, in bits.

        Source: Shannon (1948), mutual information.
        """
        independent = np.outer(self.probability, self.forecast)
        likely = self.table > 0
        return float((self.table[likely] * np.log2(self.table[likely] / independent[likely])).sum())

    @property
    def share(self) -> float:
        """The expected information as a share of the outcome's entropy."""
        possible = self.forecast[self.forecast > 0]
        entropy = float(-(possible * np.log2(possible)).sum())
        return self.teaches / entropy if entropy > 0 else 0.0


@dataclass(frozen=True)
class Indicators(Result):
    """The open events, ranked by their expected information about an outcome."""

    about: NodeName
    forecast: Forecast
    """The current forecast of the outcome."""
    ranked: Sequence[Indicator]
    """The most informative first."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each value of each indicator: the forecast if the value is seen, and if it is not."""
        import pandas as pd

        rows = []
        for indicator in self.ranked:
            for i, value in enumerate(indicator.domain):
                likely = float(indicator.probability[i])
                low, high = bounded(likely, self.forecast.left_out)
                row: dict[str, object] = {
                    "node": indicator.node,
                    "due": indicator.due,
                    "value": value,
                    "probability": likely,
                    "at least": float(low),
                    "at most": float(high),
                    "teaches (bits)": indicator.teaches,
                }
                seen, otherwise = indicator.if_seen(value), indicator.if_not(value)
                for j, outcome in enumerate(self.forecast.domain):
                    row[f"{outcome} if seen"] = float(seen[j])
                    row[f"{outcome} if not"] = float(otherwise[j])
                rows.append(row)
        return pd.DataFrame(rows)


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Indicators:
    """Rank the indicators of the case's first question."""
    del earlier
    return indicators(case)


def indicators(case: SolvedCase, about: NodeName | None = None) -> Indicators:
    """Rank the open events by their information about a node; default: that of the first question."""
    node = about or case.lowered.first_question
    ranked = rank_indicators(case.ensemble, node, after=case.case.as_of)
    return Indicators(node, forecast(case.ensemble, node), ranked)


def rank_indicators(
    ensemble: Ensemble, about: NodeName, *, after: date, nodes: Sequence[NodeName] | None = None
) -> list[Indicator]:
    """Rank the open events by their expected information about an outcome.

    Args:
        ensemble: The solved case.
        about: The node of the outcome.
        after: Nodes dated on or before this day that are not on record can no longer be seen.
        nodes: The nodes to rank; default: all that are not on record, are dated after that day and,
            if the outcome is still open, no later than the outcome.
    """
    ensemble = pooled(ensemble)
    diagram, evidence = ensemble.diagram, ensemble.evidence
    if nodes is None:
        when = diagram.dates[about]
        # If the outcome is past but not on record, an event of any later date may tell about it.
        latest = when if when > after else date.max
        seen = {entry.node for entry in ensemble.record}
        nodes = [
            name
            for name in diagram.order
            if after < diagram.dates[name] <= latest
            and name not in seen
            and name != about
            # A derived node is seen when its parents are.
            and not isinstance(diagram.node[name], Derived)
        ]
    ranked = []
    together = {}
    if is_long(ensemble.world):
        nodes = next_ones(ensemble.world, nodes)
        earlier = [name for name in nodes if diagram.rank[name] < diagram.rank[about]]
        together = chances_with(ensemble.world, about, earlier, evidence)
    for name in nodes:
        table = together.get(name)
        if table is None:
            table = chances_given(ensemble.world, keep=(name, about), evidence=evidence)
        averaged = mean(table, ensemble.weights)
        if scope_of(diagram, (name, about))[0] != name:
            averaged = averaged.T
        ranked.append(Indicator(name, diagram.domains[name], diagram.dates[name], about, averaged))
    return sorted(ranked, key=lambda indicator: -indicator.teaches)


def _shares(row: Float[np.ndarray, " outcome"]) -> Float[np.ndarray, " outcome"]:
    total = row.sum()
    return row / total if total > 0 else np.full(len(row), np.nan)
