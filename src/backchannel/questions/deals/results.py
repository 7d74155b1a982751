"""Deals: what every package of a deal gives each party, and how far it would be kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float, Int

from backchannel.diagram.deals import Deal, Package
from backchannel.ensemble.weighted import effective_size, mean
from backchannel.language.names import PlayerName
from backchannel.questions.deals.bargaining import (
    closest,
    in_range,
    kalai_smorodinsky,
    kalai_smorodinsky_by_draw,
    nash,
    nash_by_draw,
    pareto,
)
from backchannel.questions.deals.draw_summary import DrawSummary, mean_by_row, summarise
from backchannel.questions.deals.packages import Packages
from backchannel.questions.deals.promises import PromiseOutcome, promise_outcomes
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Deals(Result):
    """A deal with its packages, solved over the weighted draws."""

    solved: Packages
    weights: Float[np.ndarray, " draw"]
    """0 where some package did not converge, so that all packages are compared on the same draws."""
    left_out: float
    """Share of the draws in which some package did not converge."""

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
        """Number of draws in which the packages were solved."""
        return len(self.weights)

    @property
    def effective_draws(self) -> float:
        """Effective sample size of the weights."""
        return effective_size(self.weights)

    @cached_property
    def gains(self) -> Float[np.ndarray, "package party"]:
        """Expected gain of each party if all promises are kept."""
        used = self.weights > 0
        shares = self.weights[used] / self.weights[used].sum()
        gains = np.einsum("pdk,d->pk", self.solved.on_paper[:, used], shares)
        return gains[:, : len(self.parties)]

    @cached_property
    def in_range(self) -> Bool[np.ndarray, " package"]:
        """The bargaining range: packages whose expected gains all parties prefer to disagreement."""
        return in_range(self.gains)

    @cached_property
    def pareto(self) -> Bool[np.ndarray, " package"]:
        """Packages that no other package dominates, by expected gains."""
        return pareto(self.gains)

    @cached_property
    def nash(self) -> int | None:
        """Position of the Nash package by expected gains; of equal ones, the one most likely to be kept."""
        return self._most_likely_kept_equal(nash(self.gains))

    @cached_property
    def kalai_smorodinsky(self) -> int | None:
        """Position of the Kalai–Smorodinsky package, likewise."""
        return self._most_likely_kept_equal(kalai_smorodinsky(self.gains))

    @cached_property
    def kept(self) -> Float[np.ndarray, " package"]:
        """P(every promise is kept | record)."""
        if not self.deal.commitments:
            return np.ones(len(self.packages))
        return mean_by_row(self.solved.through[:, -1], self.weights)

    @property
    def closest(self) -> int:
        """The package with the largest gain of its worst-off party."""
        return closest(self.gains)

    @property
    def chosen(self) -> int:
        """The package to show first: of the range, the one most likely to be kept; otherwise the closest."""
        if not self.in_range.any():
            return self.closest
        return int(np.where(self.in_range, self.kept, -1.0).argmax())

    def gain(self, package: int, player: PlayerName, *, kept: bool = False) -> DrawSummary:
        """A player's gain over disagreement, with all promises kept or as they would be kept."""
        table = self.solved.as_kept if kept else self.solved.on_paper
        return summarise(table[package, :, self.solved.players.index(player)], self.weights)

    def expected(self, package: int, player: PlayerName) -> DrawSummary | None:
        """The gain on paper that a party with wrong beliefs expects; `None` for other parties."""
        gains = self.solved.expected.get(player)
        return None if gains is None else summarise(gains[package], self.weights)

    def steps(self, package: int) -> list[PromiseOutcome]:
        """For each promise that a package has: P(kept | it can be, and the earlier ones are)."""
        return promise_outcomes(self.solved, package, self.weights)

    def possible(self, package: int) -> float:
        """P(every promise can be kept)."""
        return float(mean_by_row(self.solved.possible[package][None], self.weights)[0])

    def kept_spread(self, package: int) -> DrawSummary:
        """P(every promise is kept) with its range over draws."""
        last = self.solved.through[package, -1] if self.deal.commitments else np.ones(self.n_draws)
        return summarise(last, self.weights)

    @cached_property
    def range_by_draw(self) -> Float[np.ndarray, " package"]:
        """For each package the share of the weighted draws in which all parties gain."""
        all_gain = np.all(self.solved.on_paper[..., : len(self.parties)] > 0, axis=2)
        return mean_by_row(all_gain.astype(float), self.weights)

    @cached_property
    def nash_by_draw(self) -> Float[np.ndarray, " package"]:
        """For each package the share of the weighted draws whose Nash package it is.

        Packages that are equal on paper, and differ only in penalties, count as one.
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
        """The parties that do not gain from a package."""
        return [p for p, gain in zip(self.parties, self.gains[package], strict=True) if gain <= 0]

    def to_frame(self) -> pd.DataFrame:
        """One row per package: terms, amounts, gains, range, Pareto, and P(kept)."""
        import pandas as pd

        rows = []
        for i, package in enumerate(self.packages):
            row: dict[str, object] = {"package": package.number}
            row |= {node: package.terms.get(node) for node in self.deal.nodes}
            row |= {
                amount.label: None if size is None else _number_or_text(str(size.text))
                for amount, size in zip(self.deal.amounts, package.amounts, strict=True)
            }
            for party in self.solved.players:
                gain = self.gain(i, party)
                row |= {f"{party} gains": gain.mean, f"{party} low": gain.low}
                row |= {f"{party} high": gain.high, f"{party} gains in": gain.above}
            chances = {step.node: step.chance for step in self.steps(i)}
            row |= {f"P({n} kept)": chances.get(n, float("nan")) for n in self.deal.nodes}
            row |= {
                "P(kept)": self.kept[i],
                "in range": bool(self.in_range[i]),
                "Pareto": bool(self.pareto[i]),
                "Nash": i == self.nash,
                "Kalai-Smorodinsky": i == self.kalai_smorodinsky,
            }
            rows.append(row)
        return pd.DataFrame(rows)

    def _share(self, chosen: np.ndarray) -> np.ndarray:
        used = chosen >= 0
        counts = np.bincount(chosen[used], self.weights[used], len(self.packages))
        groups = self._equal_on_paper
        totals = np.bincount(groups, counts, len(groups))
        return totals[groups] / self.weights.sum()

    @cached_property
    def _equal_on_paper(self) -> Int[np.ndarray, " package"]:
        """For each package, the first one that is equal on paper."""
        paid = [i for i, amount in enumerate(self.deal.amounts) if amount.step is not None]
        first: dict[tuple[Any, ...], int] = {}
        keys = [
            (*package.terms.items(), *(package.amounts[i] for i in paid))
            for package in self.packages
        ]
        return np.array([first.setdefault(key, i) for i, key in enumerate(keys)])

    def _most_likely_kept_equal(self, index: int | None) -> int | None:
        if index is None:
            return None
        equal = self._equal_on_paper == self._equal_on_paper[index]
        return int(np.where(equal, self.kept, -1.0).argmax())


def _number_or_text(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
