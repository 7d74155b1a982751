"""Enforcing: the smallest penalty or payment that makes every promise of a package hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from backchannel.diagram.deals import Amount, Deal, Package
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import mean
from backchannel.language.errors import CommandError
from backchannel.language.evaluation import evaluate
from backchannel.language.names import PlayerName, did_you_mean
from backchannel.questions.deals.packages import Packages, solve_packages
from backchannel.questions.deals.results import Deals

THRESHOLD = 0.9
"""Required P(kept | it can be, and the earlier ones are) of every promise."""
ENFORCEMENT_DRAWS = 128
"""Draws in which sizes are searched."""
SIZES_PER_ROUND = 10
"""Sizes that are tried together in each round of the search."""
SEARCH_ROUNDS = 3
MOST_SOLVES = 6 * SIZES_PER_ROUND * SEARCH_ROUNDS * ENFORCEMENT_DRAWS
"""Most packages times draws of a search with two parties."""

Standard = Literal["chance", "best reply"]
STANDARDS: tuple[Standard, ...] = get_args(Standard)


def check_standard(standard: str) -> None:
    """Check the word for a standard.

    Raises:
        CommandError: There is no such standard.
    """
    if standard not in STANDARDS:
        raise CommandError(
            f"No standard is called '{standard}'.{did_you_mean(str(standard), list(STANDARDS))} "
            f"There are: {', '.join(STANDARDS)}."
        )


@dataclass(frozen=True)
class Enforcement:
    """One instrument, and the size that is enough."""

    kind: Literal["penalty", "payment"]
    """A penalty for the party that breaks the deal, or an outside payment after all promises are kept."""
    players: tuple[PlayerName, ...]
    """Who pays or receives it: the same amount for each."""
    size: float | None
    """The smallest that is enough, in the utility unit, in addition to the deal's own amounts; 0 if
    nothing is needed, `None` if nothing up to `most` is enough."""
    most: float
    """The largest that was tried."""
    chances: tuple[float, ...]
    """P(each promise is kept | it can be, and the earlier ones are) at that size, or the largest."""
    already: tuple[float, ...]
    """What the package itself has of the kind for each of the players, mean over the weighted draws."""


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

    For each party with a promise, and for all of them together, the penalty for breaking the deal and
    the outside payment for completing it are raised until every promise reaches the threshold. Each
    round tries several sizes of all instruments in one batch: first powers of two, then a finer grid
    between the largest size that is not enough and the smallest that is.

    Args:
        ensemble: The solved case.
        deals: The deal's packages.
        package: Position of the package.
        threshold: The probability that every promise must reach.
        standard: Which probability: that the promise is kept, or that keeping it is a best reply.
        progress: Called with the number of draws done.
    """
    deal = deals.deal.variant(deals.packages[package])
    makers = deal.makers
    groups = [(p,) for p in makers] + ([makers] if len(makers) > 1 else [])
    targets = [(kind, group) for kind in ("penalty", "payment") for group in groups]
    extra = _amounts(deal, makers)
    most = _at_stake(ensemble, makers)
    draws = np.flatnonzero(deals.weights > 0)[:ENFORCEMENT_DRAWS]
    search = _Search(ensemble, deal, deals.packages[package], extra, makers, draws, standard)
    low = np.zeros(len(targets))
    high = np.full(len(targets), most)
    sufficient: list[tuple[float, ...] | None] = [None] * len(targets)
    largest: list[tuple[float, ...]] = [()] * len(targets)
    for search_round in range(SEARCH_ROUNDS):
        rows = [_row(low[t], high[t], first=search_round == 0) for t in range(len(targets))]
        open_targets = [
            t for t in range(len(targets)) if search_round == 0 or sufficient[t] is not None
        ]
        tried = search.chances([(targets[t], x) for t in open_targets for x in rows[t]], progress)
        for n, t in enumerate(open_targets):
            chances = tried[n * SIZES_PER_ROUND : (n + 1) * SIZES_PER_ROUND]
            enough = [min(c) >= threshold for c in chances]
            largest[t] = chances[-1]
            if any(enough):
                first = enough.index(True)
                sufficient[t], high[t] = chances[first], rows[t][first]
                low[t] = rows[t][first - 1] if first else low[t]
    return [
        Enforcement(
            kind=kind,  # type: ignore[arg-type]
            players=group,
            size=None if sufficient[t] is None else float(high[t]),
            most=most,
            chances=sufficient[t] or largest[t],
            already=tuple(_already(ensemble, deals, package, kind, player) for player in group),
        )
        for t, (kind, group) in enumerate(targets)
    ]


def _row(low: float, high: float, *, first: bool) -> np.ndarray:
    if first:
        return np.concatenate([[0.0], high / 2.0 ** np.arange(SIZES_PER_ROUND - 2, -1, -1)])
    return np.linspace(low, high, SIZES_PER_ROUND)


def _amounts(deal: Deal, makers: Sequence[PlayerName]) -> list[Amount]:
    final = max(c.step for c in deal.commitments)
    penalties = [Amount(f"penalty on {p}", (), {p: -1.0}, None, (p,)) for p in makers]
    payments = [Amount(f"payment to {p}", (), {p: 1.0}, final) for p in makers]
    return [*penalties, *payments]


def _already(
    ensemble: Ensemble, deals: Deals, package: int, kind: str, player: PlayerName
) -> float:
    """What a package's own amounts cost a player that breaks it, or pay it after all is kept."""
    total = 0.0
    sizes = deals.packages[package].amounts
    for amount, size in zip(deals.deal.amounts, sizes, strict=True):
        share = amount.effect.get(player, 0.0)
        is_due = player in amount.breakers if amount.step is None else share > 0
        if size is not None and is_due and (amount.step is None) == (kind == "penalty"):
            values = {name: ensemble.numbers[name][: deals.n_draws] for name in size.names}
            row = np.broadcast_to(evaluate(size, values), (deals.n_draws,))
            total += abs(share) * float(mean(row, deals.weights))
    return total


def _at_stake(ensemble: Ensemble, makers: Sequence[PlayerName]) -> float:
    """Twice the utility range of a promise's maker in the case, as a mean over draws."""
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
        trials: Sequence[tuple[tuple[str, tuple[PlayerName, ...]], float]],
        progress: Callable[[int], None] | None,
    ) -> list[tuple[float, ...]]:
        """Compute the chances of the promises, for instruments of given sizes."""
        if not trials:
            return []
        sizes = np.zeros((len(trials), len(self.extra)))
        for i, ((kind, group), size) in enumerate(trials):
            offset = 0 if kind == "penalty" else len(self.makers)
            for player in group:
                sizes[i, offset + self.makers.index(player)] = size
        solved = solve_packages(
            self.ensemble,
            self.deal,
            [self.package] * len(trials),
            extra=self.extra,
            sizes=sizes,
            draws=self.draws,
            progress=progress,
        )
        return [self._chances(solved, i) for i in range(len(trials))]

    def _chances(self, solved: Packages, i: int) -> tuple[float, ...]:
        weights = solved.weights * solved.converged[i]
        able = solved.able[i] @ weights
        top = (solved.kept if self.standard == "chance" else solved.best)[i] @ weights
        return tuple(np.divide(top, able, out=np.zeros(len(top)), where=able > 0).tolist())
