"""Commas and colons in braces that do not do what was meant: `{title: Wire, late, date: ...}`.

The parser takes what follows such a comma for a key without a value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from backchannel.case.read.line_mends import quoted
from backchannel.language.errors import Place, Problem

_PLAIN = (None, "")
"""Styles of a text without quotes, as the two parsers say it."""
_INTEGER = re.compile(r"[-+]?[0-9]+")
_DIGITS = re.compile(r"[0-9]+%?")
LISTED_NAMES = frozenset(
    {"hidden_from", "sees", "told", "order", "drop_interest", "causes", "parties", "add", "drop"}
)
"""Keys whose value is a list of names."""
_NO_SPACE = re.compile(r"([A-Za-z_]\w*):(\S.*)")


@dataclass
class Pairs:
    """The keys and values of one entry as they were meant, and what is wrong with how they are written."""

    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def joined_pairs(node: MappingNode, file: str) -> Pairs:
    """Join a text in braces that a comma has cut, and split a key from a value without a space between."""
    done = Pairs()
    if _is_list(node):
        place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
        entries = ", ".join(key.value for key, _ in node.value)
        done.problems.append(Problem(place, f"A list stands in square brackets: [{entries}]."))
        return done
    # The fast parser does not say which entries are in braces; these begin before their first key.
    in_braces = bool(node.value) and node.value[0][0].start_mark.index > node.start_mark.index
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            done.pairs.append((key, value))
            continue
        place = Place(file, key.start_mark.line + 1, key.start_mark.column + 1)
        if in_braces and key.style in _PLAIN and _is_missing(key, value):
            _explain(done, place, key)
        elif key.style in _PLAIN and re.match(r"-[^\s\d-]", key.value) and not in_braces:
            done.problems.append(
                Problem(place, f"A space is missing after the dash. Write - {key.value[1:]}: ...")
            )
        else:
            done.pairs.append((key, value))
    return done


def _is_list(node: MappingNode) -> bool:
    """Say whether braces hold words without values only."""
    return bool(node.value) and all(
        isinstance(key, ScalarNode)
        and _is_missing(key, value)
        and re.fullmatch(r"\w+", key.value) is not None
        for key, value in node.value
    )


def _is_missing(key: ScalarNode, value: Node) -> bool:
    """Say whether a key has neither a value nor a colon."""
    is_empty = isinstance(value, ScalarNode) and value.value == "" and value.style in _PLAIN
    return is_empty and value.start_mark.index <= key.end_mark.index


def _explain(done: Pairs, place: Place, key: ScalarNode) -> None:
    # The schema is slow to import, and a sound text needs none of this.
    from backchannel.case.schema.written_priors import PRIOR_KINDS

    if key.value.endswith(":"):
        # A key with a colon, and then nothing: the form of the case says what is missing.
        done.pairs.append((_copy(key, key.value[:-1].rstrip()), _copy(key, "")))
        return
    if match := _NO_SPACE.fullmatch(key.value):
        message = f"A space is missing after the colon. Write {match[1]}: {match[2]}."
        done.problems.append(Problem(place, message))
        split = _copy(key, match[1]), _copy(key, match[2])
        done.pairs.append(split)
        return
    before = done.pairs[-1] if done.pairs else None
    last = before[1] if before else None
    if isinstance(last, _JoinedNames):
        last.value.append(_name(key))
        return
    is_plain = isinstance(last, ScalarNode) and last.style in _PLAIN and last.value != ""
    if before is None or not is_plain:
        message = (
            f"'{key.value}' has no value: in braces, each entry reads `key: value`. A key or a text with a comma "
            "needs quotes."
        )
        done.problems.append(Problem(place, message))
        return
    assert isinstance(last, ScalarNode)
    if str(before[0].value) in PRIOR_KINDS:
        text = f"{last.value}, {key.value}"
        message = f"Write the numbers in brackets: [{text}]."
        done.problems.append(Problem(place, message))
        start, end = last.start_mark, last.end_mark
        items = [_copy(last, last.value), _copy(key, key.value)]
        done.pairs[-1] = (before[0], SequenceNode(last.tag, items, start, end))
        return
    if str(before[0].value) in LISTED_NAMES:
        items = [_name(last), _name(key)]
        text = ", ".join(item.value for item in items)
        message = f"Write the names in brackets: [{text}]."
        done.problems.append(Problem(place, message))
        done.pairs[-1] = (before[0], _JoinedNames(last.tag, items, last.start_mark, last.end_mark))
        return
    if _INTEGER.fullmatch(last.value) and _DIGITS.fullmatch(key.value):
        text = f"{last.value}.{key.value}"
        message = f"Write the number with a point: {text}. A comma begins the next entry."
    else:
        text = f"{last.value}, {key.value}"
        message = f"A comma ends a text in braces. Put the text in quotes: {quoted(text)}."
    done.problems.append(Problem(place, message))
    done.pairs[-1] = (before[0], _copy(last, text))


def _name(node: ScalarNode) -> ScalarNode:
    return _copy(node, node.value.strip("() "))


class _JoinedNames(SequenceNode):
    """Names that were written without brackets."""


def _copy(node: ScalarNode, text: str) -> ScalarNode:
    return ScalarNode(node.tag, text, node.start_mark, node.end_mark, style=node.style)
