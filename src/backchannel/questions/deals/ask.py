"""Deals: which package would be agreed, which would be kept, and what would make it hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int

from backchannel.diagram.deals import Deal, Package
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.weighted import effective_size, mean, quantile
from backchannel.language.errors import CommandError, ConvergenceError
from backchannel.language.names import NodeName, PlayerName, did_you_mean
from backchannel.questions.deals.bargaining import (
    closest,
    in_range,
    kalai_smorodinsky,
    kalai_smorodinsky_by_draw,
    nash,
    nash_by_draw,
    pareto,
)
from backchannel.questions.deals.packages import Packages, solve_packages
from backchannel.wording.result import Result

LOW, HIGH = 0.05, 0.95
"""Ends of the range over draws that is shown."""
MOST_SOLVED = 10_000 * 256
"""Packages times draws that are solved; a larger family is solved in fewer draws."""
FEWEST_DRAWS = 256


@dataclass(frozen=True)
class Spread:
    """A number per draw, summed up: its mean is the answer, its range is ignorance."""

    mean: float
    low: float
    high: float
    above: float
    """Share of the weighted draws in which it is above 0."""


@dataclass(frozen=True)
class Kept:
    """One promise of one package: how far it would be kept."""

    node: NodeName
    player: PlayerName
    value: str | int | float
    able: float
    """P(it can be kept at all | the earlier ones are, record)."""
    chance: float
    """P(it is kept | it can be, and the earlier ones are, record)."""
    low: float
    high: float
    best_reply: float
    """P(keeping it is a best reply | it can be kept, and the earlier ones are, record)."""


@dataclass(frozen=True)
class Deals(Result):
    """Everything about one deal: its packages over the weighted draws."""

    solved: Packages
    weights: Float[np.ndarray, " draw"]
    """0 where some package did not settle, so that all packages are compared on the same draws."""
    left_out: float
    """Share of the draws that did not settle for some package."""

    @property
    def deal(self) -> Deal:
        return self.solved.deal

    @property
    def packages(self) -> tuple[Package, ...]:
        return self.solved.packages

    @property
    def parties(self) -> tuple[PlayerName, ...]:
        return self.deal.parties

    @property
    def n_draws(self) -> int:
        """Draws that the packages were solved in."""
        return len(self.weights)

    @property
    def effective_draws(self) -> float:
        """How many equally weighted draws the weights are worth."""
        return effective_size(self.weights)

    @cached_property
    def gains(self) -> Float[np.ndarray, "package party"]:
        """Expected gain of each party on paper."""
        return self._mean(self.solved.on_paper)[:, : len(self.parties)]

    @cached_property
    def in_range(self) -> Bool[np.ndarray, " package"]:
        """The bargaining range: packages whose expected gains all parties prefer to disagreement."""
        return in_range(self.gains)

    @cached_property
    def pareto(self) -> Bool[np.ndarray, " package"]:
        """Packages that no other betters for all parties, by expected gains."""
        return pareto(self.gains)

    @cached_property
    def nash(self) -> int | None:
        """Position of the Nash package by expected gains; of equal ones that kept most surely."""
        return self._surest_twin(nash(self.gains))

    @cached_property
    def kalai_smorodinsky(self) -> int | None:
        """Position of the Kalai–Smorodinsky package, likewise."""
        return self._surest_twin(kalai_smorodinsky(self.gains))

    @cached_property
    def kept(self) -> Float[np.ndarray, " package"]:
        """P(every promise is kept | record)."""
        if not self.deal.commitments:
            return np.ones(len(self.packages))
        return self._mean_of(self.solved.kept[:, -1])

    @property
    def closest(self) -> int:
        """The package whose worst-placed party gains most."""
        return closest(self.gains)

    @property
    def chosen(self) -> int:
        """The package to look at first: of the range the one kept most surely, else the closest."""
        if not self.in_range.any():
            return self.closest
        return int(np.where(self.in_range, self.kept, -1.0).argmax())

    def gain(self, package: int, player: PlayerName, *, kept: bool = False) -> Spread:
        """A player's gain over disagreement, on paper or as it would be kept."""
        table = self.solved.as_kept if kept else self.solved.on_paper
        return self._spread(table[package, :, self.solved.players.index(player)])

    def expected(self, package: int, player: PlayerName) -> Spread | None:
        """The gain on paper that a party expects which errs about the case; `None` if it does not."""
        found = self.solved.expected.get(player)
        return None if found is None else self._spread(found[package])

    def steps(self, package: int) -> list[Kept]:
        """How far each promise would be kept where it can be, given that the earlier ones are."""
        found = []
        before = 1.0
        for k, c in enumerate(self.deal.commitments):
            now, able, best = (
                table[package, k]
                for table in (self.solved.kept, self.solved.able, self.solved.best)
            )
            with np.errstate(invalid="ignore", divide="ignore"):
                per_draw = np.where(able > 0, now / able, np.nan)
            kept, can, is_best = self._mean_of(np.stack([now, able, best]))
            usable = self.weights * np.isfinite(per_draw)
            found.append(
                Kept(
                    node=c.node,
                    player=c.player,
                    value=self.packages[package].terms[c.node],
                    able=_over(can, before),
                    chance=_over(kept, can),
                    low=quantile(per_draw, usable, LOW) if usable.any() else float("nan"),
                    high=quantile(per_draw, usable, HIGH) if usable.any() else float("nan"),
                    best_reply=_over(is_best, can),
                )
            )
            before = kept
        return found

    def possible(self, package: int) -> float:
        """P(every promise can be kept at all)."""
        return float(self._mean_of(self.solved.possible[package][None])[0])

    def kept_spread(self, package: int) -> Spread:
        """P(every promise is kept) with its range over draws."""
        last = self.solved.kept[package, -1] if self.deal.commitments else np.ones(self.n_draws)
        return self._spread(last)

    @cached_property
    def range_by_draw(self) -> Float[np.ndarray, " package"]:
        """For each package the share of the weighted draws in which all parties gain."""
        all_gain = np.all(self.solved.on_paper[..., : len(self.parties)] > 0, axis=2)
        return self._mean_of(all_gain.astype(float))

    @cached_property
    def nash_by_draw(self) -> Float[np.ndarray, " package"]:
        """For each package the share of the weighted draws whose Nash package it is.

        Packages that are alike on paper, and differ in penalties alone, share it.
        """
        return self._share(nash_by_draw(self.solved.on_paper[..., : len(self.parties)]))

    @cached_property
    def kalai_smorodinsky_by_draw(self) -> Float[np.ndarray, " package"]:
        """The same for the Kalai–Smorodinsky package."""
        chosen = kalai_smorodinsky_by_draw(self.solved.on_paper[..., : len(self.parties)])
        return self._share(chosen)

    @property
    def empty_by_draw(self) -> float:
        """Share of the weighted draws in which no package is preferred by all parties."""
        some = np.all(self.solved.on_paper[..., : len(self.parties)] > 0, axis=2).any(axis=0)
        return 1.0 - float(mean(some.astype(float), self.weights))

    def blockers(self, package: int) -> list[PlayerName]:
        """The parties that a package does not leave better off."""
        return [p for p, gain in zip(self.parties, self.gains[package], strict=True) if gain <= 0]

    def to_frame(self) -> pd.DataFrame:
        """One row a package: terms, amounts, gains, range, Pareto, and P(kept)."""
        rows = []
        for i, package in enumerate(self.packages):
            row: dict[str, object] = {"package": package.number, **package.terms}
            row |= {
                amount.label: _plain(str(size.text))
                for amount, size in zip(self.deal.amounts, package.amounts, strict=True)
            }
            for party in self.solved.players:
                gain = self.gain(i, party)
                row |= {f"{party} gains": gain.mean, f"{party} low": gain.low}
                row |= {f"{party} high": gain.high, f"{party} gains in": gain.above}
            for step in self.steps(i):
                row[f"P({step.node} kept)"] = step.chance
            row |= {
                "P(kept)": self.kept[i],
                "in range": bool(self.in_range[i]),
                "Pareto": bool(self.pareto[i]),
                "Nash": i == self.nash,
                "Kalai-Smorodinsky": i == self.kalai_smorodinsky,
            }
            rows.append(row)
        return pd.DataFrame(rows)

    def _mean(self, table: np.ndarray) -> np.ndarray:
        used = self.weights > 0
        weights = self.weights[used] / self.weights[used].sum()
        return np.einsum("pdk,d->pk", table[:, used], weights)

    def _mean_of(self, table: np.ndarray) -> np.ndarray:
        used = self.weights > 0
        return table[:, used] @ (self.weights[used] / self.weights[used].sum())

    def _share(self, chosen: np.ndarray) -> np.ndarray:
        used = chosen >= 0
        counts = np.bincount(chosen[used], self.weights[used], len(self.packages))
        twins = self._twins
        together = np.bincount(twins, counts, len(twins))
        return together[twins] / self.weights.sum()

    @cached_property
    def _twins(self) -> Int[np.ndarray, " package"]:
        """For each package the first one that is the same on paper."""
        paid = [i for i, amount in enumerate(self.deal.amounts) if amount.step is not None]
        first: dict[tuple, int] = {}
        keys = [
            (*package.terms.values(), *(package.amounts[i] for i in paid))
            for package in self.packages
        ]
        return np.array([first.setdefault(key, i) for i, key in enumerate(keys)])

    def _surest_twin(self, index: int | None) -> int | None:
        if index is None:
            return None
        alike = self._twins == self._twins[index]
        return int(np.where(alike, self.kept, -1.0).argmax())

    def _spread(self, row: np.ndarray) -> Spread:
        usable = self.weights * np.isfinite(row)
        if not usable.any():
            return Spread(*[float("nan")] * 4)
        above = float(mean((row > 0) * 1.0, usable))
        return Spread(
            float(mean(row, usable)), quantile(row, usable, LOW), quantile(row, usable, HIGH), above
        )


