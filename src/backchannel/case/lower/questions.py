"""Lower questions and claims: what is asked of the solved case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.sizes import check_test_sizes
from backchannel.case.lower.why import check_why
from backchannel.case.lowered import CaseQuestion
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import QuestionEntry
from backchannel.diagram.beliefs import Observation
from backchannel.diagram.claim_tests import Claim, Quantity, Test, parse_test
from backchannel.diagram.nodes import Decision
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import Expression
from backchannel.language.names import NodeName, Value, did_you_mean


def lower_questions(
    surgeon: InterventionReader, causes: Mapping[str, Intervention], record: Sequence[Observation]
) -> tuple[tuple[CaseQuestion, ...], dict[str, Intervention]]:
    """Read the questions; interventions written out in them are returned by question name."""
    found = []
    own: dict[str, Intervention] = {}
    for name, entry in surgeon.case.questions.items():
        path: KeyPath = ("questions", name)
        if entry.forecast is not None:
            nodes = surgeon.words.rounds.spread(entry.forecast)
            if all(surgeon.words.node((*path, "forecast"), node) for node in nodes):
                asked = tuple((node, None) for node in nodes)
                found.append(CaseQuestion(name, entry.asks, "forecast", asked))
        elif entry.deal is not None:
            known = list(surgeon.case.deals)
            if entry.deal not in known:
                hint = did_you_mean(entry.deal, known)
                message = f"no deal is called '{entry.deal}'.{hint}"
                surgeon.words.report.error((*path, "deal"), message)
            found.append(CaseQuestion(name, entry.asks, "deal", (), deal=entry.deal))
        elif entry.what_if is not None:
            outcomes = _outcomes(surgeon, path, entry)
            if isinstance(entry.what_if, str):
                _cause(surgeon, (*path, "what_if"), entry.what_if)
                called = entry.what_if
            else:
                made = surgeon.read((*path, "what_if"), name, entry.what_if)
                called = name
                if name in surgeon.case.causes:
                    surgeon.words.report.error(path, "a cause has the same name.")
                if made:
                    own[name] = made
            found.append(CaseQuestion(name, entry.asks, "what_if", outcomes, called))
        else:
            outcome = entry.why or {}
            before = len(surgeon.words.report.problems)
            for node, value in outcome.items():
                here = (*path, "why", node)
                if surgeon.words.node(here, node):
                    surgeon.words.value(here, node, value)
            for i, cause in enumerate(entry.causes):
                _cause(surgeon, (*path, "causes", i), cause)
            if len(surgeon.words.report.problems) == before:
                check_why(surgeon.words.report, path, entry, causes, record, surgeon.diagram)
            asked = tuple(outcome.items())
            found.append(CaseQuestion(name, entry.asks, "why", asked, causes=tuple(entry.causes)))
    return tuple(found), own


def lower_claims(surgeon: InterventionReader, named: Mapping[str, Any]) -> tuple[Claim, ...]:
    """Read the claims; every name and value in a test is checked."""
    found = []
    report = surgeon.words.report
    taken: set[str] = set()
    for i, entry in enumerate(surgeon.case.claims):
        path: KeyPath = ("claims", i)
        name = entry.id or f"claim_{i + 1}"
        if name in taken:
            report.error(path, f"another claim is called '{name}'.")
        taken.add(name)
        if entry.source not in surgeon.case.sources:
            hint = did_you_mean(entry.source, list(surgeon.case.sources))
            report.error((*path, "source"), f"no source is called '{entry.source}'.{hint}")
        test = _test(surgeon, (*path, "test"), entry.test, named)
        if test:
            check_test_sizes(report, surgeon.diagram, (*path, "test"), test)
            found.append(Claim(name, entry.says, test, entry.source, entry.at, entry.margin))
    return tuple(found)


def _test(
    surgeon: InterventionReader, path: KeyPath, text: str, named: Mapping[str, Any]
) -> Test | None:
    report = surgeon.words.report
    try:
        test = parse_test(text)
    except ExpressionError as error:
        report.error(path, error.message, column=error.column)
        return None
    before = len(report.problems)
    stray = sorted(name for name in test.expression.names if not name.startswith("@"))
    if stray:
        report.error(
            path,
            f"'{stray[0]}' stands outside P(...), E(...) and best(...), where only numbers stand.",
        )
    quantities = tuple(_quantity(surgeon, path, quantity, named) for quantity in test.quantities)
    for tree in test.expression.tree.walk():
        if tree.op in ("==", "!="):
            _check_best(surgeon, path, tree.parts, quantities)
    return replace(test, quantities=quantities) if len(report.problems) == before else None


def _quantity(
    surgeon: InterventionReader, path: KeyPath, quantity: Quantity, named: Mapping[str, Any]
) -> Quantity:
    words, report, case = surgeon.words, surgeon.words.report, surgeon.case
    spread = surgeon.words.rounds.spread
    do = {n: value for node, value in quantity.do.items() for n in spread(str(node))}
    for node, value in do.items():
        if node not in words.domains:
            hint = did_you_mean(str(node), list(words.domains))
            report.error(path, f"no node is called '{node}'.{hint}", column=quantity.column)
        else:
            words.value(path, node, value)
    for name in quantity.interventions:
        if name not in named:
            hint = did_you_mean(name, list(named))
            message = f"no cause or intervention is called '{name}'.{hint}"
            report.error(path, message, column=quantity.column)
    worths = {*case.interests, *case.players, *(case.rounds.interests if case.rounds else ())}
    if quantity.kind == "E" and quantity.subject not in worths:
        hint = did_you_mean(quantity.subject, sorted(worths))
        message = f"no interest or player is called '{quantity.subject}'.{hint}"
        report.error(path, message, column=quantity.column)
    if quantity.kind == "best":
        node = surgeon.diagram.node.get(quantity.subject)
        if not isinstance(node, Decision):
            hint = did_you_mean(quantity.subject, [d.name for d in surgeon.diagram.decisions])
            message = f"no decision is called '{quantity.subject}'.{hint}"
            report.error(path, message, column=quantity.column)
    return replace(
        quantity,
        do=do,
        event=_event(surgeon, path, quantity.event),
        given=_event(surgeon, path, quantity.given),
    )


def _event(
    surgeon: InterventionReader, path: KeyPath, event: Expression | None
) -> Expression | None:
    if event is None:
        return None
    nodes = set(surgeon.words.domains)
    return surgeon.words.checked(path, event, only=nodes, why_only="an event is about nodes only.")


def _check_best(
    surgeon: InterventionReader, path: KeyPath, parts: tuple, quantities: tuple
) -> None:
    for one, other in (parts, parts[::-1]):
        if one.op != "name" or not str(one.value).startswith("@"):
            continue
        quantity = quantities[int(one.value[1:])]
        if quantity.kind == "best" and quantity.subject in surgeon.words.domains:
            if other.op in ("text", "number"):
                surgeon.words.value(path, quantity.subject, other.value)
        elif other.op == "text":
            message = "a probability or an expected worth is a number, never a word."
            surgeon.words.report.error(path, message, column=other.column)


def _outcomes(
    surgeon: InterventionReader, path: KeyPath, entry: QuestionEntry
) -> tuple[tuple[NodeName, Value | None], ...]:
    here = (*path, "outcome")
    spread = surgeon.words.rounds.spread
    raw = entry.outcome
    if isinstance(raw, dict):
        asked = [(n, value) for node, value in raw.items() for n in spread(node)]
        for node, value in asked:
            if surgeon.words.node((*here, node), node):
                surgeon.words.value((*here, node), node, value)
        return tuple(asked)
    names = [raw] if isinstance(raw, str) else raw or []
    spread_out = [node for name in names for node in spread(name)]
    return tuple((name, None) for name in spread_out if surgeon.words.node(here, name))


def _cause(surgeon: InterventionReader, path: KeyPath, name: str) -> None:
    if name not in surgeon.case.causes:
        hint = did_you_mean(name, list(surgeon.case.causes))
        surgeon.words.report.error(path, f"no cause is called '{name}'.{hint}")
