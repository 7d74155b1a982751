"""The quantities of a case: each is expanded in the others that name it, and none may depend on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backchannel.case.lower.check_words import check_words
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import Expression, check_written_size, constant, substitute

LONGEST_LOOP = 12
"""Longest circle of names that is shown completely."""


def read_quantities(words: CaseVocabulary, case: Case) -> None:
    """Read the quantities and expand the quantities that they name."""
    parsed: dict[str, Expression] = {}
    for name, entry in case.quantities.items():
        path: KeyPath = ("quantities", name)
        if isinstance(words.report.document.data["quantities"][name], dict):
            path = (*path, "value")
        # Expressions that name a wrong one are not reported as well.
        parsed[name] = words.parsed(path, entry.value) or constant(1.0)
    words.quantities = dict(parsed)
    words.uses_of = {name: expression.names for name, expression in parsed.items()}
    for loop in _write_out(words, parsed):
        for i, name in enumerate(loop):
            around = [*loop[i:], *loop[:i], name]
            shown = " → ".join(around if len(around) <= LONGEST_LOOP else [*around[:8], "…"])
            words.report.error(("quantities", name), f"it is defined in terms of itself: {shown}.")
    for name, expression in parsed.items():
        check_words(words, ("quantities", name), expression)


def _write_out(words: CaseVocabulary, parsed: Mapping[str, Expression]) -> Iterator[list[str]]:
    """Expand quantities in each other, inner ones first; yield those that form a circle."""
    finished: set[str] = set()
    for first in parsed:
        above: dict[str, Iterator[str]] = {}
        waiting = [first]
        while waiting:
            name = waiting[-1]
            if name in finished:
                waiting.pop()
                continue
            inner = above.setdefault(name, iter(sorted(parsed[name].names & parsed.keys())))
            other = next((n for n in inner if n not in finished), None)
            if other is None:
                _write_in(words, name, parsed[name])
            elif other in above:
                chain = list(above)
                yield chain[chain.index(other) :]
            else:
                waiting.append(other)
                continue
            finished.add(name)
            above.pop(name)
            waiting.pop()


def _write_in(words: CaseVocabulary, name: str, parsed: Expression) -> None:
    expanded = substitute(parsed, words.quantities)
    try:
        check_written_size(expanded.tree)
        words.quantities[name] = expanded
    except ExpressionError as error:
        words.report.error(("quantities", name), error.message)
        words.quantities[name] = constant(1.0)
