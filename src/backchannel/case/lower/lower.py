"""Lower a case: check it, and turn it into a diagram, priors, beliefs, record and questions."""

from __future__ import annotations

import numpy as np

from backchannel.case.lower.base_rates import lower_base_rates
from backchannel.case.lower.beliefs import lower_beliefs
from backchannel.case.lower.build_vocabulary import build_vocabulary
from backchannel.case.lower.deal_amounts import probe_deals
from backchannel.case.lower.deals import lower_deals
from backchannel.case.lower.hindsight import warn_of_hindsight
from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.lower.limits import check_limits
from backchannel.case.lower.months import check_months
from backchannel.case.lower.nodes import lower_diagram
from backchannel.case.lower.numbers import CaseNumbers, lower_correlations, lower_numbers
from backchannel.case.lower.posterior_priors import lower_posterior
from backchannel.case.lower.probe import probe, probe_rivals, unsound, warn_of_clamping
from backchannel.case.lower.questions import lower_claims, lower_questions
from backchannel.case.lower.reasoning import lower_thinking
from backchannel.case.lower.record import lower_record
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.rivals import lower_rivals
from backchannel.case.lower.round_length import check_length
from backchannel.case.lower.rounds import expand_rounds
from backchannel.case.lower.scenarios import lower_scenarios
from backchannel.case.lower.sizes import check_changed_sizes
from backchannel.case.lower.source_texts import check_source_texts
from backchannel.case.lower.sources import check_sources
from backchannel.case.lower.trade import lower_trade
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.lower.warn import warn
from backchannel.case.lowered import Lowered
from backchannel.case.read.document import Document, KeyPath
from backchannel.case.schema.case import Case
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.surgery import Intervention


@np.errstate(all="ignore")  # numbers that overflow are reported as problems
def lower(case: Case, document: Document) -> Lowered:
    """Check a case and lower it.

    Raises:
        CaseError: The case is wrong; every problem is listed with its place.
    """
    report = CaseReport(document)
    for path, text in document.cut:
        report.warn(
            path,
            "what follows # is read as a comment. If it belongs to the text, put the text in quotes: "
            f"{text}. Otherwise put a space after #.",
        )
    case = check_length(case, report)
    try:
        case = expand_rounds(case)
    except ValueError as error:
        report.error(("rounds",), str(error))
        report.raise_if_problems()
    words = build_vocabulary(case, report)
    numbers = lower_numbers(case, report)
    lower_correlations(case, report, numbers)
    sampled = lower_posterior(case, report, numbers)
    implicit = ImplicitParameters()
    check_sources(case, report)
    check_source_texts(case, report)
    lower_trade(case, words, implicit)
    diagram = lower_diagram(case, words, implicit)
    diagram = lower_thinking(case, words, diagram, numbers, implicit)
    beliefs = lower_beliefs(case, words, diagram, numbers, implicit)
    record = lower_record(case, words, diagram)
    base_rates = lower_base_rates(case, words, record)
    reader = InterventionReader(case, words, diagram, numbers, implicit)
    read_causes = {n: reader.read(("causes", n), n, entry) for n, entry in case.causes.items()}
    causes = {name: cause for name, cause in read_causes.items() if cause is not None}
    questions, written_out = lower_questions(reader, causes, record)
    interventions = {**causes, **written_out}
    known = {**read_causes, **{q.name: None for q in questions if q.intervention == q.name}}
    claims = lower_claims(reader, known)
    rivals = lower_rivals(reader, beliefs)
    priors = {**numbers.priors, **implicit.priors}
    scenarios = lower_scenarios(reader, causes, priors)
    deals = lower_deals(reader, beliefs)
    check_months(report, case, diagram)
    changes: dict[KeyPath, Intervention] = {
        (_section(case, name), name): made for name, made in interventions.items()
    }
    changes |= {("scenarios", n): s.intervention for n, s in scenarios.items() if s.intervention}
    check_changed_sizes(report, diagram, beliefs, changes)
    if report.is_too_large:
        report.raise_if_problems()
    priors = {**numbers.priors, **implicit.priors}
    impossible = check_limits(report, diagram, words.limited, priors)
    left_out: frozenset[str] = frozenset()
    if report.problems:
        broken = words.broken | numbers.broken
        # What rivals replace is probed too, so what is wrong in it must be known here.
        all_changes = {**changes, **{("rivals", rival.name): rival.change for rival in rivals}}
        left_out = unsound(report, diagram, beliefs, all_changes, priors, broken)
    doubtful = _doubtful_worths(words, diagram, impossible)
    probe(report, diagram, beliefs, changes, priors, left_out, doubtful)
    probe_rivals(report, diagram, beliefs, rivals, priors, left_out)
    probe_deals(report, deals, priors, left_out)
    report.raise_if_problems()
    _warn_of_unused(case, report, words, numbers)
    warn(report, diagram, priors)
    warn_of_clamping(report, case, diagram, priors)
    warn_of_hindsight(report, case, diagram)
    return Lowered(
        case=case,
        diagram=diagram,
        priors=priors,
        correlations=tuple(numbers.correlations),
        linear=dict(numbers.linear),
        sampled=sampled,
        beliefs=beliefs,
        record=record,
        base_rates=base_rates,
        causes=causes,
        interventions=interventions,
        rivals=rivals,
        scenarios=scenarios,
        deals=deals,
        questions=questions,
        claims=claims,
        warnings=tuple(report.warnings),
        markets=dict(words.markets),
    )


def _section(case: Case, name: str) -> str:
    """The section of the case file in which an intervention is written."""
    return "causes" if name in case.causes else "questions"


def _doubtful_worths(
    words: CaseVocabulary, diagram: Diagram, impossible: frozenset[KeyPath]
) -> frozenset[str]:
    """Name the interests whose worth depends on an impossible weight, or on a good that has no market."""
    settled = words.markets.keys() == words.goods.keys()
    settled = settled and not any(path[0] == "trade" for path in impossible)
    return frozenset(
        interest.name
        for interest in diagram.interests
        if any(path[:2] == ("players", interest.player) for path in impossible)
        or (not settled and any(tree.op == "market" for tree in interest.worth.operations))
    )


def _warn_of_unused(
    case: Case, report: CaseReport, words: CaseVocabulary, numbers: CaseNumbers
) -> None:
    """Warn about numbers and quantities that nothing depends on."""
    named = {other for other, _ in numbers.named.values()}
    for name in words.unused([*case.parameters, *case.quantities], also_used=named):
        group = "parameters" if name in case.parameters else "quantities"
        report.warn(
            (group, name),
            "nothing uses it, so it changes no answer. Use it in a probability, a worth or another expression, "
            "or remove it.",
        )
    for good in case.trade:
        if good not in words.traded:
            report.warn(
                ("trade", good),
                "nothing uses it, so it changes no answer. Name it in a worth, as in "
                f"rerouted('{good}'), or remove it.",
            )
