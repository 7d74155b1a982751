"""Public information: what decisions without `sees` see in a case with `information: public`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from backchannel.case.lower.belief_entries import belief_entries
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.rounds import rounds_of
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.interventions import InterventionEntry
from backchannel.case.schema.nodes import NodeEntry
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Decision, Interest, Node
from backchannel.diagram.public import see_what_is_public, without_unneeded
from backchannel.diagram.surgery import Intervention, with_sees
from backchannel.language.expressions import Expression, Tree, sum_of
from backchannel.language.names import NodeName, name_hint, round_number

PUBLIC = "public"


def is_public(case: Case, entry: NodeEntry) -> bool:
    """Say whether a decision sees all that is public, because it does not list what it sees."""
    return case.information == PUBLIC and entry.player is not None and entry.sees is None


def check_hidden(case: Case, report: CaseReport) -> None:
    """Report players in `hidden_from` that do not exist, and `hidden_from` where nothing is public."""
    for name, entry in case.nodes.items():
        path: KeyPath = ("nodes", name, "hidden_from")
        if entry.hidden_from and case.information != PUBLIC:
            report.error(
                path,
                "it has an effect only where information is public. Write `information: public` at the head "
                "of the case, or list what each decision `sees`.",
                is_consequence=report.doubts_part(("information",)),
            )
        for i, player in enumerate(entry.hidden_from):
            if player not in case.players:
                hint = name_hint(player, list(case.players))
                here = (*path, i) if (*path, i) in report.document.values else path
                report.error(here, f"no player is called '{player}'.{hint}")
            elif player == entry.player:
                report.error(path, f"{player} decides this node, so it knows its value.")


def with_public_information(case: Case, report: CaseReport, diagram: Diagram) -> Diagram:
    """Give each decision without `sees` what is public, and drop what it cannot use."""
    decisions = {name for name, entry in case.nodes.items() if is_public(case, entry)}
    if not decisions:
        return diagram
    hidden = {name: entry.hidden_from for name, entry in case.nodes.items() if entry.hidden_from}
    diagram = see_what_is_public(diagram, decisions=decisions, hidden_from=hidden)
    diagram = _with_conditions_met(case, report, diagram, decisions)
    if report.is_too_large or any(report.doubts_node(name) for name in diagram.node):
        return diagram
    # A belief may say how such a decision depends on anything that its player knows.
    believed = {given for _, _, entry in belief_entries(case) for given in entry.nodes}
    kept = {name for given in believed for name in rounds_of(case).spread(given)}
    return without_unneeded(
        diagram, decisions=decisions - kept, may_come=_what_may_come(case, diagram)
    )


def newly_needed(diagram: Diagram, intervention: Intervention) -> tuple[NodeName, NodeName] | None:
    """Return a decision and a node that it knows and could use after an intervention, but not before."""
    unneeded = {d.name: d.unneeded for d in diagram.decisions if d.unneeded}
    if not unneeded or not (intervention.sees_added or intervention.sees_removed):
        return None
    whole = with_sees(diagram, Intervention(sees_added=unneeded))
    less = without_unneeded(
        whole, decisions=set(unneeded), may_come=[with_sees(whole, intervention)]
    )
    for decision in less.decisions:
        for name in decision.sees:
            if name in unneeded.get(decision.name, ()):
                return decision.name, name
    return None


def _with_conditions_met(
    case: Case, report: CaseReport, diagram: Diagram, decisions: set[NodeName]
) -> Diagram:
    """Report conditions (`allowed`, `when`) that name what the decision does not see.

    Such a decision sees it in the diagram that is returned, so that the rest can be checked.
    """
    nodes: list[Node] = []
    for node in diagram.nodes:
        if isinstance(node, Decision) and node.name in decisions:
            unseen = _unseen_in_conditions(case, report, diagram, node)
            node = replace(node, sees=diagram.in_time(frozenset({*node.sees, *unseen})))
        nodes.append(node)
    return replace(diagram, nodes=tuple(nodes))


def _unseen_in_conditions(
    case: Case, report: CaseReport, diagram: Diagram, decision: Decision
) -> set[NodeName]:
    path: KeyPath = ("nodes", decision.name)
    conditions: list[tuple[KeyPath, Expression]] = []
    for action, condition in decision.allowed.items():
        here: KeyPath = (*path, "allowed", action if isinstance(action, int) else str(action))
        conditions.append((here, condition))
    if decision.when is not None:
        conditions.append(((*path, "when"), decision.when))
    unseen: set[NodeName] = set()
    for here, condition in conditions:
        for name in sorted(condition.names & diagram.node.keys() - set(decision.sees)):
            is_hidden = decision.player in case.nodes[name].hidden_from
            why = (
                f"{name} is hidden from {decision.player}"
                if is_hidden
                else f"{name} does not come about on an earlier day"
            )
            report.error(here, f"a condition can only use what the decision sees, but {why}.")
            unseen.add(name)
    return unseen


def _what_may_come(case: Case, diagram: Diagram) -> Iterator[Diagram]:
    """Yield the diagrams that interventions, beliefs and deals of the case can lead to."""
    changes: list[Mapping[str, tuple[list[str], list[str]]]] = []
    interventions = [q.what_if for q in case.questions.values()]
    for entry in (*case.causes.values(), *interventions):
        if isinstance(entry, InterventionEntry):
            changes.append({name: (c.add, c.drop) for name, c in entry.sees.items()})
    for _, _, belief in belief_entries(case):
        if belief.unaware is not None:
            changes.append({name: ([], seen) for name, seen in belief.unaware.sees.items()})
    for change in changes:
        if change:
            yield with_sees(diagram, _change_of_sees(case, change, diagram))
    rounds = rounds_of(case)
    steps = {
        name
        for deal in case.deals.values()
        for step in deal.steps
        for given in step.do
        for name in rounds.spread(given)
        if name in diagram.node
    }
    if steps:
        # A penalty or a payment makes what any player gets depend on whether promises are kept.
        worth = Expression(sum_of([Tree("name", value=name) for name in sorted(steps)]))
        of_deals = (Interest(f"{player} in a deal", player, worth) for player in diagram.players)
        yield replace(diagram, interests=(*diagram.interests, *of_deals))


def _change_of_sees(
    case: Case, change: Mapping[str, tuple[list[str], list[str]]], diagram: Diagram
) -> Intervention:
    """A change of what decisions see; inside `rounds` a bare name means the node of the same round."""
    rounds = rounds_of(case)
    added: dict[NodeName, tuple[NodeName, ...]] = {}
    removed: dict[NodeName, tuple[NodeName, ...]] = {}
    for given, (add, drop) in change.items():
        for name in rounds.spread(given):
            meant = [rounds.meant(other, round_number(name)) for other in add]
            added[name] = tuple(other for other in meant if other in diagram.node)
            removed[name] = tuple(rounds.meant(other, round_number(name)) for other in drop)
    return Intervention(sees_added=added, sees_removed=removed)
