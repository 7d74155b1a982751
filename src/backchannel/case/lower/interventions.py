"""Lower interventions: what is changed by hand, and who learns of it when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
from pydantic import ValidationError

from backchannel.case.lower.mechanisms import read_mechanism
from backchannel.case.lower.nodes import CaseNumbers, build_vocabulary
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.vocabulary import Vocabulary
from backchannel.case.lower.weights import ImplicitParameters
from backchannel.case.read.document import Document, KeyPath
from backchannel.case.schema.beliefs import ACTUAL, TRUE_CASE
from backchannel.case.schema.case import Case, InterventionEntry
from backchannel.diagram.beliefs import Correction, Viewpoint
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.surgery import Intervention, with_sees
from backchannel.language.errors import CommandError
from backchannel.language.names import PlayerName, did_you_mean
from backchannel.language.priors import Prior


@dataclass(frozen=True)
class InterventionReader:
    """Reads interventions against the diagram they change."""

    case: Case
    words: Vocabulary
    diagram: Diagram
    numbers: CaseNumbers
    implicit: ImplicitParameters

    def read(self, path: KeyPath, name: str, entry: InterventionEntry) -> Intervention | None:
        """Read one intervention; `None` after reporting what is wrong with it."""
        report = self.words.report
        before = len(report.problems)
        corrects, about = self._corrections(path, entry)
        made = Intervention(
            name=name,
            do=self._settings(path, entry),
            mechanisms=self._mechanisms(path, name, entry),
            parameters=self._parameters(path, entry),
            remove=self._removals(path, entry),
            sees_added=self._sees(path, entry, "add"),
            sees_removed=self._sees(path, entry, "drop"),
            corrects=corrects,
            corrects_about=about,
            announced=self._announcement(entry),
            told=self._told(path, entry),
        )
        if len(report.problems) > before:
            return None
        self._check_whole(path, made)
        return None if len(report.problems) > before else made

    def _settings(self, path: KeyPath, entry: InterventionEntry) -> dict:
        found = {}
        for given, value in entry.do.items():
            here = (*path, "do", given)
            for node in self.words.rounds.spread(given):
                if not (self.words.node(here, node) and self.words.value(here, node, value)):
                    break
                found[node] = value
        return found

    def _mechanisms(self, path: KeyPath, name: str, entry: InterventionEntry) -> dict:
        found: dict[str, Chance | Derived] = {}
        for node, mechanism in self._spread(entry.mechanisms):
            here = (*path, "mechanisms", node)
            if not self.words.node(here, node):
                continue
            if isinstance(self.diagram.node[node], Decision):
                self.words.report.error(here, "a decision has no mechanism; set it with `do`.")
                continue
            made = read_mechanism(
                self.words, here, self.diagram, node, mechanism, self.implicit, f"{name}."
            )
            if made:
                found[node] = made
        return found

    def _parameters(self, path: KeyPath, entry: InterventionEntry) -> dict:
        priors: dict[str, Prior] = self.numbers.priors
        for name, value in entry.parameters.items():
            here = (*path, "parameters", name)
            if name not in priors:
                hint = did_you_mean(name, list(priors))
                self.words.report.error(here, f"no parameter is called '{name}'.{hint}")
                continue
            known = self.case.parameters.get(name)
            if known and known.unit == "probability" and not 0 <= value <= 1:
                self.words.report.error(here, f"{value:g} is no probability.")
            if name.endswith(".precision") and value < 0:
                self.words.report.error(here, "a precision is never below 0.")
        return dict(entry.parameters)

    def _removals(self, path: KeyPath, entry: InterventionEntry) -> dict:
        found = {}
        for node, actions in self._spread(entry.remove):
            here = (*path, "remove", node)
            if not self._decision(here, node):
                continue
            for i, action in enumerate(actions):
                self.words.value((*here, i), node, action)
            if not set(self.case.nodes[node].domain) - set(actions):
                self.words.report.error(here, "at least one action must stay on the menu.")
            found[node] = tuple(actions)
        return found

    def _sees(self, path: KeyPath, entry: InterventionEntry, key: str) -> dict:
        found = {}
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
                if key == "drop" and other not in decision.sees:
                    self.words.report.error(at, f"{node} does not see {other}.")
                if key == "drop" and decision.needs(other):
                    self.words.report.error(at, f"the conditions of {node} need {other}.")
                if key == "add" and self.diagram.dates[other] > decision.date:
                    self.words.report.error(at, f"{other} comes about after {node}.")
            if others:
                found[node] = tuple(others)
        return found

    def _spread(self, changes: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Each change with the nodes it is about: a repeated one is changed in every round."""
        return [
            (n, change) for name, change in changes.items() for n in self.words.rounds.spread(name)
        ]

    def _corrections(
        self, path: KeyPath, entry: InterventionEntry
    ) -> tuple[tuple[PlayerName, ...], dict[Viewpoint, Correction]]:
        whole: list[PlayerName] = []
        about: dict[Viewpoint, Correction] = {}
        for player, what in entry.beliefs.items():
            here = (*path, "beliefs", player)
            if player not in self.case.beliefs:
                hint = did_you_mean(player, list(self.case.beliefs))
                self.words.report.error(here, f"'{player}' has no wrong beliefs to correct.{hint}")
            if isinstance(what, dict):
                self._corrected_about(here, (player,), what, about)
            elif what == TRUE_CASE:
                whole.append(player)
            else:
                self.words.report.error(here, f"'{what}' is not known here; write `{TRUE_CASE}`.")
        return tuple(whole), about

    def _corrected_about(
        self, path: KeyPath, view: Viewpoint, what: Mapping, about: dict[Viewpoint, Correction]
    ) -> None:
        report = self.words.report
        for player, inner in what.items():
            here = (*path, player)
            if player not in self.case.players:
                hint = did_you_mean(str(player), list(self.case.players))
                report.error(here, f"no player is called '{player}'.{hint}")
            elif player == view[-1]:
                report.error(
                    here, f"to correct what {player} itself believes, leave this level out."
                )
            elif isinstance(inner, dict) and inner:
                self._corrected_about(here, (*view, player), inner, about)
            elif inner in (TRUE_CASE, ACTUAL):
                about[(*view, player)] = inner
            else:
                report.error(
                    here, f"'{inner}' is not known here; write `{TRUE_CASE}` or `{ACTUAL}`."
                )

    @staticmethod
    def _announcement(entry: InterventionEntry):
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
            self.words.report.error((*path, "told"), "nobody is told what is not announced.")
        return None if entry.told is None else tuple(entry.told)

    def _decision(self, path: KeyPath, node: str) -> bool:
        if not self.words.node(path, node):
            return False
        if not isinstance(self.diagram.node[node], Decision):
            self.words.report.error(path, f"{node} is no decision.")
            return False
        return True

    def _check_whole(self, path: KeyPath, made: Intervention) -> None:
        report = self.words.report
        beliefs = made.corrects or made.corrects_about
        changes = (made.do, made.mechanisms, made.parameters, made.remove, beliefs)
        if not any(changes) and not made.sees_added and not made.sees_removed:
            report.error(
                path,
                "it changes nothing: give it `do`, `parameters`, `mechanisms`, `remove`, `sees` or `beliefs`.",
            )
        if made.announced == "never" and (made.sees_added or made.sees_removed):
            report.error(path, "a change to what someone sees cannot stay unannounced.")
        if made.announced == "never" and beliefs:
            report.error(
                path, "a player whose belief is corrected learns of it; remove `announced: false`."
            )
        for name in set(made.do) & (set(made.mechanisms) | set(made.remove)):
            report.error(path, f"{name} is set by `do` and changed in another way as well.")
        if made.sees_added:
            changed = with_sees(self.diagram, made)
            if not nx.is_directed_acyclic_graph(_arrows(changed)):
                report.error(path, "seeing this would make nodes depend on each other in a circle.")


