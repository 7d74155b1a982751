"""Outcomes: everything that the observed nodes of a case can show together, and its chance in each row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from backchannel.case.lowered import Lowered
from backchannel.estimation.likelihood import Likelihood
from backchannel.estimation.problem import FitProblem
from backchannel.language.errors import CommandError
from backchannel.language.names import NOT_APPLICABLE, NodeName, Value

MOST = 200
"""Outcomes at most."""
MOST_TOGETHER = 20_000
"""Combinations of values at most, possible or not, among which outcomes are sought."""


@dataclass(frozen=True)
class PlayOutcome:
    """One thing that the observed nodes can show together."""

    values: tuple[tuple[NodeName, Value], ...]

    @property
    def label(self) -> str:
        """The nodes that are reached, with their values: `esc=1, war=0`."""
        return ", ".join(
            f"{node}={value}" for node, value in self.values if value != NOT_APPLICABLE
        )


class OutcomeChances:
    """The chance of each outcome in each row, as a function of the rows' numbers."""

    def __init__(
        self, lowered: Lowered, problem: FitProblem, nodes: tuple[NodeName, ...], rows: int,
        *, alike: np.ndarray,
    ) -> None:  # fmt: skip
        """Prepare.

        Args:
            lowered: The case.
            problem: Whose numbers these are.
            nodes: The nodes whose values make an outcome together.
            rows: How many rows there are.
            alike: A label a row; rows with one label always have the same numbers.

        Raises:
            CommandError: There are too many outcomes.
        """
        self.lowered, self.nodes, self.rows, self.alike = lowered, nodes, rows, alike
        self.game = problem.likelihood.game
        self.free, self.types = problem.design.numbers, problem.likelihood.types
        self.outcomes = self._possible(problem.design.rows(problem.design.start())[:1])

    @cached_property
    def _likelihood(self) -> Likelihood:
        evidence = {
            node: np.repeat(
                np.array([self._seen(node, dict(o.values)[node]) for o in self.outcomes]),
                self.rows,
                axis=0,
            )
            for node in self.nodes
        }
        return self._likelihood_of(evidence, np.tile(self.alike, len(self.outcomes)))

    def _likelihood_of(self, evidence: dict[NodeName, np.ndarray], alike: np.ndarray) -> Likelihood:
        return Likelihood(
            self.game,
            self.free,
            evidence,
            beliefs=self.lowered.beliefs,
            types=self.types,
            alike=alike,
        )

    def __call__(
        self, numbers: Float[np.ndarray, "row number"]
    ) -> tuple[Float[np.ndarray, "row outcome"], Bool[np.ndarray, " row"]]:
        """The chances, and the rows in which play was found."""
        count = len(self.outcomes)
        values = self._likelihood.on_principal_branch(np.tile(numbers, (count, 1)))
        chances = np.exp(values.log).reshape(count, self.rows).T
        has_play = (values.settled | np.isneginf(values.log)).reshape(count, self.rows).all(axis=0)
        total = chances.sum(axis=1, keepdims=True)
        return chances / np.where(total > 0, total, 1.0), has_play & (
            np.abs(total[:, 0] - 1) < 1e-6
        )

    def begin_again(self) -> None:
        """Forget what was played last."""
        self._likelihood.begin_again()

    def compatible(self, evidence: Any) -> Bool[np.ndarray, "row outcome"]:
        """For each row which outcomes agree with what was seen."""
        agree = np.ones((len(next(iter(evidence.values()))), len(self.outcomes)), bool)
        for node in self.nodes:
            domain = self.lowered.diagram.domains[node]
            place = [domain.index(dict(o.values)[node]) for o in self.outcomes]
            agree &= evidence[node][:, place] > 0
        return agree

    def _seen(self, node: NodeName, value: Value) -> np.ndarray:
        domain = self.lowered.diagram.domains[node]
        return np.array([1.0 if one == value else 0.0 for one in domain])

    def _possible(self, numbers: np.ndarray) -> tuple[PlayOutcome, ...]:
        domains = self.lowered.diagram.domains
        count = int(np.prod([len(domains[node]) for node in self.nodes]))
        if count > MOST_TOGETHER:
            raise CommandError(
                f"{', '.join(self.nodes)} can show {count:,} combinations of values; at most "
                f"{MOST_TOGETHER:,} are looked at. Name the outcome's nodes (--outcome NODE,NODE)."
            )
        every = list(product(*(domains[node] for node in self.nodes)))
        evidence = {
            node: np.array([self._seen(node, values[i]) for values in every])
            for i, node in enumerate(self.nodes)
        }
        likelihood = self._likelihood_of(evidence, np.zeros(len(every), int))
        logs = likelihood.on_principal_branch(np.tile(numbers, (len(every), 1))).log
        possible = [values for values, log in zip(every, logs, strict=True) if np.isfinite(log)]
        if len(possible) > MOST:
            raise CommandError(
                f"{', '.join(self.nodes)} have {len(possible):,} outcomes together; at most {MOST} can be "
                "predicted. Name the outcome's nodes (--outcome NODE,NODE)."
            )
        return tuple(
            PlayOutcome(tuple(zip(self.nodes, values, strict=True))) for values in possible
        )
