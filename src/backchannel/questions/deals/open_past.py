"""The open past of a deal: the combinations of earlier nodes that still matter after its day.

Known from the graph and the record alone, before anything is solved.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from backchannel.case.lowered import Lowered
from backchannel.diagram.beliefs import Observation
from backchannel.diagram.deals import Deal
from backchannel.diagram.diagram import Diagram
from backchannel.ensemble.evidence import entries_before, evidence_of
from backchannel.equilibrium.deals.future import Future
from backchannel.language.errors import CommandError
from backchannel.questions.deals.settled import cut_settled
from backchannel.tensors.inference import Evidence

MOST_HISTORY_CELLS = 50_000
"""Most combinations of open past nodes that matter after a deal's day."""


def evidence_before(diagram: Diagram, record: Sequence[Observation], deal: Deal) -> Evidence:
    """What was reported before a deal's day; all of the record, where that ends before it."""
    last = record[-1].date if record else None
    cut = deal.date if last is not None and deal.date <= last else None
    return evidence_of(diagram, entries_before(record, cut))


def check_open_past(future: Future, deal: Deal) -> None:
    """Check that few enough combinations of past nodes are still open.

    Raises:
        CommandError: There are too many.
    """
    cells = prod(len(future.diagram.domains[name]) for name in future.interface)
    if cells > MOST_HISTORY_CELLS:
        raise CommandError(
            f"The deal {deal.name} starts on {deal.date}, and {len(future.interface)} earlier nodes "
            f"that the record does not settle for everyone matter after that day "
            f"({', '.join(future.interface)}): {cells:,} combinations, more than "
            f"{MOST_HISTORY_CELLS:,}. Add a derived node that summarises the past, or let the players "
            "who decide later see what is on record (sees)."
        )


def too_large(lowered: Lowered) -> list[str]:
    """Say which deals of a case are too large to be examined, before anything is solved."""
    diagram = lowered.diagram
    terms = tuple(
        (interest.player, diagram.in_time(term.names))
        for interest in diagram.interests
        for term in diagram.terms(interest)
    )
    problems = []
    for deal in lowered.deals.values():
        future = Future(diagram, deal.date, deal.nodes, terms)
        evidence = evidence_before(diagram, lowered.record, deal)
        try:
            check_open_past(cut_settled(future, evidence, lowered.beliefs), deal)
        except CommandError as error:
            problems.append(str(error))
    return problems
