"""Enforcing: the smallest penalty or payment with which every promise of a package is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backchannel.diagram.deals import Amount, Deal, Package
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.names import PlayerName
from backchannel.questions.deals.ask import Deals
from backchannel.questions.deals.packages import Packages, solve_packages

THRESHOLD = 0.9
"""Chance with which every promise is to be kept where it can be, given that the earlier ones are."""
MOST_DRAWS = 128
"""Draws in which the sizes are sought."""
POINTS = 10
"""Sizes that are tried at once, on each round of the search."""
ROUNDS = 3
MOST_SOLVES = 6 * POINTS * ROUNDS * MOST_DRAWS
"""Packages times draws that a search between two parties takes at most."""

Standard = Literal["chance", "best reply"]


@dataclass(frozen=True)
class Enforcement:
    """One instrument, and how much of it is enough."""

    kind: Literal["penalty", "payment"]
    """A penalty on who breaks the deal, or a payment from outside when all of it has been kept."""
    players: tuple[PlayerName, ...]
    """On whom, or to whom: each of them the same."""
    size: float | None
    """The smallest that is enough, in the utility unit and beside what the deal has already;
    0 if nothing is needed, `None` if nothing up to `most` is enough."""
    most: float
    """The largest that was tried."""
    chances: tuple[float, ...]
    """P(each promise is kept | it can be, and the earlier ones are) at that size, or the largest."""


def enforce(
    ensemble: Ensemble,
    deals: Deals,
    package: int,
    *,
    threshold: float = THRESHOLD,
    standard: Standard = "chance",
    progress: Callable[[int], None] | None = None,
) -> list[Enforcement]:
    """Find the smallest penalties and payments that make a package hold.

    For every party that promises something, and for all of them alike: the penalty for breaking,
    and the payment from outside for completing, are raised until every promise is kept with at
    least the threshold. Sizes are tried a row at a time, all instruments in one batch, first over
    powers of two and then ever closer between the last that is not enough and the first that is.

    Args:
        ensemble: The solved case.
        deals: The deal's packages.
        package: Position of the package.
        threshold: What every promise must reach.
        standard: What must reach it: the chance that a promise is kept, or the chance that keeping
            it is a best reply.
        progress: Called with the number of draws done.
    """
    deal = deals.deal
    makers = tuple(dict.fromkeys(c.player for c in deal.commitments))
    groups = [(p,) for p in makers] + ([makers] if len(makers) > 1 else [])
    targets = [(kind, group) for kind in ("penalty", "payment") for group in groups]
    extra = _amounts(deal, makers)
    most = _at_stake(ensemble, makers)
    draws = np.flatnonzero(deals.weights > 0)[:MOST_DRAWS]
    search = _Search(ensemble, deal, deals.packages[package], extra, makers, draws, standard)
    low = np.zeros(len(targets))
    high = np.full(len(targets), most)
    found: list[tuple[float, ...] | None] = [None] * len(targets)
    last: list[tuple[float, ...]] = [()] * len(targets)
    for turn in range(ROUNDS):
        rows = [_row(low[t], high[t], first=turn == 0) for t in range(len(targets))]
        asked = [t for t in range(len(targets)) if turn == 0 or found[t] is not None]
        tried = search.chances([(targets[t], x) for t in asked for x in rows[t]], progress)
        for n, t in enumerate(asked):
            chances = tried[n * POINTS : (n + 1) * POINTS]
            enough = [min(c) >= threshold for c in chances]
            last[t] = chances[-1]
            if any(enough):
                first = enough.index(True)
                found[t], high[t] = chances[first], rows[t][first]
                low[t] = rows[t][first - 1] if first else low[t]
    return [
        Enforcement(
            kind=kind,  # type: ignore[arg-type]
            players=group,
            size=None if found[t] is None else float(high[t]),
            most=most,
            chances=found[t] or last[t],
        )
        for t, (kind, group) in enumerate(targets)
    ]


def _row(low: float, high: float, *, first: bool) -> np.ndarray:
    if first:
        return np.concatenate([[0.0], high / 2.0 ** np.arange(POINTS - 2, -1, -1)])
    return np.linspace(low, high, POINTS)


def _amounts(deal: Deal, makers: Sequence[PlayerName]) -> list[Amount]:
    final = max(c.step for c in deal.commitments)
    penalties = [Amount(f"penalty on {p}", (), {p: -1.0}, None, (p,)) for p in makers]
    payments = [Amount(f"payment to {p}", (), {p: 1.0}, final) for p in makers]
    return [*penalties, *payments]


def _at_stake(ensemble: Ensemble, makers: Sequence[PlayerName]) -> float:
    """Twice all that a maker of a promise can win or lose in the case, mean over draws."""
    game = ensemble.play.models.truth.game
    spans = dict.fromkeys(makers, 0.0)
    for term in game.terms:
        if term.player in spans:
            flat = term.worth.reshape(len(term.worth), -1)
            spans[term.player] += float((flat.max(axis=1) - flat.min(axis=1)).mean())
    return 2.0 * max(spans.values())


@dataclass(frozen=True)
class _Search:
    ensemble: Ensemble
    deal: Deal
    package: Package
    extra: Sequence[Amount]
    makers: tuple[PlayerName, ...]
    draws: np.ndarray
    standard: Standard

    def chances(
        self,
        asked: Sequence[tuple[tuple[str, tuple[PlayerName, ...]], float]],
        progress: Callable[[int], None] | None,
    ) -> list[tuple[float, ...]]:
        """For each instrument at some size the chances of the promises."""
        if not asked:
            return []
        sizes = np.zeros((len(asked), len(self.extra)))
        for i, ((kind, group), size) in enumerate(asked):
            offset = 0 if kind == "penalty" else len(self.makers)
            for player in group:
                sizes[i, offset + self.makers.index(player)] = size
        solved = solve_packages(
            self.ensemble,
            self.deal,
            [self.package] * len(asked),
            extra=self.extra,
            sizes=sizes,
            draws=self.draws,
            progress=progress,
        )
        return [self._chances(solved, i) for i in range(len(asked))]

    def _chances(self, solved: Packages, i: int) -> tuple[float, ...]:
        weights = solved.weights * solved.converged[i]
        able = solved.able[i] @ weights
        top = (solved.kept if self.standard == "chance" else solved.best)[i] @ weights
        return tuple(np.divide(top, able, out=np.zeros(len(top)), where=able > 0).tolist())
