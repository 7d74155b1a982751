"""What the answers hinge on: what every uncertain number rests on, and which of them move the bottom lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backchannel.answers.background import cited_reasons, sources_of
from backchannel.answers.bottom_lines_document import BottomLine, Hinge, HingeMove
from backchannel.case.lower.origin import origin_of
from backchannel.case.lowered import Lowered
from backchannel.language.names import ParameterName
from backchannel.language.support import Backing, backing_of

MOST_HINGES = 8
"""Assumptions in the table of what the answers hinge on."""
HINGES_NOTE = (
    "Only what stands out from chance is named. In brackets: the share of that answer's spread over draws that "
    "the assumption explains."
)
"""What the numbers in that table mean."""
Backings = Mapping[ParameterName, Backing]
"""What every uncertain number of a case rests on."""


def backings(lowered: Lowered) -> Backings:
    """Judge what every uncertain number of a case rests on."""
    sources = sources_of(lowered)
    return {
        name: backing_of(
            cited_reasons(origin_of(lowered, name)[3]),
            sources,
            is_estimated=name in lowered.sampled,
        )
        for name in lowered.priors
    }


def compose_hinges(lines: Sequence[BottomLine], known: Backings) -> list[Hinge]:
    """Collect the assumptions on which bottom lines hinge, those that move them most first."""
    moves: dict[str, list[HingeMove]] = {}
    labels: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        for named in line.hinges_on:
            labels[named.parameter] = named.label
            move = HingeMove(line=number, share=named.share, direction=named.direction)
            moves.setdefault(named.parameter, []).append(move)
    hinges = [
        Hinge(
            parameter=parameter,
            label=labels[parameter],
            support=known[parameter].support.value,
            rests_on=known[parameter].rests_on,
            moves=moved,
        )
        for parameter, moved in moves.items()
    ]
    return sorted(hinges, key=lambda hinge: -sum(move.share for move in hinge.moves))
