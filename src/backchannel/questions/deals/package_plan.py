"""Package plan: solve packages in some draws, on paper and as they would be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.deals import Amount, Deal, Package
from backchannel.equilibrium.beliefs.believed_rules import Numbers
from backchannel.equilibrium.deals.program import LADDER, QUICK
from backchannel.equilibrium.deals.solver import DealSolver, Outcome, Terms
from backchannel.equilibrium.settle import CONVERGED
from backchannel.language.evaluation import evaluate
from backchannel.language.names import NodeName, PlayerName
from backchannel.questions.deals.model_futures import ModelFutures

Due: TypeAlias = dict[
    tuple[NodeName, PlayerName], tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]]
]
"""By promise and player: what keeping the promise adds in every draw, and what breaking it adds."""


@dataclass(frozen=True)
class PackagePlan:
    """Packages to solve, with their amounts, in chunks of draws."""

    deal: Deal
    """The deal with the steps that all of the packages have."""
    packages: Sequence[Package]
    amounts: tuple[Amount, ...]
    sizes: np.ndarray | None
    futures: ModelFutures
    players: tuple[PlayerName, ...]

    def of(self, draws: Int[np.ndarray, " some"]) -> PackagePlan:
        """The same packages in some draws."""
        return replace(self, futures=self.futures.of(draws))

    def solved(self, which: range) -> Iterator[tuple[int, ChunkResult]]:
        """Solve some of the packages, one after the other."""
        futures = self.futures
        solver = DealSolver(futures.future, futures.views, futures.takes, self.players)
        n_draws, numbers = solver.n_draws, futures.numbers
        disagreement = {name: solver.disagreement(name) for name in futures.views}
        amounts: dict[tuple[str, str], np.ndarray] = {}
        on_paper: dict[tuple[int, ...], tuple[dict[str, Outcome], np.ndarray]] = {}
        for i in which:
            package = self.packages[i]
            due = {
                name: self._due(package, i, own, n_draws, amounts, name)
                for name, own in numbers.items()
            }
            promised = {
                node: self.futures.future.diagram.domains[node].index(value)
                for node, value in package.terms.items()
            }
            zero = (np.zeros(n_draws), np.zeros(n_draws))
            free = {name: dict.fromkeys(own, zero) for name, own in due.items()}
            terms = tuple(promised.values())
            if terms not in on_paper:
                forced = Terms(promised, free, forced=True)
                on_paper[terms] = _solve_terms(solver, forced)
            paper, paper_converged = on_paper[terms]
            kept, kept_converged = _solve_terms(
                solver, Terms(promised, due, forced=False), only_slow=bool(self.deal.joint)
            )
            yield (
                i,
                ChunkResult(disagreement, due, paper, kept, paper_converged & kept_converged),
            )

    def _due(
        self,
        package: Package,
        i: int,
        numbers: Numbers,
        n_draws: int,
        amounts: dict[tuple[str, str], np.ndarray],
        view: str,
    ) -> Due:
        """Compute what keeping and what breaking each promise adds for each player."""
        due: Due = {
            (c.node, p): (np.zeros(n_draws), np.zeros(n_draws))
            for c in self.deal.commitments
            for p in self.players
        }
        last = {c.step: c.node for c in self.deal.commitments}
        own = len(self.deal.amounts)
        for j, amount in enumerate(self.amounts):
            if j >= own:
                assert self.sizes is not None
                size = np.full(n_draws, self.sizes[i, j - own])
            elif (own_size := package.amounts[j]) is None:
                continue
            else:
                key = (view, repr(own_size))
                if key not in amounts:
                    values = {name: numbers[name] for name in own_size.names}
                    amounts[key] = np.broadcast_to(evaluate(own_size, values), (n_draws,))
                size = amounts[key]
            due_step = max(last, default=0) if amount.after_all else amount.step
            for c in self.deal.commitments:
                keeps = due_step is not None and last.get(due_step) == c.node
                breaks = amount.step is None and c.player in amount.breakers
                for player, share in amount.effect.items():
                    if keeps:
                        due[c.node, player][0][:] += share * size
                    if breaks:
                        due[c.node, player][1][:] += share * size
        return due


@dataclass(frozen=True)
class ChunkResult:
    """The result of one package in the draws of one chunk."""

    disagreement: Mapping[str, Mapping[PlayerName, np.ndarray]]
    due: Mapping[str, Due]
    paper: Mapping[str, Outcome]
    kept: Mapping[str, Outcome]
    converged: np.ndarray

    def paper_gain(self, view: str, player: PlayerName) -> np.ndarray:
        """Gain on paper; an amount counts as far as the promises before it can be kept."""
        outcome = self.paper[view]
        paid = sum(self.due[view][n, player][0] * row for n, row in outcome.through.items())
        return self._gain(outcome, view, player) + paid

    def kept_gain(self, view: str, player: PlayerName) -> np.ndarray:
        """Gain as it would be kept."""
        return self._gain(self.kept[view], view, player)

    def _gain(self, outcome: Outcome, view: str, player: PlayerName) -> np.ndarray:
        before = self.disagreement[view].get(player, 0.0)
        return outcome.worth[player] - before


def _solve_terms(
    solver: DealSolver, terms: Terms, *, only_slow: bool = False
) -> tuple[dict[str, Outcome], np.ndarray]:
    """Solve quickly; where a draw does not converge, solve in small steps of precision instead.

    Promises that are kept at the same time can have several equilibria, each player keeping its own
    because the other does. Small steps of precision (`only_slow`) lead to the one on the principal branch.
    """
    if only_slow:
        outcomes = solver.solve(terms, **LADDER)
        return outcomes, _all_converged(outcomes)
    quick = solver.solve(terms, **QUICK)
    converged = _all_converged(quick)
    if converged.all():
        return quick, converged
    slow = solver.solve(terms, **LADDER)
    slow_converged = _all_converged(slow)

    def choose(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return np.where(converged, first, second)

    mixed = {
        name: Outcome(
            worth={p: choose(row, slow[name].worth[p]) for p, row in outcome.worth.items()},
            kept={n: choose(row, slow[name].kept[n]) for n, row in outcome.kept.items()},
            able={n: choose(row, slow[name].able[n]) for n, row in outcome.able.items()},
            best={n: choose(row, slow[name].best[n]) for n, row in outcome.best.items()},
            through={n: choose(row, slow[name].through[n]) for n, row in outcome.through.items()},
            change=choose(outcome.change, slow[name].change),
        )
        for name, outcome in quick.items()
    }
    return mixed, converged | slow_converged


def _all_converged(outcomes: Mapping[str, Outcome]) -> Bool[np.ndarray, " draw"]:
    worst = np.max([outcome.change for outcome in outcomes.values()], axis=0)
    return np.asarray(worst <= CONVERGED)
