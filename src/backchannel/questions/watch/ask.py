"""What to watch: what each event that can still be seen would teach about the question.

Before the event is seen, the case gives the joint probability of it and of the outcome, in every
draw; averaged over the weighted draws that is one table. What the event teaches about the outcome
is their mutual information in that table. It counts both ways in which news teaches: what follows
from the event inside a draw, and which draws it makes likelier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from backchannel.diagram.nodes import Derived
from backchannel.ensemble.ensemble import Ensemble, evidence_of
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, mean
from backchannel.language.names import NodeName, Value
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.tensors.inference import chances_given, scope_of
from backchannel.tensors.marginals import chances_with, is_long, next_ones
from backchannel.wording.result import Result


@dataclass(frozen=True)
class Indicator:
    """A node that can still be seen, and what each of its values would say about an outcome."""

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
        """P(outcome | record, the node has the value); nan where that cannot be."""
        row = self.table[self.domain.index(value)]
        return _shares(row)

    def if_not(self, value: Value) -> Float[np.ndarray, " outcome"]:
        """P(outcome | record, the node has another value); nan where it must have this one."""
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
        """The same as a share of all that is not known about the outcome (its entropy)."""
        known = self.forecast[self.forecast > 0]
        open_ = float(-(known * np.log2(known)).sum())
        return self.teaches / open_ if open_ > 0 else 0.0


@dataclass(frozen=True)
class Indicators(Result):
    """What to watch: the events that can still be seen, by what each would teach about an outcome."""

    about: NodeName
    forecast: Forecast
    """Of the outcome, as it stands."""
    ranked: Sequence[Indicator]
    """The most telling first."""

    def to_frame(self) -> pd.DataFrame:
        """One row a value of an indicator, with the forecast if it is seen and if it is not."""
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


def ask(case: SolvedCase, found: Mapping[str, Any]) -> Indicators:
    """What a run asks: what to watch on the case's first question."""
    del found
    return indicators(case)


def indicators(case: SolvedCase, about: NodeName | None = None) -> Indicators:
    """Rank what can still be seen by what it would teach about a node; the first question's, if left out."""
    node = about or case.lowered.first_question
    found = watch(case.ensemble, node, after=case.case.as_of)
    return Indicators(node, forecast(case.ensemble, node), found)


def watch(
    ensemble: Ensemble, about: NodeName, *, after: date, nodes: Sequence[NodeName] | None = None
) -> list[Indicator]:
    """Rank the events that can still be seen by how much each would teach about an outcome.

    Args:
        ensemble: The solved case.
        about: The node that the question is about.
        after: Nodes dated on or before this day that nobody recorded are past seeing.
        nodes: Which nodes to look at; if left out, all that are not recorded and come about after
            that day, and no later than the outcome where it is still to come.
    """
    diagram = ensemble.diagram
    evidence = evidence_of(diagram, ensemble.record)
    if nodes is None:
        when = diagram.dates[about]
        # What came about already and was not recorded may be learnt of at any time.
        latest = when if when > after else date.max
        seen = {entry.node for entry in ensemble.record}
        nodes = [
            name
            for name in diagram.order
            if after < diagram.dates[name] <= latest
            and name not in seen
            and name != about
            # What is derived from others is seen when they are.
            and not isinstance(diagram.node[name], Derived)
        ]
    found = []
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
        found.append(Indicator(name, diagram.domains[name], diagram.dates[name], about, averaged))
    return sorted(found, key=lambda one: -one.teaches)


def _shares(row: Float[np.ndarray, " outcome"]) -> Float[np.ndarray, " outcome"]:
    total = row.sum()
    return row / total if total > 0 else np.full(len(row), np.nan)
