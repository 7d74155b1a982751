"""Lower the amounts of a deal: penalties, payments and punishments, and the promises on which each depends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backchannel.case.lower.corners import corners
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.written_deal import WrittenDeal
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.deals import GuaranteeEntry
from backchannel.diagram.deals import Amount, Deal
from backchannel.language.errors import ExpressionError
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression
from backchannel.language.names import ParameterName, PlayerName, did_you_mean
from backchannel.language.priors import Prior


def probe_deals(
    report: CaseReport,
    deals: Mapping[str, Deal],
    priors: Mapping[ParameterName, Prior],
    left_out: frozenset[str] = frozenset(),
) -> None:
    """Evaluate the amounts at the medians and corners of the priors; none may be below 0.

    Amounts that depend on a number of `left_out` are not evaluated.
    """
    numbers = corners(priors)
    for name, deal in deals.items():
        for amount in deal.amounts:
            for expression in amount.alternatives:
                path: KeyPath = ("deals", name)
                if left_out & expression.names or not expression.names <= priors.keys():
                    continue
                try:
                    size = evaluate(expression, {n: numbers[n] for n in expression.names})
                except ExpressionError as error:
                    report.error(path, f"{amount.label}: {error.message}")
                    continue
                if not np.isfinite(size).all() or np.min(size) < 0:
                    report.error(
                        path,
                        f"{amount.label} can be {np.min(size):.3g}, but it must be a number of at least "
                        "0. Write what a player loses under `breach` or `punishes` and what it gets under "
                        "`pays`, each without a minus; or correct the prior.",
                    )


@dataclass(frozen=True)
class AmountReader:
    """Reads what follows if the promises of one deal are kept, or broken."""

    deal: WrittenDeal

    def read(self) -> list[Amount]:
        """Read all amounts; what is wrong is reported."""
        amounts = [*self._penalties(), *self._guarantees()]
        self._check_reasons(amounts)
        return amounts

    def _penalties(self) -> Iterator[Amount]:
        for player, amounts in self.deal.entry.breach.items():
            here = (*self.deal.path, "breach", player)
            if player not in self.deal.entry.parties:
                hint = did_you_mean(player, self.deal.entry.parties)
                hint = hint or f" The parties are: {', '.join(self.deal.entry.parties)}."
                self.deal.report.error(
                    here, f"'{player}' is not a party, so it cannot have a penalty.{hint}"
                )
                continue
            read = self._amounts(here, amounts)
            label = f"penalty on {self.deal.title_of(player)}"
            yield Amount(label, read, {player: -1.0}, None, (player,))

    def _guarantees(self) -> Iterator[Amount]:
        for g, entry in enumerate(self.deal.entry.guarantees):
            here = (*self.deal.path, "guarantees", g)
            if entry.by is not None:
                self.deal.check_player((*here, "by"), entry.by)
            yield from self._guarantee(here, entry)

    def _guarantee(self, here: KeyPath, entry: GuaranteeEntry) -> Iterator[Amount]:
        giver = self.deal.title_of(entry.by) if entry.by else "outsiders"
        bears = {entry.by: -1.0} if entry.by and entry.costs is None else {}
        on_breach = entry.when == "breach" or entry.punishes is not None
        step = None if on_breach else (entry.after or len(self.deal.entry.steps)) - 1
        after_all = step is not None and entry.after is None
        if step is not None and step >= len(self.deal.entry.steps):
            count = len(self.deal.entry.steps)
            self.deal.report.error(
                (*here, "after"), f"there is no step {step + 1}; the deal has {count}."
            )
        touched: set[PlayerName] = set()
        for player, amounts in (entry.pays or {}).items():
            at = (*here, "pays", player)
            if self.deal.check_player(at, player) and player == entry.by:
                self.deal.report.error(at, f"{player} cannot pay itself.")
            breakers = tuple(p for p in self.deal.promisers if p != player) if on_breach else ()
            touched |= set(breakers)
            effect = {player: 1.0, **bears}
            label = f"payment by {giver} to {self.deal.title_of(player)}"
            yield Amount(label, self._amounts(at, amounts), effect, step, breakers, after_all)
        for player, amounts in (entry.punishes or {}).items():
            at = (*here, "punishes", player)
            if self.deal.check_player(at, player) and player not in self.deal.promisers:
                self.deal.report.error(
                    at, f"{player} promises nothing in this deal, so it cannot break it."
                )
            touched.add(player)
            label = f"punishment of {self.deal.title_of(player)} by {giver}"
            yield Amount(label, self._amounts(at, amounts), {player: -1.0}, None, (player,))
        if entry.costs is not None and entry.by:
            label = f"cost of the guarantee to {giver}"
            costs = self._amounts((*here, "costs"), entry.costs)
            breakers = tuple(sorted(touched))
            yield Amount(label, costs, {entry.by: -1.0}, step, breakers, after_all)

    def _amounts(self, path: KeyPath, amounts: Sequence[Any]) -> tuple[Expression, ...]:
        listed = (*path, 0) in self.deal.report.document.values
        known = list(self.deal.case.parameters)
        read = []
        for i, text in enumerate(amounts):
            here = (*path, i) if listed else path
            amount = self.deal.words.expression(
                here, text, only=known, why_only="an amount can depend on parameters only."
            )
            if amount is not None:
                read.append(amount)
        return tuple(read)

    def _check_reasons(self, amounts: Sequence[Amount]) -> None:
        plain = any(
            not expression.names and float(np.ravel(evaluate(expression, {}))[0]) != 0
            for amount in amounts
            for expression in amount.alternatives
        )
        if plain and not self.deal.entry.why:
            self.deal.report.error(
                self.deal.path,
                "its amounts need a `why`: cite a source, or say whose judgement they are.",
            )
