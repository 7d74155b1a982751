"""Lower players' wrong beliefs: about the case, and about what others believe.

The file gives a nested belief as differences from the belief around it. The result holds each belief as
differences from the true case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.mechanisms import read_mechanism
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.reasoning import read_reasoning
from backchannel.case.lower.unaware import read_unaware
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.beliefs import ACTUAL, TRUE_CASE, BeliefEntry
from backchannel.case.schema.case import Case
from backchannel.case.schema.prior_text import explain_precision, is_never_negative, prior_from
from backchannel.diagram.beliefs import Belief, Unaware, Viewpoint, with_unawareness
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.reasoning import Reasoning
from backchannel.language.names import (
    ICD_203,
    NodeName,
    ParameterName,
    PlayerName,
    did_you_mean,
    hierarchy_of,
    is_precision,
    level_of,
    probability_range,
    split_round,
)


def lower_beliefs(
    case: Case,
    words: CaseVocabulary,
    diagram: Diagram,
    numbers: CaseNumbers,
    implicit: ImplicitParameters,
) -> tuple[Belief, ...]:
    """Read the beliefs; believed parameters get their own priors in `numbers`."""
    reader = _BeliefReader(case, words, diagram, numbers, implicit, frozenset(numbers.priors))
    drafts: dict[PlayerName, _Draft] = {}
    for player, entry in case.beliefs.items():
        path: KeyPath = ("beliefs", player)
        if player not in case.players:
            hint = did_you_mean(player, list(case.players))
            words.report.error(path, f"no player is called '{player}'.{hint}")
            continue
        says = (entry.parameters, entry.nodes, entry.others, entry.unaware, entry.reasoning)
        if not any(says):
            words.report.error(
                path,
                "a belief needs `parameters`, `nodes`, `unaware`, `reasoning` or an `about` that names "
                "players.",
                is_consequence=words.report.doubts_part(path),
            )
        drafts[player] = reader.read(path, entry, _Draft((player,)))
    return tuple(reader.finished(draft, drafts, (player,)) for player, draft in drafts.items())


def belief_entries(case: Case) -> Iterator[tuple[KeyPath, Viewpoint, BeliefEntry]]:
    """Yield every belief in the file, with its path and its viewpoint."""

    def within(
        path: KeyPath, view: Viewpoint, entry: BeliefEntry
    ) -> Iterator[tuple[KeyPath, Viewpoint, BeliefEntry]]:
        yield path, view, entry
        for player, other in entry.others.items():
            if isinstance(other, BeliefEntry):
                yield from within((*path, "about", player), (*view, player), other)

    for player, entry in case.beliefs.items():
        yield from within(("beliefs", player), (player,), entry)


def belief_behind(case: Case, number: ParameterName) -> tuple[Viewpoint, BeliefEntry, str] | None:
    """Find the belief that a number belongs to: the viewpoint, the entry, and the rest of the name.

    `None` for a number of the true case.
    """
    behind = None
    for _, view, entry in belief_entries(case):
        lead = ".".join(view) + "."
        if number.startswith(lead):
            rest = number.removeprefix(lead)
            node = split_round(rest.partition(".")[0].partition("(")[0])[0]
            of_reasoning = node in entry.reasoning and rest in (level_of(node), hierarchy_of(node))
            of_node = node in {split_round(name)[0] for name in entry.nodes}
            if rest in entry.parameters or of_node or of_reasoning:
                behind = view, entry, rest
    return behind


@dataclass
class _Draft:
    """A belief that is being read; its numbers and inner beliefs are not resolved yet."""

    view: Viewpoint
    parameters: dict[ParameterName, tuple[ParameterName, KeyPath]] = field(default_factory=dict)
    nodes: dict[NodeName, Chance | Derived] = field(default_factory=dict)
    unaware: Unaware = field(default_factory=Unaware)
    reasoning: dict[PlayerName, Reasoning] = field(default_factory=dict)
    about: dict[PlayerName, _Draft | KeyPath] = field(default_factory=dict)
    """By player, a draft; or the path of an `actual`, which means what the player really believes."""


@dataclass(frozen=True)
class _BeliefReader:
    case: Case
    words: CaseVocabulary
    diagram: Diagram
    numbers: CaseNumbers
    implicit: ImplicitParameters
    true: frozenset[ParameterName]
    """Numbers of the true case."""

    def read(self, path: KeyPath, entry: BeliefEntry, draft: _Draft) -> _Draft:
        """Apply an entry to a draft of the belief around it."""
        is_inner = len(draft.view) > 1
        if entry.unaware is not None:
            here, holder = (*path, "unaware"), draft.view[-1]
            unaware = read_unaware(self.words, here, entry.unaware, self.diagram, holder)
            draft.unaware = unaware.within(draft.unaware)
            self._check_unaware(path, draft)
        self._read_parameters((*path, "parameters"), entry, draft, is_inner=is_inner)
        self._read_nodes((*path, "nodes"), entry, draft, is_inner=is_inner)
        self._read_reasoning((*path, "reasoning"), entry, draft)
        for player, other in entry.others.items():
            here = (*path, "about", player)
            if self._is_other(here, player, draft.view[-1]):
                inner = self._read_other(here, player, other, draft)
                if inner is not None:
                    draft.about[player] = inner
        return draft

    def finished(
        self, draft: _Draft, drafts: Mapping[PlayerName, _Draft], stack: tuple[PlayerName, ...]
    ) -> Belief:
        """Resolve everything that a draft names.

        Args:
            draft: The belief as it was read.
            drafts: By player, what it really believes.
            stack: Players whose real beliefs are being resolved.
        """
        about = []
        for player, other in draft.about.items():
            if isinstance(other, _Draft):
                about.append(self.finished(other, drafts, stack))
            elif player in stack:
                loop = " → ".join((*stack[stack.index(player) :], player))
                self.words.report.error(other, f"`actual` goes round in a circle: {loop}.")
            elif player in drafts:
                real = self.finished(drafts[player], drafts, (*stack, player))
                about.append(with_unawareness(real, draft.unaware))
            else:
                about.append(with_unawareness(Belief(player), draft.unaware))
        named = {
            name: self._number(own, path, ()) for name, (own, path) in draft.parameters.items()
        }
        return Belief(
            draft.view[-1], named, draft.nodes, draft.unaware, tuple(about), draft.reasoning
        )

    def _read_other(
        self, path: KeyPath, player: PlayerName, other: BeliefEntry | str, draft: _Draft
    ) -> _Draft | KeyPath | None:
        view = (*draft.view, player)
        if isinstance(other, BeliefEntry):
            start = _Draft(
                view,
                dict(draft.parameters),
                dict(draft.nodes),
                draft.unaware,
                dict(draft.reasoning),
            )
            return self.read(path, other, start)
        if other == TRUE_CASE:
            return _Draft(view, unaware=draft.unaware)
        if other == ACTUAL:
            return path
        hint = did_you_mean(other, [TRUE_CASE, ACTUAL])
        self.words.report.error(
            path,
            f"'{other}' is not known here.{hint} Write `{TRUE_CASE}` (it knows the true case), "
            f"`{ACTUAL}` (what it really believes), or its wrong beliefs in braces.",
        )
        return None

    def _is_other(self, path: KeyPath, player: PlayerName, holder: PlayerName) -> bool:
        report = self.words.report
        if player not in self.case.players:
            hint = did_you_mean(player, list(self.case.players))
            report.error(path, f"no player is called '{player}'.{hint}")
        elif player == holder:
            report.error(path, f"write what {player} itself believes outside of `about`.")
        else:
            return True
        return False

    def _read_parameters(
        self, path: KeyPath, entry: BeliefEntry, draft: _Draft, *, is_inner: bool
    ) -> None:
        report = self.words.report
        for name, raw in entry.parameters.items():
            here = (*path, name)
            if name.endswith(".level") and name in self.true - set(self.case.parameters):
                report.error(here, "say how a player is thought to reason under `reasoning`.")
                continue
            if name not in self.true:
                hint = did_you_mean(name, sorted(self.true))
                report.error(here, f"no parameter is called '{name}'.{hint}")
            elif raw == TRUE_CASE:
                self._restore_truth(here, draft.parameters, name, is_inner=is_inner)
            elif isinstance(raw, str) and not probability_range(raw):
                draft.parameters[name] = (raw, here)
                self.numbers.named[".".join((*draft.view, name))] = (raw, here)
            else:
                is_share = name in self.case.parameters and (
                    self.case.parameters[name].unit == "probability"
                )
                try:
                    prior = prior_from(raw, probability=is_share)
                except ValueError as error:
                    report.error(here, str(error))
                    continue
                if is_precision(name) and isinstance(raw, str):
                    report.error(here, explain_precision(raw))
                if is_precision(name) and not is_never_negative(prior):
                    report.error(
                        here, "a precision cannot be below 0, but its prior reaches below 0."
                    )
                own = ".".join((*draft.view, name))
                if own in self.numbers.priors:
                    report.error(here, f"another number is called '{own}'. Rename the parameter.")
                self.numbers.priors[own] = prior
                draft.parameters[name] = (own, here)

    def _read_nodes(
        self, path: KeyPath, entry: BeliefEntry, draft: _Draft, *, is_inner: bool
    ) -> None:
        report, holder = self.words.report, draft.view[-1]
        spread = self.words.rounds.spread
        for name, mechanism in [(n, m) for given, m in entry.nodes.items() for n in spread(given)]:
            here = (*path, name)
            if isinstance(mechanism, str):
                if mechanism != TRUE_CASE:
                    report.error(
                        here,
                        f"'{mechanism}' is not known here. Write `{TRUE_CASE}` or a mechanism.",
                    )
                elif self.words.node(here, name):
                    self._restore_truth(here, draft.nodes, name, is_inner=is_inner)
                continue
            lead = ".".join(draft.view) + "."
            node = read_mechanism(
                self.words, here, self.diagram, name, mechanism, self.implicit, lead
            )
            if node is None:
                continue
            decision = self.diagram.node[name]
            if isinstance(decision, Decision) and decision.player == holder:
                report.error(
                    here, f"{holder} decides {name} itself, so it cannot have a belief about it."
                )
            if name in draft.unaware.nodes:
                report.error(here, f"by `unaware`, {holder} has not thought of {name}.")
            overlooked = sorted(node.names & set(draft.unaware.sees.get(name, ())))
            if overlooked:
                report.error(
                    here,
                    f"it depends on {', '.join(overlooked)}, which `unaware` says is overlooked there.",
                )
            draft.nodes[name] = node

    def _read_reasoning(self, path: KeyPath, entry: BeliefEntry, draft: _Draft) -> None:
        report, holder = self.words.report, draft.view[-1]
        for player, how in entry.reasoning.items():
            here = (*path, player)
            if player not in self.case.players:
                hint = did_you_mean(player, list(self.case.players))
                report.error(here, f"no player is called '{player}'.{hint}")
            elif player == holder:
                report.error(here, f"write how {player} itself reasons under `players`.")
            elif not any(decision.player == player for decision in self.diagram.decisions):
                report.error(here, f"{player} decides nothing, so how it reasons changes nothing.")
            else:
                lead = ".".join(draft.view) + "."
                reasoning = read_reasoning(
                    report, here, how, player, self.numbers, lead, keeps_equilibrium=True
                )
                if reasoning is not None:
                    draft.reasoning[player] = reasoning

    def _restore_truth(
        self, path: KeyPath, changes: dict[str, Any], name: str, *, is_inner: bool
    ) -> None:
        if not is_inner:
            self.words.report.error(path, "the true case is the default here. Leave this out.")
        changes.pop(name, None)

    def _check_unaware(self, path: KeyPath, draft: _Draft) -> None:
        for name, actions in draft.unaware.actions.items():
            if not set(self.case.nodes[name].domain) - set(actions):
                self.words.report.error(
                    (*path, "unaware", "actions", name),
                    "the player must have thought of at least one action.",
                )
            fixed_at = draft.unaware.nodes.get(name)
            if fixed_at in actions:
                self.words.report.error(
                    (*path, "unaware", "nodes", name),
                    f"by `actions`, the player has not thought of '{fixed_at}'.",
                )

    def _number(self, name: ParameterName, path: KeyPath, seen: tuple[str, ...]) -> ParameterName:
        """Follow a name to the number that it refers to."""
        report = self.words.report
        if name in seen:
            loop = " → ".join((*seen[seen.index(name) :], name))
            report.error(path, f"the names refer to each other in a circle: {loop}.")
            return name
        if name in self.numbers.named:
            other, there = self.numbers.named[name]
            return self._number(other, there, (*seen, name))
        if name not in self.numbers.priors:
            hint = did_you_mean(name, [*ICD_203, *self.numbers.priors])
            report.error(
                path, f"'{name}' is neither an ICD 203 word nor a number of the case.{hint}"
            )
        return name
