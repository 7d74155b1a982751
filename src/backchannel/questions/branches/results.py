"""What is found of branches: the principal branch of one draw, and the equilibria of several draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.diagram import Diagram
from backchannel.equilibrium.branch.several import Found
from backchannel.equilibrium.types import Equilibrium, Method, Policies, Status
from backchannel.language.names import NodeName, PlayerName, Value
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Branch(Result):
    """The principal branch of one draw, point by point from precision 0."""

    diagram: Diagram
    draw: int
    t: Float[np.ndarray, " point"]
    """The multiple of every player's own precision, by point; after a fold it decreases."""
    precision: dict[PlayerName, Float[np.ndarray, " point"]]
    """λ of every player who decides, by point."""
    policies: Policies
    """Every rule; axes: point, what the decision sees, action."""
    folds: tuple[int, ...]
    """Points after which t changes direction."""
    status: Status
    """Whether the branch was followed to its end."""
    crossed: bool
    """Whether other branches cross it exactly: the game has a symmetry, and the branch goes straight on."""
    stand_in: frozenset[PlayerName]
    """Players with infinite precision, replaced by a large finite one."""
    kept: frozenset[PlayerName]
    """Players whose rules are the same all along: they planned them at a level, or in a belief model."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each point: t, λ of each player, and P(action | context) of every decision."""
        import pandas as pd

        columns: dict[str, np.ndarray] = {"t": self.t}
        columns |= {f"λ {player}": values for player, values in self.precision.items()}
        for decision, context, action, values in self.series():
            where = ", ".join(f"{name}={value}" for name, value in context)
            columns[f"{decision}={action}" + (f" | {where}" if where else "")] = values
        return pd.DataFrame(columns)

    def series(
        self,
    ) -> Iterator[tuple[NodeName, tuple[tuple[NodeName, Value], ...], Value, np.ndarray]]:
        """Yield every probability along the branch: decision, context, action, values."""
        for name, rule in self.policies.items():
            for context, cell in contexts_of(self.diagram, name):
                for i, action in enumerate(self.diagram.domains[name]):
                    yield name, context, action, rule[(slice(None), *cell, i)]


@dataclass(frozen=True)
class Equilibria(Result):
    """The logit equilibria of some draws: the principal one, and others if a search was made."""

    diagram: Diagram
    draws: Int[np.ndarray, " some"]
    search: Found
    """The distinct equilibria of each draw, the principal one first."""
    principal: Equilibrium
    """The principal equilibrium in every draw of the ensemble."""
    crossed: Bool[np.ndarray, " some"]
    """Draws in which other branches cross the principal one exactly."""
    searched: bool
    """Whether a search for other equilibria was made."""
    starts: int

    @property
    def counts(self) -> Int[np.ndarray, " some"]:
        """Number of distinct equilibria in each draw."""
        return np.array([len(plays) for plays in self.search.plays])

    @property
    def several(self) -> int:
        """Number of draws with more than one equilibrium."""
        return int((self.counts > 1).sum())

    def to_frame(self) -> pd.DataFrame:
        """One row for each probability of each equilibrium of each draw; the principal one is 1."""
        import pandas as pd

        rows = []
        for draw, plays in zip(self.draws.tolist(), self.search.plays, strict=True):
            for number, play in enumerate(plays, start=1):
                for name, rule in play.items():
                    for context, cell in contexts_of(self.diagram, name):
                        for i, action in enumerate(self.diagram.domains[name]):
                            rows.append(
                                {
                                    "draw": draw,
                                    "equilibrium": number,
                                    "principal": number == 1,
                                    "method": Method(self.principal.method[draw]).name.lower(),
                                    "decision": name,
                                    "context": ", ".join(f"{n}={v}" for n, v in context),
                                    "action": action,
                                    "probability": float(rule[(*cell, i)]),
                                }
                            )
        return pd.DataFrame(rows)


def contexts_of(
    diagram: Diagram, decision: NodeName
) -> Iterator[tuple[tuple[tuple[NodeName, Value], ...], tuple[int, ...]]]:
    """Yield each context of a decision, as names and values, and its index in the rule."""
    seen = diagram.parents(decision)
    for cell in product(*(range(len(diagram.domains[name])) for name in seen)):
        yield (
            tuple((n, diagram.domains[n][i]) for n, i in zip(seen, cell, strict=True)),
            cell,
        )
