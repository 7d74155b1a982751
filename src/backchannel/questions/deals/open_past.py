"""The open past of a deal: the combinations of earlier nodes that still matter after its day.

Known from the graph and the record alone, before anything is solved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import prod

from backchannel.case.lowered import Lowered
from backchannel.diagram.beliefs import Belief, Observation, walk_beliefs
from backchannel.diagram.deals import Deal
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.reasoning import Reasoning
from backchannel.ensemble.evidence import entries_before, evidence_of
from backchannel.equilibrium.deals.future import Future
from backchannel.equilibrium.deals.hidden_levels import (
    future_as_seen,
    telling_players,
    with_hidden_levels,
)
from backchannel.language.errors import CommandError
from backchannel.language.names import PlayerName
from backchannel.questions.deals.settled import cut_settled
from backchannel.tensors.inference import Evidence
from backchannel.tensors.plan import Scope

MOST_HISTORY_CELLS = 50_000
"""Most combinations of open past nodes that matter after a deal's day."""
FEWEST_DRAWS = 256
"""Draws in which a deal is solved at least, where there are as many."""
RUN_SOLVES = 20_000
"""Packages times draws that a run solves for each deal; at least `FEWEST_DRAWS` draws."""


def run_draws(deal: Deal) -> int:
    """Draws in which a run solves a deal, at most."""
    return max(FEWEST_DRAWS, RUN_SOLVES // deal.n_packages)


def record_before(record: Sequence[Observation], deal: Deal) -> tuple[Observation, ...]:
    """The entries before a deal's day; all of the record, where that ends before it."""
    last = record[-1].date if record else None
    cut = deal.date if last is not None and deal.date <= last else None
    return entries_before(record, cut)


def future_after(
    diagram: Diagram,
    evidence: Evidence,
    beliefs: Sequence[Belief],
    deal: Deal,
    terms: tuple[tuple[PlayerName, Scope], ...],
) -> Future:
    """What lies ahead of a deal, with the settled past cut out of it.

    Args:
        diagram: The case.
        evidence: What was reported before the deal's day.
        beliefs: What players wrongly believe.
        deal: The deal.
        terms: Owner and scope of each part of the interests.

    Raises:
        CommandError: Too many combinations of past nodes are still open.
    """
    whole = Future(diagram, deal.date, deal.nodes, terms, deal.joint)
    future = cut_settled(whole, evidence, beliefs)
    views = [future]
    if count := levels_believed_in(diagram, beliefs):
        # Moves of which the record tells may say something about a level, so fewer of them are settled.
        by_level = with_hidden_levels(diagram, telling_players(whole), count)
        by_level = replace(whole, diagram=by_level)
        future = replace(cut_settled(by_level, evidence, beliefs), diagram=diagram)
        deciding = {decision.player for decision in future.decisions}
        views = [future_as_seen(future, player, count) for player in sorted(deciding)]
    largest = max(views, key=_cells)
    cells = _cells(largest)
    if cells > MOST_HISTORY_CELLS:
        raise CommandError(
            f"The deal {deal.name} starts on {deal.date}, and {len(largest.interface)} earlier nodes "
            f"that the record does not settle for everyone matter after that day "
            f"({', '.join(largest.interface)}): {cells:,} combinations, more than "
            f"{MOST_HISTORY_CELLS:,}. Add a derived node that summarises the past, or let the players "
            "who decide later see what is on record (sees)."
            + (" In a hierarchy each level counts; a lower max_level makes fewer." if count else "")
        )
    return future


def _cells(future: Future) -> int:
    return prod(len(future.diagram.domains[name]) for name in future.interface)


def levels_believed_in(diagram: Diagram, beliefs: Sequence[Belief]) -> int:
    """How many levels a player of a hierarchy may take others to have; 0 if nobody is in a hierarchy."""
    ways = (reasoning for _, reasoning in reasonings_of(diagram, beliefs))
    return max((reasoning.most for reasoning in ways if reasoning.mean), default=0)


def reasonings_of(
    diagram: Diagram, beliefs: Sequence[Belief]
) -> Iterator[tuple[PlayerName, Reasoning]]:
    """How the players reason who may not be at equilibrium, and how they are thought to."""
    yield from diagram.thinking.of_player.items()
    for _, belief in walk_beliefs(beliefs):
        yield from belief.reasoning.items()


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
        evidence = evidence_of(diagram, record_before(lowered.record, deal))
        try:
            for variant in deal.variants:
                future_after(diagram, evidence, lowered.beliefs, variant, terms)
        except CommandError as error:
            problems.append(str(error))
    return problems
