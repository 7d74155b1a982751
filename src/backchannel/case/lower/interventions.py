"""Lower interventions: what is changed, and who learns of it when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backchannel.case.lower.changes_together import check_together
from backchannel.case.lower.corrections import read_corrections
from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.mechanisms import read_mechanism
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.reasoning import read_change
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.interventions import InterventionEntry
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.surgery import (
    Announcement,
    Intervention,
    ReasoningChange,
)
from backchannel.language.names import (
    NodeName,
    ParameterName,
    PlayerName,
    Value,
    did_you_mean,
    is_precision,
)
from backchannel.language.priors import Prior


@dataclass(frozen=True)
class InterventionReader:
    """Reads interventions and checks them against the diagram that they change."""

    case: Case
    words: CaseVocabulary
    diagram: Diagram
    numbers: CaseNumbers
    implicit: ImplicitParameters

    def read(self, path: KeyPath, name: str, entry: InterventionEntry) -> Intervention | None:
        """Read one intervention; `None` after reporting what is wrong."""
        report = self.words.report
        before = len(report.problems)
        corrects, about = read_corrections(self.case, report, path, entry)
        intervention = Intervention(
            name=name,
            do=self._settings(path, entry),
            mechanisms=self._mechanisms(path, name, entry),
            parameters=self._parameters(path, entry),
            remove=self._removals(path, entry),
            sees_added=self._sees(path, entry, "add"),
            sees_removed=self._sees(path, entry, "drop"),
            corrects=corrects,
            corrects_about=about,
            reasoning=self._reasoning(path, entry),
            announced=self._announcement(entry),
            told=self._told(path, entry),
        )
        if len(report.problems) > before:
            return None
        check_together(report, self.diagram, path, intervention)
        return None if len(report.problems) > before else intervention

    def _settings(self, path: KeyPath, entry: InterventionEntry) -> dict[NodeName, Value]:
        settings = {}
        for given, value in entry.do.items():
            here = (*path, "do", given)
            for node in self.words.rounds.spread(given):
                if not (self.words.node(here, node) and self.words.value(here, node, value)):
                    break
                settings[node] = value
        return settings

    def _mechanisms(
        self, path: KeyPath, name: str, entry: InterventionEntry
    ) -> dict[NodeName, Chance | Derived]:
        mechanisms: dict[str, Chance | Derived] = {}
        for node, mechanism in self._spread(entry.mechanisms):
            here = (*path, "mechanisms", node)
            if not self.words.node(here, node):
                continue
            if isinstance(self.diagram.node[node], Decision):
                self.words.report.error(here, "a decision has no mechanism. Set it with `do`.")
                continue
            lowered = read_mechanism(
                self.words, here, self.diagram, node, mechanism, self.implicit, f"{name}."
            )
            if lowered:
                mechanisms[node] = lowered
        return mechanisms

    def _parameters(self, path: KeyPath, entry: InterventionEntry) -> dict[ParameterName, float]:
        of_goods = {n: p for n, p in self.implicit.priors.items() if n.startswith("trade.")}
        priors: dict[str, Prior] = {**self.numbers.priors, **of_goods}
        for name, value in entry.parameters.items():
            here = (*path, "parameters", name)
            if name not in priors:
                hint = did_you_mean(name, list(priors))
                self.words.report.error(here, f"no parameter is called '{name}'.{hint}")
                continue
            known = self.case.parameters.get(name)
            if known and known.unit == "probability" and not 0 <= value <= 1:
                self.words.report.error(
                    here, f"{value:g} is not a probability: it must lie between 0 and 1."
                )
            if is_precision(name) and value < 0:
                self.words.report.error(here, "a precision cannot be below 0.")
            if name.endswith(".level") and name not in self.case.parameters:
                self.words.report.error(here, "say how a player reasons under `reasoning`.")
            if name.endswith(".hierarchy") and value <= 0:
                self.words.report.error(here, "a mean level must be above 0.")
        return dict(entry.parameters)

    def _removals(
        self, path: KeyPath, entry: InterventionEntry
    ) -> dict[NodeName, tuple[Value, ...]]:
        removals = {}
        for node, actions in self._spread(entry.remove):
            here = (*path, "remove", node)
            if not self._decision(here, node):
                continue
            for i, action in enumerate(actions):
                self.words.value((*here, i), node, action)
            if not set(self.case.nodes[node].domain) - set(actions):
                self.words.report.error(here, "at least one action must remain.")
            removals[node] = tuple(actions)
        return removals

    def _sees(
        self, path: KeyPath, entry: InterventionEntry, key: str
    ) -> dict[NodeName, tuple[NodeName, ...]]:
        changes = {}
        for node, change in self._spread(entry.sees):
            here = (*path, "sees", node)
            if not self._decision(here, node):
                continue
            decision = self.diagram.node[node]
            assert isinstance(decision, Decision)
            others = change.add if key == "add" else change.drop
            others = [self.words.meant(here, other) for other in others]
            for i, other in enumerate(others):
                at = (*here, key, i)
                if not self.words.node(at, other):
                    continue
                if key == "drop" and other not in (*decision.sees, *decision.unneeded):
                    self.words.report.error(at, f"{node} does not see {other}.")
                if key == "drop" and decision.needs(other):
                    self.words.report.error(
                        at, f"the conditions of {node} (`allowed`, `when`) need {other}."
                    )
                if key == "add" and self.diagram.dates[other] > decision.date:
                    self.words.report.error(at, f"{other} comes about after {node}.")
            if others:
                changes[node] = tuple(others)
        return changes

    def _spread(self, changes: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """List each change with its nodes: a node that repeats is changed in every round."""
        return [
            (n, change) for name, change in changes.items() for n in self.words.rounds.spread(name)
        ]

    def _reasoning(
        self, path: KeyPath, entry: InterventionEntry
    ) -> dict[PlayerName, ReasoningChange]:
        report = self.words.report
        changes = {}
        for player, how in entry.reasoning.items():
            here = (*path, "reasoning", player)
            if player not in self.case.players:
                hint = did_you_mean(player, list(self.case.players))
                report.error(here, f"no player is called '{player}'.{hint}")
            elif not any(decision.player == player for decision in self.diagram.decisions):
                report.error(here, f"{player} decides nothing, so how it reasons changes nothing.")
            else:
                changes[player] = read_change(report, here, how, self.diagram, player)
        return changes

    @staticmethod
    def _announcement(entry: InterventionEntry) -> Announcement:
        if entry.announced is True:
            return "when it happens"
        return "never" if entry.announced is False else entry.announced

    def _told(self, path: KeyPath, entry: InterventionEntry) -> tuple[str, ...] | None:
        for i, player in enumerate(entry.told or []):
            if player not in self.case.players:
                hint = did_you_mean(player, list(self.case.players))
                self.words.report.error(
                    (*path, "told", i), f"no player is called '{player}'.{hint}"
                )
        if entry.told is not None and entry.announced is False:
            self.words.report.error(
                (*path, "told"), "`told` needs an announcement. Remove `announced: false`."
            )
        return None if entry.told is None else tuple(entry.told)

    def _decision(self, path: KeyPath, node: str) -> bool:
        if not self.words.node(path, node):
            return False
        if not isinstance(self.diagram.node[node], Decision):
            self.words.report.error(path, f"{node} is not a decision.")
            return False
        return True
