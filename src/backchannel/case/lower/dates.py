"""Dates of nodes: nothing sees, or depends on, what comes about later, by itself or through a flow of goods."""

from __future__ import annotations

from backchannel.case.lower.trade import number_paths
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath, path_text
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Node
from backchannel.language.days import Month
from backchannel.language.expressions import Expression, Tree, constant
from backchannel.language.names import NodeName, round_number

MOST_NAMED = 3
"""Most numbers of goods that one message names."""


def check_dates(words: CaseVocabulary, diagram: Diagram) -> None:
    """Report each node that sees, or depends on, a later one."""
    report = words.report
    for node in diagram.nodes:
        if (round_number(node.name) or 0) > 1:
            continue  # All rounds are alike.
        for parent in diagram.parents(node.name):
            late, own = diagram.dates[parent], diagram.dates[node.name]
            if isinstance(late, Month) and late.contains(own):
                continue  # `check_months` says what is unclear.
            if late > own and not (report.doubts_node(parent) or report.doubts_node(node.name)):
                verb = "sees" if isinstance(node, Decision) else "depends on"
                report.error(
                    ("nodes", node.name),
                    f"it comes about on {own}, but {verb} {parent}, of {late}"
                    f"{_way_of_goods(words, node, parent)}.",
                )


def _way_of_goods(words: CaseVocabulary, node: Node, parent: NodeName) -> str:
    """Name the numbers of goods by which alone a node depends on another, and the remedy; empty if it names it."""
    trees = [expression.tree for expression in _mechanism(node)]
    if any(parent in _names_itself(tree) for tree in trees):
        return ""
    markets = {id(part): part for tree in trees for part in tree.walk() if part.op == "market"}
    places = [path for market in markets.values() for path in _numbers_on(words, market, parent)]
    if not places:
        return ""
    texts = [path_text(path) for path in dict.fromkeys(places)]
    shown = " and ".join(texts[:MOST_NAMED])
    more = f" and {len(texts) - MOST_NAMED} more" if len(texts) > MOST_NAMED else ""
    return (
        f", by a flow or price that follows from {shown}{more}. Name an earlier node there, or give "
        f"{node.name} a later day"
    )


def _mechanism(node: Node) -> list[Expression]:
    if isinstance(node, Decision):
        return []
    own = list(node.weights.values()) if isinstance(node, Chance) else [node.value]
    return [*own, node.when] if node.when else own


def _names_itself(tree: Tree) -> frozenset[str]:
    """The names in an expression outside of the numbers of goods."""
    nothing = constant(0.0).tree
    return Expression(tree.rebuilt(lambda part: nothing if part.op == "market" else part)).names


def _numbers_on(words: CaseVocabulary, market: Tree, parent: NodeName) -> list[KeyPath]:
    """The places of a market's numbers that depend on a node."""
    good = next(name for name, known in words.markets.items() if known.value is market.value)
    paths = number_paths(good, words.goods[good])
    return [
        path
        for path, number in zip(paths, market.parts, strict=True)
        if parent in Expression(number).names
    ]
