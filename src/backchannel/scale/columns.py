"""The names of a shard's columns: what is kept of each draw.

A number of the case has its own name as its column. All other names have a space or a bracket, which no number's
name has, so that no case can overwrite them.
"""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.case.lowered import Lowered
from backchannel.language.names import NodeName, Value

DRAW = "number of the draw"
LOG_LIKELIHOOD = "log likelihood"
"""log P(record) in the draw; minus infinity where the record is impossible."""
CONVERGED = "play converged"


@dataclass(frozen=True)
class ForecastColumns:
    """The columns of one forecast: one for each value of a node, in one world."""

    prefix: str
    """Empty for the case itself; otherwise the what-if and its side."""
    node: NodeName
    domain: tuple[Value, ...]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in the order of the domain."""
        lead = f"{self.prefix} " if self.prefix else ""
        return [f"{lead}P({self.node}={value})" for value in self.domain]


@dataclass(frozen=True)
class ComparisonColumns:
    """The columns of one what-if and outcome."""

    name: str
    """The part of the case's questions that asks."""
    before: ForecastColumns
    after: ForecastColumns
    independent: ForecastColumns
    """Of a counterfactual; equal to `after` for a change that comes after the record."""

    @property
    def converged(self) -> str:
        """The column that says whether the changed world converged."""
        return f"[{self.name}] {CONVERGED}"

    @property
    def cut(self) -> str:
        """The column with the day from which on entries of the record are not used, as an ordinal; 0: all are."""
        return f"[{self.name}] cut"

    @property
    def omits(self) -> str:
        """The column that says whether the case has base rates that move its forecasts and neither side here."""
        return f"[{self.name}] omits base rates"


def forecast_columns(lowered: Lowered, node: NodeName) -> ForecastColumns:
    """The columns of a node's forecast."""
    return ForecastColumns("", node, lowered.diagram.domains[node])


def comparison_columns(lowered: Lowered, name: str, node: NodeName) -> ComparisonColumns:
    """The columns of a what-if for one outcome."""
    domain = lowered.diagram.domains[node]
    sides = ("as it is", "changed", "independent")
    return ComparisonColumns(
        name, *(ForecastColumns(f"[{name}] {side}", node, domain) for side in sides)
    )
