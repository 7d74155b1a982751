"""Check that the names of an expression are known, and that nodes are compared with their own values only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backchannel.case.lower.rounds import NUMBER
from backchannel.case.lower.trade_calls import explain_call
from backchannel.case.read.document import KeyPath
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import NOT_APPLICABLE, NodeName, name_hint, round_number
from backchannel.language.numbers_as_text import is_no_finite_number
from backchannel.language.values import explain_no_value

if TYPE_CHECKING:
    from backchannel.case.lower.vocabulary import CaseVocabulary


def check_words(words: CaseVocabulary, path: KeyPath, expression: Expression) -> None:
    """Report the names that are not known, and comparisons with what a node cannot be."""
    _check_names(words, path, expression)
    _check_values(words, path, expression)


def _check_names(words: CaseVocabulary, path: KeyPath, expression: Expression) -> None:
    of_block = path[0] in ("quantities", "trade") and words.rounds.names
    number = 1 if of_block else words.rounds.of(path)
    for tree in expression.tree.walk():
        if tree.op == "trade":
            words.traded.add(tree.value[1])
            wrong = explain_call(words.goods, tree.value)
            if wrong:
                words.report.error(path, wrong, column=tree.column)
        if tree.op != "name" or words.is_known(words.rounds.meant(tree.value, number)):
            continue
        if tree.value == NUMBER and number is not None:
            continue
        if of_block and words.is_known(words.rounds.meant(tree.value, 2)):
            continue
        repeated = words.rounds.explain_missing(tree.value, number, list(words.domains))
        if repeated:
            words.report.error(path, repeated, column=tree.column)
            continue
        owners = [n for n, domain in words.domains.items() if tree.value in domain]
        if is_no_finite_number(tree.value):
            hint = " A number must be finite."
        elif owners:
            hint = f" It is a value of {owners[0]}. Write it in quotes: '{tree.value}'."
        else:
            known = {*words.domains, *words.quantities, *words.parameters}
            known |= {NUMBER} if number is not None else set()
            named = [name for name in known if round_number(name) is None]
            hint = name_hint(tree.value, [*sorted(named), *sorted(words.rounds.names)])
        message = f"there is no node, quantity or parameter '{tree.value}'.{hint}"
        words.report.error(path, message, column=tree.column)


def _check_values(words: CaseVocabulary, path: KeyPath, expression: Expression) -> None:
    of_block = path[0] in ("quantities", "trade") and words.rounds.names
    number = 1 if of_block else words.rounds.of(path)
    for tree in expression.tree.walk():
        if tree.op not in ("==", "!="):
            continue
        for left, right in (tree.parts, tree.parts[::-1]):
            node = words.rounds.meant(left.value, number) if left.op == "name" else ""
            if node in words.domains:
                _check_value(words, path, node, right)


def _check_value(words: CaseVocabulary, path: KeyPath, node: NodeName, other: Tree) -> None:
    if other.op not in ("text", "number") or words.can_be(node, other.value):
        return
    domain = [v for v in words.domains[node] if v != NOT_APPLICABLE]
    said = other.value
    whole = isinstance(said, float) and said.is_integer() and abs(said) < 2**53
    said = int(said) if whole else said
    message = f"{node} cannot be '{said}'.{explain_no_value(said, domain)}"
    follows = words.report.doubts_values(node)
    words.report.error(path, message, column=other.column, is_consequence=follows)
