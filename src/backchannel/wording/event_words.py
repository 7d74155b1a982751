"""Events in words: “The reply: frees”, “The offer: anything but a token”, “Prisoners” of at most 150."""

from __future__ import annotations

from backchannel.language.names import NOT_APPLICABLE, NodeName
from backchannel.language.trees import Tree
from backchannel.wording.words import Wording

_SIZES = {"<": "below", "<=": "of at most", ">": "above", ">=": "of at least"}
SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""By sign of a comparison, the sign with its sides exchanged."""


class NoWordsError(Exception):
    """A test, or an event, has no words; it is shown as the case writes it."""


def event_words(wording: Wording, tree: Tree) -> str:
    """Name an event.

    Raises:
        NoWordsError: It is not made of comparisons of nodes with values.
    """
    if tree.op in ("and", "or"):
        together = _one_node(wording, tree)
        if together:
            return together
        joint = ", together with " if tree.op == "and" else " or "
        return joint.join(event_words(wording, part) for part in tree.parts)
    if tree.op == "not":
        return f"the absence of {event_words(wording, tree.parts[0])}"
    node, sign, value = _comparison(wording, tree)
    if sign == "==":
        return wording.event(node, value)
    if sign == "!=":
        return _other_than(wording, node, [value])
    return f"“{wording.node(node)}” {_SIZES[sign]} {number_words(value)}"


def _one_node(wording: Wording, tree: Tree) -> str:
    """A node with one of some values (`in`), or with none of them (`not in`); empty for another event."""
    wanted = "==" if tree.op == "or" else "!="
    if any(part.op != wanted for part in tree.parts):
        return ""
    compared = [_comparison(wording, part) for part in tree.parts]
    nodes = {node for node, _, _ in compared}
    if len(nodes) > 1:
        return ""
    (node,) = nodes
    values = [value for _, _, value in compared]
    if tree.op == "and":
        return _other_than(wording, node, values)
    labels = [wording.value(node, value) for value in values]
    return f"“{wording.node(node)}: {' or '.join(labels)}”"


def _other_than(wording: Wording, node: NodeName, values: list[str | int | float]) -> str:
    domain = wording.lowered.diagram.domains[node]
    left = [value for value in domain if value not in values and value != NOT_APPLICABLE]
    if len(left) == 1:
        return wording.event(node, left[0])
    labels = [wording.value(node, value) for value in values]
    return f"“{wording.node(node)}: anything but {' or '.join(labels)}”"


def _comparison(wording: Wording, tree: Tree) -> tuple[NodeName, str, str | int | float]:
    """The node, the sign and the value of a comparison."""
    if tree.op not in SWAPPED:
        raise NoWordsError
    left, right = tree.parts
    sign = tree.op
    if left.op != "name":
        left, right, sign = right, left, SWAPPED[sign]
    if left.op != "name" or right.op not in ("text", "number", "negate"):
        raise NoWordsError
    node = str(left.value)
    if node not in wording.lowered.diagram.domains:
        raise NoWordsError
    if right.op == "negate":
        if right.parts[0].op != "number":
            raise NoWordsError
        return node, sign, -float(str(right.parts[0].value))
    value = right.value
    return node, sign, float(str(value)) if right.op == "number" else str(value)


def number_words(number: str | float) -> str:
    """A number of a test, as short as it is exact.

    >>> number_words(150.0), number_words(0.02), number_words(-0.5)
    ('150', '0.02', '−0.5')
    """
    return f"{number:,g}".replace("-", "−") if isinstance(number, int | float) else str(number)