def _arrows(diagram: Diagram) -> nx.DiGraph:
    names = set(diagram.node)
    return nx.DiGraph((p, node.name) for node in diagram.nodes for p in node.names & names)


def read_intervention(
    case: Case, diagram: Diagram, numbers: CaseNumbers, raw: Mapping[str, Any]
) -> Intervention:
    """Read an intervention that is asked for outside of the file, in the file's own keys.

    Raises:
        CommandError: It is none; every problem is listed.
    """
    report = CaseReport(Document("", {"what_if": dict(raw), **case.model_dump()}, {}, {}))
    try:
        entry = InterventionEntry.model_validate(dict(raw))
    except ValidationError as error:
        told = [
            f"what_if.{'.'.join(map(str, d['loc']))}: {d['msg'].removeprefix('Value error, ')}"
            for d in error.errors(include_url=False)
        ]
        raise CommandError("\n".join(told)) from None
    implicit = ImplicitParameters()
    surgeon = InterventionReader(case, build_vocabulary(case, report), diagram, numbers, implicit)
    made = surgeon.read(("what_if",), "", entry)
    if implicit.priors:
        report.error(
            ("what_if", "mechanisms"), "use numbers here; ICD 203 words belong in the file."
        )
    if made is None or report.problems:
        raise CommandError("\n".join(str(problem) for problem in report.problems))
    return made
