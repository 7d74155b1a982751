"""Lower deals: who promises what by when, and what follows if a promise is kept or broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from backchannel.case.lower.corners import corners
from backchannel.case.lower.deal_steps import read_steps
from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.report import CaseReport
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.deals import DealEntry, GuaranteeEntry
from backchannel.diagram.beliefs import Belief, walk_beliefs
from backchannel.diagram.deals import MOST_PACKAGES, Amount, Commitment, Deal
from backchannel.diagram.nodes import Decision
from backchannel.language.days import Month
from backchannel.language.errors import ExpressionError
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression
from backchannel.language.names import NodeName, ParameterName, PlayerName, Value, did_you_mean
from backchannel.language.priors import Prior


def lower_deals(reader: InterventionReader, beliefs: Sequence[Belief]) -> dict[str, Deal]:
    """Read the deals; every name, value, date and amount is checked."""
    deals = {}
    for view, belief in walk_beliefs(beliefs):
        # Such a player's rules have other contexts, and a deal is solved for one set of contexts.
        if reader.case.deals and (belief.unaware.nodes or belief.unaware.sees):
            reader.words.report.error(
                ("deals",),
                f"deals cannot be solved while {' thinks that '.join(view)} overlooks nodes (`unaware`). "
                "Remove `nodes` and `sees` there, or the deals.",
            )
    for name, entry in reader.case.deals.items():
        deal = _DealReader(reader, name, entry).read()
        if deal:
            deals[name] = deal
    return deals


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


class _DealReader:
    """Reads one deal and checks it against the diagram."""

    def __init__(self, reader: InterventionReader, name: str, entry: DealEntry) -> None:
        self.reader = reader
        self.words = reader.words
        self.report = reader.words.report
        self.diagram = reader.diagram
        self.name = name
        self.entry = entry
        self.path: KeyPath = ("deals", name)

    def read(self) -> Deal | None:
        """Read the deal; `None` after reporting what is wrong."""
        before = len(self.report.problems)
        self._check_players()
        commitments = self._commitments()
        self._check_dates(commitments)
        optional, together = read_steps(
            self.diagram, self.report, self.entry, self.path, commitments
        )
        amounts = [*self._penalties(), *self._guarantees()]
        self._check_reasons(amounts)
        if len(self.report.problems) > before or not commitments:
            return None
        first = min(self.diagram.dates[c.node] for c in commitments)
        deal = Deal(
            name=self.name,
            parties=tuple(self.entry.parties),
            commitments=tuple(commitments),
            amounts=tuple(amounts),
            date=self.entry.at or first,
            title=self.entry.title,
            optional=optional,
            together=together,
        )
        if deal.n_packages > MOST_PACKAGES:
            self.report.error(
                self.path,
                f"the alternatives make {deal.n_packages:,} packages, more than {MOST_PACKAGES:,}. "
                "Remove some of them, or split the deal.",
            )
        self._warn(deal)
        return deal

    def _check_players(self) -> None:
        players = list(self.reader.case.players)
        for i, party in enumerate(self.entry.parties):
            self._player((*self.path, "parties", i), party, players)
        if len(set(self.entry.parties)) < len(self.entry.parties):
            self.report.error((*self.path, "parties"), "a party is listed twice.")

    def _player(self, path: KeyPath, name: str, known: Sequence[str], what: str = "player") -> bool:
        if name in known:
            return True
        hint = did_you_mean(name, list(known)) or f" The known ones are: {', '.join(known)}."
        self.report.error(path, f"no {what} is called '{name}'.{hint}")
        return False

    def _commitments(self) -> list[Commitment]:
        commitments: list[Commitment] = []
        helpers = {g.by for g in self.entry.guarantees if g.by}
        for s, step in enumerate(self.entry.steps):
            for name, values in step.do.items():
                here = (*self.path, "steps", s, "do", name)
                for node in self._meant(name):
                    if not self.words.node(here, node) or node in self.words.broken:
                        continue
                    if self.report.doubts_node(node):
                        continue
                    if any(node == other.node for other in commitments):
                        self.report.error(
                            here, f"{node} is promised twice, but it is decided only once."
                        )
                        continue
                    decision = self._decision(here, node, helpers)
                    if decision:
                        self._values(here, node, values)
                        commitments.append(Commitment(node, decision.player, tuple(values), s))
        return commitments

    def _decision(self, path: KeyPath, node: NodeName, helpers: set[str]) -> Decision | None:
        decision = self.diagram.node[node]
        if not isinstance(decision, Decision):
            self.report.error(
                path, f"nobody decides {node}, so nobody can promise it. A step needs a decision."
            )
            return None
        if decision.player not in self.entry.parties and decision.player not in helpers:
            self.report.error(
                path,
                f"{decision.player} decides {node} but is neither a party nor a guarantor. "
                f"Add {decision.player} to `parties`.",
            )
        return decision

    def _values(self, path: KeyPath, node: NodeName, values: Sequence[Value]) -> None:
        listed = (*path, 0) in self.report.document.values
        for i, value in enumerate(values):
            self.words.value((*path, i) if listed else path, node, value)
        if len(set(map(str, values))) < len(values):
            self.report.error(path, "an alternative is listed twice.")

    def _check_dates(self, commitments: list[Commitment]) -> None:
        dates, at = self.diagram.dates, self.entry.at
        recorded = {entry.node: entry.date for entry in self.reader.case.record}
        for c in commitments:
            here = (*self.path, "steps", c.step, "do", c.node)
            when = dates[c.node]
            if at is not None and when < at:
                self.report.error(
                    here,
                    f"{c.node} is decided on {when}, before the day of the deal, {at}. Date the deal earlier.",
                )
            elif at is None and c.node in recorded:
                self.report.error(
                    here,
                    f"{c.node} is in the record ({recorded[c.node]}), and what has happened cannot be "
                    f"promised. To ask about that time, date the deal: `at: {when}`.",
                )
            elif (
                at is None and when <= self.reader.case.as_of and not self.report.doubts(("as_of",))
            ):
                self.report.error(
                    here,
                    f"{c.node} was decided on {when}, before the case's day, "
                    f"{self.reader.case.as_of}. To ask about that time, date the deal: `at: {when}`.",
                )
        commitments.sort(key=lambda c: (c.step, self.diagram.order.index(c.node)))
        for earlier, later in pairwise(commitments):
            if self.diagram.order.index(earlier.node) > self.diagram.order.index(later.node):
                self.report.error(
                    (*self.path, "steps", later.step, "do", later.node),
                    f"step {later.step + 1} ({later.node}, {_day(dates[later.node])}) comes "
                    f"before step {earlier.step + 1} ({earlier.node}, {_day(dates[earlier.node])}). List the "
                    "steps in order of time.",
                )

    def _penalties(self) -> Iterator[Amount]:
        for player, amounts in self.entry.breach.items():
            here = (*self.path, "breach", player)
            if player not in self.entry.parties:
                hint = did_you_mean(player, self.entry.parties)
                hint = hint or f" The parties are: {', '.join(self.entry.parties)}."
                self.report.error(
                    here, f"'{player}' is not a party, so it cannot have a penalty.{hint}"
                )
                continue
            read = self._amounts(here, amounts)
            label = f"penalty on {self._called(player)}"
            yield Amount(label, read, {player: -1.0}, None, (player,))

    def _guarantees(self) -> Iterator[Amount]:
        players = list(self.reader.case.players)
        for g, entry in enumerate(self.entry.guarantees):
            here = (*self.path, "guarantees", g)
            if entry.by is not None:
                self._player((*here, "by"), entry.by, players)
            yield from self._guarantee(here, entry, players)

    def _guarantee(
        self, here: KeyPath, entry: GuaranteeEntry, players: list[str]
    ) -> Iterator[Amount]:
        giver = self._called(entry.by) if entry.by else "outsiders"
        bears = {entry.by: -1.0} if entry.by and entry.costs is None else {}
        on_breach = entry.when == "breach" or entry.punishes is not None
        step = None if on_breach else (entry.after or len(self.entry.steps)) - 1
        after_all = step is not None and entry.after is None
        if step is not None and step >= len(self.entry.steps):
            count = len(self.entry.steps)
            self.report.error(
                (*here, "after"), f"there is no step {step + 1}; the deal has {count}."
            )
        touched: set[PlayerName] = set()
        for player, amounts in (entry.pays or {}).items():
            at = (*here, "pays", player)
            if self._player(at, player, players) and player == entry.by:
                self.report.error(at, f"{player} cannot pay itself.")
            breakers = tuple(p for p in self._promisers() if p != player) if on_breach else ()
            touched |= set(breakers)
            effect = {player: 1.0, **bears}
            label = f"payment by {giver} to {self._called(player)}"
            yield Amount(label, self._amounts(at, amounts), effect, step, breakers, after_all)
        for player, amounts in (entry.punishes or {}).items():
            at = (*here, "punishes", player)
            if self._player(at, player, players) and player not in self._promisers():
                self.report.error(
                    at, f"{player} promises nothing in this deal, so it cannot break it."
                )
            touched.add(player)
            label = f"punishment of {self._called(player)} by {giver}"
            yield Amount(label, self._amounts(at, amounts), {player: -1.0}, None, (player,))
        if entry.costs is not None and entry.by:
            label = f"cost of the guarantee to {giver}"
            costs = self._amounts((*here, "costs"), entry.costs)
            breakers = tuple(sorted(touched))
            yield Amount(label, costs, {entry.by: -1.0}, step, breakers, after_all)

    def _called(self, player: PlayerName) -> str:
        known = self.reader.case.players.get(player)
        return known.name if known else player

    def _meant(self, name: str) -> Sequence[NodeName]:
        return tuple(self.words.rounds.spread(name))

    def _promisers(self) -> tuple[PlayerName, ...]:
        names = (n for step in self.entry.steps for name in step.do for n in self._meant(name))
        owners = (self.diagram.node.get(n) for n in names)
        return tuple(dict.fromkeys(d.player for d in owners if isinstance(d, Decision)))

    def _amounts(self, path: KeyPath, amounts: Sequence[Any]) -> tuple[Expression, ...]:
        listed = (*path, 0) in self.report.document.values
        known = list(self.reader.case.parameters)
        read = []
        for i, text in enumerate(amounts):
            here = (*path, i) if listed else path
            amount = self.words.expression(
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
        if plain and not self.entry.why:
            self.report.error(
                self.path,
                "its amounts need a `why`: cite a source, or say whose judgement they are.",
            )

    def _warn(self, deal: Deal) -> None:
        promised = set(deal.nodes)
        for c in deal.commitments:
            node = self.diagram.node[c.node]
            assert isinstance(node, Decision)
            conditions = [node.allowed[v] for v in c.values if v in node.allowed]
            conditions += [node.when] if node.when else []
            for other in sorted(
                {n for condition in conditions for n in condition.names} & set(self.diagram.node)
            ):
                free = isinstance(self.diagram.node[other], Decision) and other not in promised
                if free and self.diagram.dates[other] >= deal.date:
                    self.report.warn(
                        (*self.path, "steps", c.step, "do", c.node),
                        f"it can be kept only if {other} allows it, and the deal does not fix {other}. If "
                        f"it cannot be kept, the deal lapses. Make {other} a step as well.",
                    )
        for player in self.entry.breach:
            if player not in self._promisers():
                self.report.warn(
                    (*self.path, "breach", player),
                    f"{player} promises nothing, so it cannot break the deal.",
                )


def _day(when: date) -> str:
    return f"{when:%B %Y}" if isinstance(when, Month) else f"{when.day} {when:%B %Y}"
