"""Lower the nodes, interests and parameters of a case to a diagram."""

from __future__ import annotations

from dataclasses import dataclass, field

import networkx as nx

from backchannel.case.lower.discount import discounted, warn_of_endings
from backchannel.case.lower.grid import on_grid
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.rounds import NUMBER, rounds_of
from backchannel.case.lower.sizes import check_sizes
from backchannel.case.lower.vocabulary import Vocabulary
from backchannel.case.lower.weights import ImplicitParameters, read_weights, read_worth
from backchannel.case.schema.case import Case, NodeEntry
from backchannel.case.schema.prior_text import must_be_positive, precision_from, prior_from
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Derived, Interest, Node
from backchannel.language.correlations import Correlation, correlation_matrix, is_possible
from backchannel.language.expressions import Expression, constant
from backchannel.language.formulas import FormulaError, parse_for_fit
from backchannel.language.names import (
    NOT_APPLICABLE,
    NodeName,
    ParameterName,
    Value,
    did_you_mean,
    discount_of,
    precision_of,
    round_number,
)
from backchannel.language.priors import Fixed, Prior

LEAST_SHARE = 1e-6
"""Quantile that stands for the end of a discount's prior."""
OUTSIDE = "a discount lies above 0 and is at most 1; its prior reaches outside."
SMALLEST_WEIGHT = 1e-200
"""What the last round may be worth in the first; below, numbers would run out of digits."""


@dataclass
class CaseNumbers:
    """The priors of a case, and the correlations between them."""

    priors: dict[ParameterName, Prior] = field(default_factory=dict)
    correlations: list[Correlation] = field(default_factory=list)
    named: dict[ParameterName, tuple[ParameterName, tuple]] = field(default_factory=dict)
    """Believed numbers that are another number by name, and where that is said."""
    linear: dict[ParameterName, str] = field(default_factory=dict)
    """Numbers that data make of covariates, with their formulas."""


def build_vocabulary(case: Case, report: CaseReport) -> Vocabulary:
    """Collect the names of a case, and read its quantities."""
    domains: dict[NodeName, tuple[Value, ...]] = {}
    taken: dict[str, str] = {}
    groups = {
        "players": case.players,
        "parameters": case.parameters,
        "quantities": case.quantities,
        "nodes": case.nodes,
    }
    for group, entries in groups.items():
        for name in entries:
            if name in taken:
                report.error((group, name), f"the name is taken by {taken[name]}.{name}.")
            taken[name] = group
    for name, entry in case.nodes.items():
        values = tuple(entry.domain)
        path = ("nodes", name, "domain")
        if len(set(map(str, values))) < len(values):
            report.error(path, "a value is listed twice.")
        if len({isinstance(value, str) for value in values}) > 1:
            report.error(path, "values are all words or all numbers; put numbers in quotes.")
        if NOT_APPLICABLE in values:
            report.error(path, "n/a is not listed; `when` adds it.")
        domains[name] = (*values, NOT_APPLICABLE) if entry.when is not None else values
    rounds = rounds_of(case)
    for name in sorted(rounds.names & taken.keys()):
        report.error(("rounds", "nodes", name), f"the name is taken by {taken[name]}.{name}.")
    if NUMBER in taken and rounds.names:
        report.error((taken[NUMBER], NUMBER), "in `rounds` this is the number of the round.")
    words = Vocabulary(report, domains, set(case.parameters), rounds=rounds)
    words.read_quantities(case)
    return words


