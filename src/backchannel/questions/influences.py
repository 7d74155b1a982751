"""An assumption that moves an answer, in the document's words."""

from __future__ import annotations

from backchannel.questions.statistics.influence import Hinge
from backchannel.wording.pieces import Influence
from backchannel.wording.words import Wording


def influence(hinge: Hinge, wording: Wording) -> Influence:
    """Name the assumption and round what it explains."""
    return Influence(
        parameter=hinge.parameter,
        label=wording.parameter(hinge.parameter),
        share=round(hinge.share, 4),
        direction=round(hinge.direction, 4),
    )
