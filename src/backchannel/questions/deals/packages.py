"""Packages: solve every package of a deal, on paper and as it would be kept.

On paper, every promise that can be kept is kept; everything else is replanned from the deal's day. As kept,
the promises are free again: the maker of a promise compares the value of the rest of the deal, kept with its
own probability, with that of another action. After a broken promise, all play as if there were no deal, and
the declared penalties are due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.deals import Amount, Deal, Package
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.names import NodeName, PlayerName
from backchannel.questions.deals.level_views import TRUTH
from backchannel.questions.deals.model_futures import futures_of
from backchannel.questions.deals.package_plan import ChunkResult, PackagePlan
from backchannel.workers.workers import PieceWork, Tell, workers

DRAWS_PER_CHUNK = 64
"""Draws that go through the compiled program together."""
PIECES_EACH = 4
"""Pieces that each worker of a cluster gets, at least, so that all end at about the same time."""


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
    kept: Float[np.ndarray, "package promise draw"]
    """P(this promise and all of earlier steps are kept | record). A promise that a package leaves out counts
    as kept once the ones before it are, here and below."""
    able: Float[np.ndarray, "package promise draw"]
    """P(the promises of earlier steps are kept and this one can be | record)."""
    best: Float[np.ndarray, "package promise draw"]
    """P(the promises of earlier steps are kept and keeping this one is a best reply | record)."""
    through: Float[np.ndarray, "package promise draw"]
    """P(all promises before this one, it, and those kept at the same time are kept | record)."""
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
    players = tuple(
        dict.fromkeys([*deal.concerned, *(p for amount in extra for p in amount.effect)])
    )
    solved = _empty(ensemble, deal, tuple(packages), players, chosen)
    variants: dict[tuple[NodeName, ...], list[int]] = {}
    for i, package in enumerate(packages):
        variants.setdefault(tuple(package.terms), []).append(i)
    for positions in variants.values():
        own = [packages[i] for i in positions]
        variant = deal.variant(own[0])
        plan = PackagePlan(
            variant,
            own,
            (*deal.amounts, *extra),
            None if sizes is None else sizes[positions],
            futures_of(ensemble, variant),
            players,
        )
        _solve_variant(solved, plan, positions, chosen, progress)
    return solved


def _solve_variant(
    solved: Packages,
    plan: PackagePlan,
    positions: Sequence[int],
    chosen: Int[np.ndarray, " some"],
    progress: Callable[[int], None] | None,
) -> None:
    """Solve the packages that have the same steps, and store them at their positions."""
    futures = plan.futures
    # Draws with similar precision need similar numbers of updates, and a chunk waits for its slowest.
    precision = sum(np.asarray(row) for row in futures.views[TRUTH].game.precision.values())
    order = np.argsort(np.asarray(precision)[chosen], kind="stable")
    most = min(DRAWS_PER_CHUNK, len(chosen))
    size = min(p.draws_at_once(most) for p in futures.programs(plan.players))
    pieces = [
        (order[start : start + size], which)
        for start in range(0, len(order), size)
        for which in _shares(len(plan.packages), -(-len(order) // size))
    ]

    def piece(thing: tuple[np.ndarray, range]) -> tuple[PackagePlan, range, int]:
        part, which = thing
        rows = np.concatenate([part, np.full(size - len(part), part[-1])])
        return plan.of(chosen[rows]), which, len(part)

    def keep(thing: tuple[np.ndarray, range], result: tuple[int, PackageRows]) -> None:
        _store(solved, positions[result[0]], thing[0], result[1])

    job = PieceWork(_solve_piece, None, piece, keep, progress)
    for _ in workers().carry_out(job, pieces):
        pass


def _empty(
    ensemble: Ensemble,
    deal: Deal,
    packages: tuple[Package, ...],
    players: tuple[PlayerName, ...],
    draws: np.ndarray,
) -> Packages:
    shape = (len(packages), len(draws))
    erring = {belief.player for belief in ensemble.beliefs}
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
        through=np.zeros(steps),
        expected={p: np.zeros(shape) for p in deal.parties if p in erring},
        # A draw that did not converge in the case itself is left out here too.
        converged=np.tile(ensemble.converged[draws], (len(packages), 1)),
    )


@dataclass(frozen=True)
class PackageRows:
    """The results of one package in some draws; names as in `Packages`."""

    on_paper: Float[np.ndarray, "draw player"]
    as_kept: Float[np.ndarray, "draw player"]
    possible: Float[np.ndarray, " draw"]
    by_promise: Mapping[NodeName, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]
    """Of each promise that the package makes: kept, able, best and through, by draw."""
    expected: Mapping[PlayerName, Float[np.ndarray, " draw"]]
    converged: Bool[np.ndarray, " draw"]


def _shares(n_packages: int, n_parts: int) -> list[range]:
    """Cut packages where there are more workers than parts of the draws; a thread takes all of a part."""
    shares = min(n_packages, max(1, PIECES_EACH * workers().count // n_parts))
    size = -(-n_packages // max(shares, 1))
    return [range(i, min(i + size, n_packages)) for i in range(0, n_packages, size)]


def _solve_piece(
    _: None, piece: tuple[PackagePlan, range, int], tell: Tell
) -> Iterator[tuple[int, PackageRows]]:
    """Solve some packages in some draws; draws from `count` on only fill the chunk."""
    plan, which, count = piece
    for i, result in plan.solved(which):
        tell(count)
        yield i, _rows(plan, result, slice(0, count))


def _rows(plan: PackagePlan, result: ChunkResult, rows: slice) -> PackageRows:
    future, players = plan.futures.future, plan.players
    kept, on_paper = result.kept[TRUTH], result.paper[TRUTH].through
    last = future.promised[-1] if future.promised else None
    return PackageRows(
        on_paper=np.stack([result.paper_gain(TRUTH, p)[rows] for p in players], axis=-1),
        as_kept=np.stack([result.kept_gain(TRUTH, p)[rows] for p in players], axis=-1),
        possible=on_paper[last][rows] if last else np.ones(len(result.converged[rows])),
        by_promise={
            node: (
                kept.kept[node][rows],
                kept.able[node][rows],
                kept.best[node][rows],
                kept.through[future.step_of(node)[-1]][rows],
            )
            for node in kept.kept
        },
        expected={
            p: result.paper_gain(p, p)[rows] for p in plan.deal.parties if p in plan.futures.views
        },
        converged=result.converged[rows],
    )


def _store(solved: Packages, i: int, part: np.ndarray, rows: PackageRows) -> None:
    solved.on_paper[i, part] = rows.on_paper
    solved.as_kept[i, part] = rows.as_kept
    solved.possible[i, part] = rows.possible
    for player, gains in rows.expected.items():
        solved.expected[player][i, part] = gains
    reached = np.ones(len(part))
    for k, commitment in enumerate(solved.deal.commitments):
        if own := rows.by_promise.get(commitment.node):
            solved.kept[i, k, part], solved.able[i, k, part], solved.best[i, k, part], reached = own
        else:
            solved.kept[i, k, part] = solved.able[i, k, part] = solved.best[i, k, part] = reached
        solved.through[i, k, part] = reached
    solved.converged[i, part] &= rows.converged