def lower_numbers(case: Case, report: CaseReport) -> CaseNumbers:
    """Make the priors of precisions, parameters and beliefs about parameters."""
    numbers = CaseNumbers()
    for name, player in case.players.items():
        path = ("players", name, "precision")
        try:
            prior = precision_from(player.precision)
            if not must_be_positive(prior):
                report.error(path, "a precision is never below 0; its prior reaches below.")
            numbers.priors[precision_of(name)] = prior
        except ValueError as error:
            report.error(path, str(error))
        _lower_discount(case, report, numbers, name)
    for name, parameter in case.parameters.items():
        if parameter.linear is not None:
            numbers.linear[name] = parameter.linear
            try:
                parse_for_fit(parameter.linear)
            except FormulaError as error:
                for column, message in error.problems:
                    path = ("parameters", name, "linear")
                    report.error(path, f"in the formula, {message}", column=column)
        if parameter.prior is None:
            # Nothing is run with it; a number is needed to check the rest of the case.
            numbers.priors[name] = Fixed(0.5 if parameter.unit == "probability" else 0.0)
            continue
        try:
            is_share = parameter.unit == "probability"
            numbers.priors[name] = prior_from(parameter.prior, probability=is_share)
        except ValueError as error:
            report.error(("parameters", name, "prior"), str(error))
    return numbers


def _lower_discount(case: Case, report: CaseReport, numbers: CaseNumbers, player: str) -> None:
    raw = case.players[player].discount
    path = ("players", player, "discount")
    if raw is None:
        return
    if case.rounds is None:
        report.error(path, "a discount counts rounds, and the case has no `rounds`.")
    try:
        prior = prior_from(raw, probability=True)
    except ValueError as error:
        outside = "probability" in str(error)
        report.error(path, OUTSIDE if outside else str(error))
        return
    low, high = prior.at(LEAST_SHARE), prior.at(1 - LEAST_SHARE)
    if low <= 0 or high > 1:
        report.error(path, OUTSIDE)
    elif case.rounds is not None and low**case.rounds.n < SMALLEST_WEIGHT:
        report.error(
            path,
            f"its prior reaches down to {low:.2g}: after {case.rounds.n} rounds nothing would be left "
            "to count with. Narrow it, or take fewer rounds.",
        )
    numbers.priors[discount_of(player)] = prior


def lower_correlations(case: Case, report: CaseReport, numbers: CaseNumbers) -> None:
    """Read the rank correlations; together they must be possible."""
    for i, entry in enumerate(case.correlations):
        path = ("correlations", i)
        for name in entry.between:
            if name not in numbers.priors:
                hint = did_you_mean(name, list(numbers.priors))
                report.error((*path, "between"), f"no parameter is called '{name}'.{hint}")
        if not -1 < entry.rank < 1:
            report.error((*path, "rank"), "a rank correlation lies between -1 and 1.")
        one, other = entry.between
        numbers.correlations.append(Correlation(one, other, entry.rank))
    names = [name for name, prior in numbers.priors.items() if not prior.is_fixed]
    if not numbers.correlations or report.problems:
        return
    if not is_possible(correlation_matrix(names, numbers.correlations)):
        report.error(("correlations",), "no numbers can have all of these correlations at once.")


def lower_diagram(case: Case, words: Vocabulary, implicit: ImplicitParameters) -> Diagram | None:
    """Make the diagram.

    A node with a problem is stood in for by a plain one, so that what follows can be checked too;
    `None` only when nodes depend on each other in a circle.
    """
    report = words.report
    nodes = [_node_or_stand_in(case, words, name, implicit) for name in case.nodes]
    interests = []
    for name, entry in case.interests.items():
        _check_player(case, report, ("interests", name, "player"), str(entry.player))
        worth = read_worth(words, ("interests", name, "worth"), entry.worth)
        if worth:
            interests.append(Interest(name, entry.player, worth))
    for name in case.players:
        if not any(node.player == name for node in case.nodes.values()):
            report.warn(("players", name), "decides nothing.")
        elif not any(interest.player == name for interest in case.interests.values()):
            report.warn(("players", name), "has no interest, so its choices are coin tosses.")
    warn_of_endings(case, report)
    if not _is_acyclic(report, nodes):
        return None
    diagram = discounted(Diagram(tuple(case.players), tuple(nodes), tuple(interests)), case)
    _check_dates(report, diagram)
    check_sizes(report, diagram)
    return diagram


