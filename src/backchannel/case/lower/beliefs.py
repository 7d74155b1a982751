"""Lower players' wrong beliefs: about the case, and about what others believe.

The file gives a nested belief as differences from the belief around it. The result holds each belief as
differences from the true case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from backchannel.case.lower.belief_parts import BeliefDraft, BeliefParts
from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.beliefs import ACTUAL, TRUE_CASE, BeliefEntry
from backchannel.case.schema.case import Case
from backchannel.diagram.beliefs import Belief, with_unawareness
from backchannel.diagram.diagram import Diagram
from backchannel.language.names import ICD_203, ParameterName, PlayerName, did_you_mean


def lower_beliefs(
    case: Case,
    words: CaseVocabulary,
    diagram: Diagram,
    numbers: CaseNumbers,
    implicit: ImplicitParameters,
) -> tuple[Belief, ...]:
    """Read the beliefs; believed parameters get their own priors in `numbers`."""
    parts = BeliefParts(case, words, diagram, numbers, implicit, frozenset(numbers.priors))
    reader = _BeliefReader(case, words, numbers, parts)
    drafts: dict[PlayerName, BeliefDraft] = {}
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
        drafts[player] = reader.read(path, entry, BeliefDraft((player,)))
    return tuple(reader.finished(draft, drafts, (player,)) for player, draft in drafts.items())


@dataclass(frozen=True)
class _BeliefReader:
    """Reads beliefs with those that are nested in them, and then resolves what they name."""

    case: Case
    words: CaseVocabulary
    numbers: CaseNumbers
    parts: BeliefParts

    def read(self, path: KeyPath, entry: BeliefEntry, draft: BeliefDraft) -> BeliefDraft:
        """Apply an entry, with the beliefs within it, to a draft of the belief around it."""
        self.parts.read(path, entry, draft)
        for player, other in entry.others.items():
            here = (*path, "about", player)
            if self._is_other(here, player, draft.view[-1]):
                inner = self._read_other(here, player, other, draft)
                if inner is not None:
                    draft.about[player] = inner
        return draft

    def finished(
        self,
        draft: BeliefDraft,
        drafts: Mapping[PlayerName, BeliefDraft],
        stack: tuple[PlayerName, ...],
    ) -> Belief:
        """Resolve everything that a draft names.

        Args:
            draft: The belief as it was read.
            drafts: By player, what it really believes.
            stack: Players whose real beliefs are being resolved.
        """
        about = []
        for player, other in draft.about.items():
            if isinstance(other, BeliefDraft):
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
        self, path: KeyPath, player: PlayerName, other: BeliefEntry | str, draft: BeliefDraft
    ) -> BeliefDraft | KeyPath | None:
        view = (*draft.view, player)
        if isinstance(other, BeliefEntry):
            start = BeliefDraft(
                view,
                dict(draft.parameters),
                dict(draft.nodes),
                draft.unaware,
                dict(draft.reasoning),
            )
            return self.read(path, other, start)
        if other == TRUE_CASE:
            return BeliefDraft(view, unaware=draft.unaware)
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
