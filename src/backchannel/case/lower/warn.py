"""Warnings about a case that runs, but perhaps not as intended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import networkx as nx
import numpy as np

from backchannel.case.lower.report import CaseReport
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision
from backchannel.diagram.relevance import useful_observations
from backchannel.diagram.tables import menu_table, node_table, worth_terms
from backchannel.language.names import (
    NOT_APPLICABLE,
    NodeName,
    ParameterName,
    PlayerName,
    Value,
    precision_of,
    round_number,
)
from backchannel.language.priors import Prior

COIN_TOSS = 0.2
"""Stake in log-odds below which all choices of a player are about even."""
FORCED = 12.0
"""Smallest stake in log-odds above which all choices of a player are certain or even."""
POINTS = 3
"""Points of the numbers' priors at which actions are compared."""
MOST_STEPS = 1_000_000
"""Most decisions times edges for which forgotten information is searched; takes some seconds."""
SHOWN = 6
"""Most actions of a group that are named."""


def warn(report: CaseReport, diagram: Diagram, priors: Mapping[ParameterName, Prior]) -> None:
    """Add all warnings about a case that can run."""
    medians = {name: np.array([prior.at(0.5)]) for name, prior in priors.items()}
    _warn_of_forgetting(report, diagram)
    _warn_of_indistinct_actions(report, diagram, _spread_numbers(priors))
    for player in diagram.players:
        _warn_of_extreme_play(report, diagram, player, medians)


def forgotten(diagram: Diagram, decision: Decision) -> list[str]:
    """List what a player knew or did earlier, no longer sees, and could still use (by d-separation)."""
    earlier_nodes = nx.ancestors(diagram.graph, decision.name)
    knew: set[str] = set()
    for other in diagram.decisions:
        earlier = other.date < decision.date or other.name in earlier_nodes
        if other.player == decision.player and earlier:
            knew |= {other.name, *other.sees}
    lost = knew & useful_observations(diagram, decision.name)
    return sorted(lost, key=diagram.rank.__getitem__)


def _distinct_decisions(diagram: Diagram) -> list[Decision]:
    """List the decisions; of those that repeat only the first two rounds, as the others are alike."""
    return [d for d in diagram.decisions if (round_number(d.name) or 0) <= 2]


def _warn_of_forgetting(report: CaseReport, diagram: Diagram) -> None:
    decisions = _distinct_decisions(diagram)
    if len(decisions) * diagram.graph.number_of_edges() > MOST_STEPS:
        report.warn(
            ("nodes",),
            f"the case has {len(decisions):,} decisions, too many to check what players forget.",
        )
        return
    for decision in decisions:
        names = forgotten(diagram, decision)
        if names:
            report.warn(
                ("nodes", decision.name),
                f"{decision.player} knew {', '.join(names)} earlier and could still use it, but does not see "
                "it here. Add it to `sees`, or add a derived node that summarises it.",
            )


def _spread_numbers(priors: Mapping[ParameterName, Prior]) -> dict[ParameterName, np.ndarray]:
    """A few values of each number, other ones in each place.

    Two actions can be equal by chance at the medians; at several points they are equal by structure.
    """
    shares = np.random.default_rng(0).uniform(0.05, 0.95, size=(POINTS, len(priors)))
    return {
        name: np.array([prior.at(float(share)) for share in shares[:, i]])
        for i, (name, prior) in enumerate(priors.items())
    }


def _warn_of_indistinct_actions(
    report: CaseReport, diagram: Diagram, numbers: Mapping[str, np.ndarray]
) -> None:
    tables: list[tuple[tuple[NodeName, ...], np.ndarray]] = []
    menus: dict[NodeName, tuple[tuple[NodeName, ...], np.ndarray]] = {}
    for node in diagram.nodes:
        scope = (*diagram.parents(node.name), node.name)
        if isinstance(node, Decision):
            menus[node.name] = (scope, menu_table(diagram, node))
        else:
            tables.append((scope, node_table(diagram, node, numbers)))
    for interest in diagram.interests:
        tables += worth_terms(diagram, interest, numbers)
    for decision in _distinct_decisions(diagram):
        # An action can matter by what it lets others do; its own menu is no effect of it.
        of_others = [menu for name, menu in menus.items() if name != decision.name]
        concerned = [
            (scope, table) for scope, table in (*tables, *of_others) if decision.name in scope
        ]
        for alike in _alike(decision, concerned):
            shown = ", ".join(f"'{action}'" for action in alike[:-1][:SHOWN])
            last = f"'{alike[-1]}'" if len(alike) <= SHOWN else f"{len(alike) - SHOWN} more"
            report.warn(
                ("nodes", decision.name),
                f"no interest and no mechanism distinguishes {shown} and {last}. Logit play gives "
                "each of them its own share, so together they get more than one action would.",
            )


def _alike(
    decision: Decision, tables: Sequence[tuple[tuple[NodeName, ...], np.ndarray]]
) -> list[list[Value]]:
    """Group actions that have the same numbers in every table."""
    groups: dict[bytes, list[Value]] = {}
    for i, action in enumerate(decision.domain):
        if action == NOT_APPLICABLE:
            continue
        mark = blake2b(digest_size=16)
        for scope, table in tables:
            # Adding 0 makes -0 the same as 0.
            mark.update((table.take(i, axis=scope.index(decision.name)) + 0.0).tobytes())
        groups.setdefault(mark.digest(), []).append(action)
    return [group for group in groups.values() if len(group) > 1]


def _warn_of_extreme_play(
    report: CaseReport, diagram: Diagram, player: PlayerName, medians: Mapping[str, np.ndarray]
) -> None:
    precision = float(medians[precision_of(player)][0])
    if np.isinf(precision):
        return
    ranges, gaps = 0.0, np.inf
    for interest in diagram.interests_of(player):
        for _, table in worth_terms(diagram, interest, medians):
            levels = np.unique(np.round(table, 9))
            ranges += float(np.ptp(levels))
            if len(levels) > 1:
                gaps = min(gaps, float(np.diff(levels).min()))
    if 0 < ranges * precision < COIN_TOSS:
        report.warn(
            ("players", player),
            f"at the medians, its whole stake is {ranges * precision:.2g} in log-odds, so every choice is "
            "a coin toss. Raise the precision or the worths.",
        )
    if np.isfinite(gaps) and gaps * precision > FORCED:
        report.warn(
            ("players", player),
            f"at the medians, even its smallest stake is {gaps * precision:.2g} in log-odds, so every "
            "choice has probability 0, 1 or is a coin toss. Lower the precision or the worths.",
        )
