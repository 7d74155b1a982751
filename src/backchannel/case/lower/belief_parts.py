"""What one entry of `beliefs` says by itself: numbers, mechanisms, how players reason, and what is not thought of.

The entry gives differences from the belief around it; they are applied to a draft of that belief.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.mechanisms import read_mechanism
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.reasoning import read_reasoning
from backchannel.case.lower.unaware import read_unaware
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.beliefs import TRUE_CASE, BeliefEntry
from backchannel.case.schema.case import Case
from backchannel.case.schema.prior_text import explain_precision, is_never_negative, prior_from
from backchannel.diagram.beliefs import Unaware, Viewpoint
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived
from backchannel.diagram.reasoning import Reasoning
from backchannel.language.names import (
    NodeName,
    ParameterName,
    PlayerName,
    did_you_mean,
    is_precision,
    probability_range,
)


@dataclass
class BeliefDraft:
    """A belief that is being read; its numbers and inner beliefs are not resolved yet."""

    view: Viewpoint
    parameters: dict[ParameterName, tuple[ParameterName, KeyPath]] = field(default_factory=dict)
    nodes: dict[NodeName, Chance | Derived] = field(default_factory=dict)
    unaware: Unaware = field(default_factory=Unaware)
    reasoning: dict[PlayerName, Reasoning] = field(default_factory=dict)
    about: dict[PlayerName, BeliefDraft | KeyPath] = field(default_factory=dict)
    """By player, a draft; or the path of an `actual`, which means what the player really believes."""


@dataclass(frozen=True)
class BeliefParts:
    """Reads the parts of one entry, without the beliefs about others that are nested in it."""

    case: Case
    words: CaseVocabulary
    diagram: Diagram
    numbers: CaseNumbers
    implicit: ImplicitParameters
    true: frozenset[ParameterName]
    """Numbers of the true case."""

    def read(self, path: KeyPath, entry: BeliefEntry, draft: BeliefDraft) -> None:
        """Apply the parts of an entry to a draft of the belief around it."""
        is_inner = len(draft.view) > 1
        if entry.unaware is not None:
            here, holder = (*path, "unaware"), draft.view[-1]
            unaware = read_unaware(self.words, here, entry.unaware, self.diagram, holder)
            draft.unaware = unaware.within(draft.unaware)
            self._check_unaware(path, draft)
        self._read_parameters((*path, "parameters"), entry, draft, is_inner=is_inner)
        self._read_nodes((*path, "nodes"), entry, draft, is_inner=is_inner)
        self._read_reasoning((*path, "reasoning"), entry, draft)

    def _read_parameters(
        self, path: KeyPath, entry: BeliefEntry, draft: BeliefDraft, *, is_inner: bool
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
        self, path: KeyPath, entry: BeliefEntry, draft: BeliefDraft, *, is_inner: bool
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

    def _read_reasoning(self, path: KeyPath, entry: BeliefEntry, draft: BeliefDraft) -> None:
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

    def _check_unaware(self, path: KeyPath, draft: BeliefDraft) -> None:
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
