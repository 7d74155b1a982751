"""Lower questions and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.sizes import check_test_sizes
from backchannel.case.lower.why import check_why
from backchannel.case.lowered import CaseQuestion
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.asked import QuestionEntry
from backchannel.diagram.beliefs import Observation
from backchannel.diagram.claim_tests import Claim, Quantity, Test, parse_test
from backchannel.diagram.nodes import Decision
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import ExpressionError
from backchannel.language.expressions import Expression, Tree
from backchannel.language.names import NodeName, Value, name_hint
from backchannel.language.slips import SlipError


def lower_questions(
    reader: InterventionReader, causes: Mapping[str, Intervention], record: Sequence[Observation]
) -> tuple[tuple[CaseQuestion, ...], dict[str, Intervention]]:
    """Read the questions; return with them the interventions that they define, by question name."""
    questions = []
    interventions: dict[str, Intervention] = {}
    for name, entry in reader.case.questions.items():
        path: KeyPath = ("questions", name)
        if entry.forecast is not None:
            nodes = reader.words.rounds.spread(entry.forecast)
            if all(reader.words.node((*path, "forecast"), node) for node in nodes):
                asked = tuple((node, None) for node in nodes)
                questions.append(CaseQuestion(name, entry.asks, "forecast", asked))
        elif entry.deal is not None:
            known = list(reader.case.deals)
            if entry.deal not in known:
                hint = name_hint(entry.deal, known)
                message = f"no deal is called '{entry.deal}'.{hint}"
                reader.words.report.error((*path, "deal"), message)
            questions.append(CaseQuestion(name, entry.asks, "deal", (), deal=entry.deal))
        elif entry.what_if is not None:
            outcomes = _outcomes(reader, path, entry)
            if isinstance(entry.what_if, str):
                _cause(reader, (*path, "what_if"), entry.what_if)
                called = entry.what_if
            else:
                intervention = reader.read((*path, "what_if"), name, entry.what_if)
                called = name
                if name in reader.case.causes:
                    reader.words.report.error(
                        path, "a cause has the same name. Rename the question."
                    )
                if intervention:
                    interventions[name] = intervention
            questions.append(
                CaseQuestion(
                    name, entry.asks, "what_if", outcomes, called, view=entry.view or "record"
                )
            )
        else:
            outcome = entry.why or {}
            before = len(reader.words.report.problems)
            for node, value in outcome.items():
                here = (*path, "why", node)
                if reader.words.node(here, node):
                    reader.words.value(here, node, value)
            for i, cause in enumerate(entry.causes):
                _cause(reader, (*path, "causes", i), cause)
            unsure = reader.words.unsure_record & outcome.keys()
            if len(reader.words.report.problems) == before and not unsure:
                check_why(reader.words.report, path, entry, causes, record, reader.diagram)
            asked = tuple(outcome.items())
            questions.append(
                CaseQuestion(name, entry.asks, "why", asked, causes=tuple(entry.causes))
            )
    return tuple(questions), interventions


def lower_claims(reader: InterventionReader, named: Mapping[str, Any]) -> tuple[Claim, ...]:
    """Read the claims; every name and value in a test is checked."""
    claims = []
    report = reader.words.report
    taken: set[str] = set()
    for i, entry in enumerate(reader.case.claims):
        path: KeyPath = ("claims", i)
        name = entry.id or f"claim_{i + 1}"
        if name in taken:
            report.error(path, f"another claim is called '{name}'. Give each its own `id`.")
        taken.add(name)
        if entry.source not in reader.case.sources:
            hint = name_hint(entry.source, list(reader.case.sources))
            report.error((*path, "source"), f"no source is called '{entry.source}'.{hint}")
        test = _test(reader, (*path, "test"), entry.test, named)
        if test:
            test = replace(test, text=entry.test)
            check_test_sizes(report, reader.diagram, (*path, "test"), test)
            claims.append(
                Claim(name, entry.says, test, entry.source, entry.at, entry.margin, entry.view)
            )
    return tuple(claims)


def _test(
    reader: InterventionReader, path: KeyPath, text: str, named: Mapping[str, Any]
) -> Test | None:
    report = reader.words.report
    unusual = reader.words.unusual
    readable = unusual.readable(text)
    try:
        test = parse_test(readable)
    except SlipError as error:
        for column, message in error.notes:
            report.error(path, message, column=column)
        return None if error.mended == readable else _test(reader, path, error.mended, named)
    except ExpressionError as error:
        report.error(path, error.message, column=error.column, is_consequence=unusual.is_in(text))
        return None
    before = len(report.problems)
    stray = sorted(name for name in test.expression.names if not name.startswith("@"))
    if stray:
        report.error(
            path,
            f"'{stray[0]}' is outside of P(...), E(...) and best(...), where only numbers are allowed.",
        )
    quantities = tuple(_quantity(reader, path, quantity, named) for quantity in test.quantities)
    for tree in test.expression.tree.walk():
        if tree.op in ("==", "!="):
            _check_best(reader, path, tree.parts, quantities)
    return replace(test, quantities=quantities) if len(report.problems) == before else None


def _quantity(
    reader: InterventionReader, path: KeyPath, quantity: Quantity, named: Mapping[str, Any]
) -> Quantity:
    words, report, case = reader.words, reader.words.report, reader.case
    spread = reader.words.rounds.spread
    do = {n: value for node, value in quantity.do.items() for n in spread(str(node))}
    for node, value in do.items():
        if node not in words.domains:
            hint = name_hint(str(node), list(words.domains))
            report.error(path, f"no node is called '{node}'.{hint}", column=quantity.column)
        else:
            words.value(path, node, value)
    for name in quantity.interventions:
        if name not in named:
            hint = name_hint(name, list(named))
            message = f"no cause or intervention is called '{name}'.{hint}"
            report.error(path, message, column=quantity.column)
    worths = {*case.interests, *case.players, *(case.rounds.interests if case.rounds else ())}
    if quantity.kind == "E" and quantity.subject not in worths:
        hint = name_hint(quantity.subject, sorted(worths))
        message = f"no interest or player is called '{quantity.subject}'.{hint}"
        report.error(path, message, column=quantity.column)
    if quantity.kind == "best":
        node = reader.diagram.node.get(quantity.subject)
        if not isinstance(node, Decision):
            hint = name_hint(quantity.subject, [d.name for d in reader.diagram.decisions])
            message = f"no decision is called '{quantity.subject}'.{hint}"
            report.error(path, message, column=quantity.column)
    return replace(
        quantity,
        do=do,
        event=_event(reader, path, quantity.event),
        given=_event(reader, path, quantity.given),
    )


def _event(
    reader: InterventionReader, path: KeyPath, event: Expression | None
) -> Expression | None:
    if event is None:
        return None
    nodes = set(reader.words.domains)
    event = reader.words.unusual.renamed_back(event)
    return reader.words.checked(
        path, event, only=nodes, why_only="an event can be about nodes only."
    )


def _check_best(
    reader: InterventionReader,
    path: KeyPath,
    parts: tuple[Tree, ...],
    quantities: tuple[Quantity, ...],
) -> None:
    for left, right in (parts, parts[::-1]):
        if left.op != "name" or not str(left.value).startswith("@"):
            continue
        quantity = quantities[int(left.value[1:])]
        if quantity.kind == "best" and quantity.subject in reader.words.domains:
            if right.op in ("text", "number"):
                reader.words.value(path, quantity.subject, right.value)
        elif right.op == "text":
            message = "a probability or an expected worth is a number and cannot equal a word."
            reader.words.report.error(path, message, column=right.column)


def _outcomes(
    reader: InterventionReader, path: KeyPath, entry: QuestionEntry
) -> tuple[tuple[NodeName, Value | None], ...]:
    here = (*path, "outcome")
    spread = reader.words.rounds.spread
    raw = entry.outcome
    if isinstance(raw, dict):
        asked = [(n, value) for node, value in raw.items() for n in spread(node)]
        for node, value in asked:
            if reader.words.node((*here, node), node):
                reader.words.value((*here, node), node, value)
        return tuple(asked)
    names = [raw] if isinstance(raw, str) else raw or []
    spread_out = [node for name in names for node in spread(name)]
    return tuple((name, None) for name in spread_out if reader.words.node(here, name))


def _cause(reader: InterventionReader, path: KeyPath, name: str) -> None:
    if name not in reader.case.causes:
        hint = name_hint(name, list(reader.case.causes))
        reader.words.report.error(path, f"no cause is called '{name}'.{hint}")