def _node(case: Case, words: Vocabulary, name: str, implicit: ImplicitParameters) -> Node | None:
    entry = case.nodes[name]
    path = ("nodes", name)
    for key in entry.values:
        words.value((*path, "values", key), name, key)
    if isinstance(entry.resolves, dict):
        for key in entry.resolves:
            words.value((*path, "resolves", key), name, key)
    domain = words.domains[name]
    if entry.player is not None:
        return _decision(case, words, name, entry)
    nodes = set(words.domains) - {name}
    when = _condition(
        words, (*path, "when"), entry.when, nodes, "a condition is about other nodes."
    )
    if entry.derived is not None:
        value = words.expression((*path, "derived"), entry.derived)
        if value and entry.grid is not None:
            return Chance(name, domain, on_grid(value, entry.grid), False, when, entry.at)
        return Derived(name, domain, value, when, entry.at) if value else None
    kind = "odds" if entry.odds is not None else "probability"
    raw = entry.odds if entry.odds is not None else entry.probability
    weights = read_weights(words, (*path, kind), raw or {}, node=name, kind=kind, implicit=implicit)
    if weights is None:
        return None
    return Chance(name, domain, weights, kind == "odds", when, entry.at)


def _decision(case: Case, words: Vocabulary, name: str, entry: NodeEntry) -> Decision | None:
    report = words.report
    path = ("nodes", name)
    _check_player(case, report, (*path, "player"), str(entry.player))
    sees = []
    for i, given in enumerate(entry.sees or []):
        seen = words.meant(path, given)
        if not words.node((*path, "sees", i), seen):
            continue
        if seen == name or seen in sees:
            report.error(
                (*path, "sees", i), "a decision sees each other node once, and not itself."
            )
            continue
        sees.append(seen)
    if len(entry.domain) < 2:
        report.error((*path, "domain"), "a decision needs at least two actions.")
    reason = "a decision's conditions are about what it sees."
    allowed = {}
    for action, text in (entry.allowed or {}).items():
        here = (*path, "allowed", action)
        if words.value(here, name, action):
            condition = words.expression(here, text, only=sees, why_only=reason)
            if condition:
                allowed[action] = condition
    when = _condition(words, (*path, "when"), entry.when, set(sees), reason)
    if entry.at is None:
        return None
    return Decision(
        name, words.domains[name], str(entry.player), entry.at, tuple(sees), allowed, when
    )


def _condition(
    words: Vocabulary, path: tuple, text, only: set[str], why_only: str
) -> Expression | None:
    return None if text is None else words.expression(path, text, only=only, why_only=why_only)


def _check_player(case: Case, report: CaseReport, path: tuple, player: str) -> None:
    if player not in case.players:
        hint = did_you_mean(player, list(case.players))
        report.error(path, f"no player is called '{player}'.{hint}")


def _node_or_stand_in(
    case: Case, words: Vocabulary, name: str, implicit: ImplicitParameters
) -> Node:
    before = len(words.report.problems)
    node = _node(case, words, name, implicit)
    if len(words.report.problems) > before or node is None:
        words.broken.add(name)
    if node is not None:
        return node
    domain = words.domains[name]
    weights = {value: constant(1.0) for value in domain if value != NOT_APPLICABLE}
    return Chance(name, domain, weights, True, None, case.nodes[name].at)


def _is_acyclic(report: CaseReport, nodes: list[Node]) -> bool:
    names = {node.name for node in nodes}
    graph = nx.DiGraph((parent, n.name) for n in nodes for parent in sorted(n.names & names))
    for cycle in nx.simple_cycles(graph):
        first = cycle.index(min(cycle))
        cycle = cycle[first:] + cycle[:first]
        loop = " → ".join([*cycle, cycle[0]])
        report.error(("nodes", cycle[0]), f"nodes cannot depend on each other in a circle: {loop}.")
        return False
    return True


def _check_dates(report: CaseReport, diagram: Diagram) -> None:
    for node in diagram.nodes:
        if (round_number(node.name) or 0) > 1:
            continue  # Rounds are alike.
        for parent in diagram.parents(node.name):
            late, own = diagram.dates[parent], diagram.dates[node.name]
            if late > own:
                verb = "sees" if isinstance(node, Decision) else "depends on"
                report.error(
                    ("nodes", node.name), f"it comes about on {own} but {verb} {parent}, of {late}."
                )
