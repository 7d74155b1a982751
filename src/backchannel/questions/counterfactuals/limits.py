"""Whether questions about the past are too large, known from the graph and the record before anything is solved."""

from __future__ import annotations

from collections.abc import Iterable

from backchannel.case.lowered import Lowered
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.surgery import Intervention, first_change
from backchannel.ensemble.evidence import evidence_of
from backchannel.machine.memory import NUMBER, how_many
from backchannel.questions.why.worlds import claim_drawing

WORLDS = 32
"""Worlds in each draw."""
DRAWS_TOGETHER = 256
"""At most so many draws are worked on at once."""


def claim_past(lowered: Lowered, changes: Iterable[Intervention]) -> None:
    """Check that there is memory to draw recorded worlds, if a change comes before the end of the record.

    Raises:
        TooLargeError: There is not; the nodes that make it large are named.
    """
    diagram = lowered.diagram
    days = [first_change(diagram, change) for change in changes]
    if not days or all(entry.date < min(days) for entry in lowered.record):
        return
    evidence = evidence_of(diagram, lowered.record)
    claim_drawing(diagram, {*diagram.order}, evidence, n_draws=draws_recorded_together(diagram))


def draws_recorded_together(diagram: Diagram) -> int:
    """How many draws are worked on at once."""
    each = NUMBER * WORLDS * sum(2 + 3 * len(values) for values in diagram.domains.values())
    return how_many(each, DRAWS_TOGETHER)
