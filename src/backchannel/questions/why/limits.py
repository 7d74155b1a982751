"""Which questions of why are too large, known from the graph and the record before anything is solved."""

from __future__ import annotations

from math import prod

from backchannel.case.lowered import CaseQuestion, Lowered
from backchannel.ensemble.evidence import evidence_of
from backchannel.language.errors import TooLargeError
from backchannel.questions.statistics.shapley import shapley_design
from backchannel.questions.why.sizes import claim_sets, draws_together
from backchannel.questions.why.why_question import RUN_DRAWS, RUN_WORLDS
from backchannel.questions.why.worlds import claim_drawing
from backchannel.tensors.inference import indicator


def too_large(lowered: Lowered) -> list[str]:
    """Say which questions of why a run cannot answer in the memory there is."""
    problems = []
    for question in lowered.questions:
        if question.kind == "why":
            try:
                _check(lowered, question)
            except TooLargeError as error:
                problems.append(f"questions.{question.name}: {error}")
    return problems


def _check(lowered: Lowered, question: CaseQuestion) -> None:
    """Go through what explaining an outcome checks as it goes along: sets of causes, worlds, and drawing them.

    Raises:
        TooLargeError: One of them takes more memory than is allowed.
    """
    diagram = lowered.diagram
    node, value = question.outcomes[0]
    assert value is not None
    n_sets = len(shapley_design(question.causes).sets)
    together = min(draws_together(diagram, RUN_WORLDS, n_sets), RUN_DRAWS)
    cells = sum(
        prod(
            len(diagram.domains[name]) for name in (*diagram.parents(decision.name), decision.name)
        )
        for decision in diagram.decisions
    )
    claim_sets(n_sets, together, cells)
    evidence = evidence_of(diagram, lowered.record)
    evidence = {**evidence, node: evidence.get(node, 0.0) + indicator(diagram, node, value)}
    claim_drawing(diagram, {node}, evidence, n_draws=together)
