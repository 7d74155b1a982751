"""Lower how players reason: each in its own way, in the case, in a belief or in a what-if; and what level 0 does."""

from __future__ import annotations

from dataclasses import replace

from backchannel.case.lower.levels import (
    read_highest,
    read_level,
    read_mean,
    read_mixture,
    whole_level,
)
from backchannel.case.lower.mechanisms import read_mechanism
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.lower.weights import ImplicitParameters
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.reasoning import (
    AT_EQUILIBRIUM,
    ReasoningChangeEntry,
    ReasoningEntry,
)
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision
from backchannel.diagram.reasoning import Reasoning, Thinking
from backchannel.diagram.surgery import ReasoningChange
from backchannel.language.levels import (
    EQUILIBRIUM,
    MOST_LEVELS,
    Mixture,
    PoissonLevel,
)
from backchannel.language.names import (
    NodeName,
    PlayerName,
    did_you_mean,
    hierarchy_of,
    level_of,
)
from backchannel.language.priors import Fixed
from backchannel.language.shapes import not_this

WAYS = (AT_EQUILIBRIUM, "level", "hierarchy", "mixture")


def lower_thinking(
    case: Case,
    words: CaseVocabulary,
    diagram: Diagram,
    numbers: CaseNumbers,
    implicit: ImplicitParameters,
) -> Diagram:
    """Read how everyone reasons; types and means get priors of their own in `numbers`."""
    of_player = {}
    for player, entry in case.players.items():
        path: KeyPath = ("players", player, "reasoning")
        reasoning = read_reasoning(words.report, path, entry.reasoning, player, numbers, "")
        if reasoning is None:
            continue
        if not any(decision.player == player for decision in diagram.decisions):
            words.report.error(
                path,
                f"{player} decides nothing, so how it reasons changes nothing. Leave it out.",
                is_consequence=any(map(words.report.doubts_node, diagram.domains)),
            )
            continue
        of_player[player] = reasoning
    level_0 = _read_level_0(case, words, diagram, implicit)
    if level_0 and not of_player and not _somebody_believes(case):
        words.report.warn(("level_0",), "nobody reasons in levels, so this changes no answer.")
    return replace(diagram, thinking=Thinking(of_player, level_0, numbers.complexity))


def read_reasoning(
    report: CaseReport,
    path: KeyPath,
    entry: ReasoningEntry | str,
    player: PlayerName,
    numbers: CaseNumbers,
    lead: str,
    *,
    keeps_equilibrium: bool = False,
) -> Reasoning | None:
    """Read how one player reasons, or is thought to; None at equilibrium, or after reporting a problem.

    Args:
        report: Collects the problems.
        path: The path of the entry.
        entry: The entry.
        player: The player who reasons.
        numbers: Gets the priors of its type and mean.
        lead: What their names begin with: nothing, or the holder of a belief, as in `aria.`.
        keeps_equilibrium: Whether equilibrium is written out as a type of its own.
    """
    level = lead + level_of(player)
    if isinstance(entry, str):
        if entry != AT_EQUILIBRIUM:
            hint = did_you_mean(entry, list(WAYS))
            report.error(
                path,
                f"'{entry}' is no way of reasoning.{hint} Write {AT_EQUILIBRIUM}, {{level: 1}}, "
                "{hierarchy: 1.5}, or {mixture: {equilibrium: 0.5, level 1: 0.5}}.",
            )
        elif keeps_equilibrium:
            numbers.priors[level] = Fixed(EQUILIBRIUM)
            return Reasoning(level, 0)
        return None
    before = len(report.problems)
    most = read_highest(report, path, entry)
    if entry.level is not None:
        at = read_level(report, (*path, "level"), entry.level, most)
        reasoning, prior = Reasoning(level, at or 0), Fixed(float(at or 0))
    elif entry.mixture is not None:
        types = read_mixture(report, (*path, "mixture"), entry.mixture, most)
        prior = Mixture(tuple(types), tuple(types.values())) if types else Fixed(EQUILIBRIUM)
        reasoning = Reasoning(level, max([0, *map(int, types)]))
    else:
        mean_name = lead + hierarchy_of(player)
        mean = read_mean(report, (*path, "hierarchy"), entry.hierarchy)
        numbers.priors[mean_name] = mean
        prior, reasoning = PoissonLevel(mean, mean_name, most), Reasoning(level, most, mean_name)
    if len(report.problems) > before:
        return None
    if level in numbers.priors:
        report.error(path, f"another number is called '{level}'. Rename the parameter.")
    numbers.priors[level] = prior
    return reasoning


def read_change(
    report: CaseReport,
    path: KeyPath,
    entry: ReasoningChangeEntry | str,
    diagram: Diagram,
    player: PlayerName,
) -> ReasoningChange:
    """Read how somebody would have reasoned in a what-if; nothing changes after a reported problem."""
    if isinstance(entry, str):
        if entry != AT_EQUILIBRIUM:
            hint = did_you_mean(entry, [AT_EQUILIBRIUM, "level", "further"])
            report.error(
                path,
                f"'{entry}' is no way of reasoning.{hint} Write {AT_EQUILIBRIUM}, {{level: 2}}, or "
                "{further: 1} for one step further than it thinks.",
            )
        return ReasoningChange(EQUILIBRIUM)
    if entry.level is not None:
        level = read_level(report, (*path, "level"), entry.level, MOST_LEVELS)
        return ReasoningChange(float(level or 0))
    steps = whole_level(entry.further)
    known = diagram.thinking.of_player.get(player)
    if not steps:
        report.error(
            (*path, "further"),
            f"should be a whole number of at least 1, such as 1{not_this(entry.further)}",
        )
    elif known is None:
        report.error(
            path,
            f"{player} is at equilibrium, so it cannot think further. Write {{level: 1}}, for example.",
        )
    elif known.most + steps > MOST_LEVELS:
        report.error((*path, "further"), f"no level can be above {MOST_LEVELS}.")
    return ReasoningChange(further=steps or 0)


def _read_level_0(
    case: Case, words: CaseVocabulary, diagram: Diagram, implicit: ImplicitParameters
) -> dict[NodeName, Chance]:
    nodes: dict[NodeName, Chance] = {}
    for given, entry in case.level_0.items():
        for name in words.rounds.spread(given):
            here: KeyPath = ("level_0", name)
            if not words.node(here, name):
                continue
            if not isinstance(diagram.node[name], Decision):
                if name not in words.broken:
                    words.report.error(here, f"{name} is not a decision, so no level decides it.")
                continue
            node = read_mechanism(words, here, diagram, name, entry, implicit, "level_0.")
            if isinstance(node, Chance):
                nodes[name] = node
    return nodes


def _somebody_believes(case: Case) -> bool:
    return any(entry.reasoning for entry in case.beliefs.values())
