"""Packages: solve every package of a deal, on paper and as it would be kept.

On paper, every promise that can be kept is kept; everything else is replanned from the deal's day. As kept,
the promises are free again: the maker of a promise compares the value of the rest of the deal, kept with its
own probability, with that of another action. After a broken promise, all play as if there were no deal, and
the declared penalties are due.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event, Lock

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.deals import Amount, Deal, Package
from backchannel.ensemble.ensemble import Ensemble
from backchannel.equilibrium.deals.program import program_of
from backchannel.language.names import PlayerName
from backchannel.machine.memory import carried
from backchannel.questions.deals.level_views import TRUTH
from backchannel.questions.deals.model_futures import ModelFutures, futures_of
from backchannel.questions.deals.package_plan import ChunkResult, PackagePlan

DRAWS_PER_CHUNK = 64
"""Draws that go through the compiled program together."""


@dataclass(frozen=True)
class Packages:
    """The results of every package in every draw; gains are over disagreement."""

    deal: Deal
    packages: tuple[Package, ...]
    players: tuple[PlayerName, ...]
    """The parties first, then other players that the deal concerns: the order of the last axes below."""
    weights: Float[np.ndarray, " draw"]
    """Each draw's weight given the record; 0 where the play without a deal did not converge."""
    on_paper: Float[np.ndarray, "package draw player"]
    """Gain if every promise that can be kept is kept, in the case's utility unit."""
    as_kept: Float[np.ndarray, "package draw player"]
    """Gain if every promise is kept as often as its maker would keep it."""
    possible: Float[np.ndarray, "package draw"]
    """P(every promise can be kept | the earlier ones are)."""
    kept: Float[np.ndarray, "package step draw"]
    """P(this and every earlier promise is kept | record); a step is one promised decision."""
    able: Float[np.ndarray, "package step draw"]
    """P(earlier promises are kept and this one can be | record)."""
    best: Float[np.ndarray, "package step draw"]
    """P(earlier promises are kept and keeping this one is a best reply | record)."""
    expected: Mapping[PlayerName, Float[np.ndarray, "package draw"]]
    """For each party with wrong beliefs, the gain on paper that it expects."""
    converged: Bool[np.ndarray, "package draw"]
    """Whether the play of a draw converged."""


def solve_packages(
    ensemble: Ensemble,
    deal: Deal,
    packages: Sequence[Package],
    *,
    extra: Sequence[Amount] = (),
    sizes: Float[np.ndarray, "package extra"] | None = None,
    draws: Int[np.ndarray, " some"] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Packages:
    """Solve some packages of a deal in every draw.

    Args:
        ensemble: The solved case.
        deal: The family that the packages belong to.
        packages: Which of them.
        extra: Amounts in addition to the deal's own; their alternatives are ignored.
        sizes: The size of each extra amount in each package.
        draws: The draws to solve; all, if left out.
        progress: Called with the number of draws done.

    Raises:
        CommandError: Too many past events matter after the deal's day.
    """
    chosen = np.arange(ensemble.n_draws) if draws is None else draws
    futures = futures_of(ensemble, deal)
    players = tuple(
        dict.fromkeys([*deal.concerned, *(p for amount in extra for p in amount.effect)])
    )
    plan = PackagePlan(deal, packages, (*deal.amounts, *extra), sizes, futures, players)
    # Draws with similar precision need similar numbers of updates, and a chunk waits for its slowest.
    precision = sum(np.asarray(row) for row in futures.views[TRUTH].game.precision.values())
    order = np.argsort(np.asarray(precision)[chosen], kind="stable")
    packages_solved = _empty(ensemble, deal, tuple(packages), players, chosen, futures)
    size = program_of(futures.future, players).draws_at_once(min(DRAWS_PER_CHUNK, len(chosen)))
    parts = [order[start : start + size] for start in range(0, len(order), size)]

    stopped, counting = Event(), Lock()

    def work(part: np.ndarray) -> None:
        rows = np.concatenate([part, np.full(size - len(part), part[-1])])
        for i, outcome in plan.solved(chosen[rows]):
            _store(packages_solved, i, part, outcome)
            if stopped.is_set():
                return
            if progress:
                with counting:
                    progress(len(part))

    with ThreadPoolExecutor(max(1, min(4, os.cpu_count() or 1))) as pool:
        try:
            list(pool.map(carried(work), parts))
        except BaseException:
            # After an interrupt or an error in one part, the others need not finish.
            stopped.set()
            raise
    return packages_solved


def _empty(
    ensemble: Ensemble,
    deal: Deal,
    packages: tuple[Package, ...],
    players: tuple[PlayerName, ...],
    draws: np.ndarray,
    futures: ModelFutures,
) -> Packages:
    shape = (len(packages), len(draws))
    steps = (len(packages), len(deal.commitments), len(draws))
    return Packages(
        deal=deal,
        packages=packages,
        players=players,
        weights=ensemble.weights[draws],
        on_paper=np.zeros((*shape, len(players))),
        as_kept=np.zeros((*shape, len(players))),
        possible=np.zeros(shape),
        kept=np.zeros(steps),
        able=np.zeros(steps),
        best=np.zeros(steps),
        expected={p: np.zeros(shape) for p in deal.parties if p in futures.views},
        # A draw that did not converge in the case itself is left out here too.
        converged=np.tile(ensemble.converged[draws], (len(packages), 1)),
    )


def _store(solved: Packages, i: int, part: np.ndarray, result: ChunkResult) -> None:
    rows = slice(0, len(part))
    for j, player in enumerate(solved.players):
        solved.on_paper[i, part, j] = result.paper_gain(TRUTH, player)[rows]
        solved.as_kept[i, part, j] = result.kept_gain(TRUTH, player)[rows]
    for player, gains in solved.expected.items():
        gains[i, part] = result.paper_gain(player, player)[rows]
    for k, commitment in enumerate(solved.deal.commitments):
        solved.kept[i, k, part] = result.kept[TRUTH].kept[commitment.node][rows]
        solved.able[i, k, part] = result.kept[TRUTH].able[commitment.node][rows]
        solved.best[i, k, part] = result.kept[TRUTH].best[commitment.node][rows]
    last = solved.deal.commitments[-1].node if solved.deal.commitments else None
    solved.possible[i, part] = result.paper[TRUTH].kept[last][rows] if last else 1.0
    solved.converged[i, part] &= result.converged[rows]