def deal_named(deals: Mapping[str, Deal], name: str | None) -> Deal:
    """Find a deal of a case; without a name, the only one.

    Raises:
        CommandError: There is no such deal, none at all, or more than one to choose from.
    """
    if not deals:
        raise CommandError("This case has no deals; docs/deals.md shows how to write one.")
    if name is None and len(deals) > 1:
        raise CommandError(f"Say which deal: {', '.join(deals)}.")
    name = name or next(iter(deals))
    if name not in deals:
        hint = did_you_mean(name, list(deals))
        raise CommandError(f"No deal is called '{name}'.{hint} There are: {', '.join(deals)}.")
    return deals[name]


def solve_deal(
    ensemble: Ensemble,
    deal: Deal,
    *,
    most_draws: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Deals:
    """Solve every package of a deal in the draws of a solved case.

    Its value to a party is the expected utility with the promises kept, everything else planned
    anew from the deal's day; whether it is kept is solved backwards over the promises, each weighed
    by its maker against breaking the deal. Disagreement is the play without a deal. All of it given
    the record, on the same draws.

    Args:
        ensemble: The solved case.
        deal: The family of packages.
        most_draws: Look at the first so many draws only.
        progress: Called with the number of draws done after each part of each package.

    Raises:
        CommandError: The record weighs every draw that is looked at with 0.
        ConvergenceError: Too few draws settled.
    """
    draws = np.arange(n_draws_for(ensemble, deal, most_draws))
    solved = solve_packages(ensemble, deal, deal.packages, draws=draws, progress=progress)
    return _weighed(solved)


def n_draws_for(ensemble: Ensemble, deal: Deal, most_draws: int | None = None) -> int:
    """How many of an ensemble's draws a deal's packages are solved in."""
    affordable = max(FEWEST_DRAWS, MOST_SOLVED // deal.n_packages)
    return min(ensemble.n_draws, affordable, most_draws or ensemble.n_draws)


def _weighed(solved: Packages) -> Deals:
    settled = solved.converged.all(axis=0)
    weights = solved.weights * settled
    left_out = 1.0 - float(settled.mean())
    if left_out > 0.5:
        raise ConvergenceError(
            f"Only {1 - left_out:.0%} of the draws settled for every package of the deal "
            f"{solved.deal.name}. Lower the players' precisions or take packages out."
        )
    if not (weights > 0).any():
        raise CommandError(
            f"None of the {len(weights)} draws that the deal {solved.deal.name} was solved in "
            "agrees with the record. Take more draws."
        )
    return Deals(solved, weights, left_out)


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _plain(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def amounts_in_words(deal: Deal, package: Package) -> Mapping[str, str]:
    """The amounts of a package by what they are for."""
    return {
        amount.label: str(size.text)
        for amount, size in zip(deal.amounts, package.amounts, strict=True)
    }
