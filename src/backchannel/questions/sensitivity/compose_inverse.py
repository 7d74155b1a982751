"""Put what would make an outcome likely into the document's words."""

from __future__ import annotations

from backchannel.ensemble.weighted import bounded
from backchannel.questions.sensitivity.captions import inverse_facts
from backchannel.questions.sensitivity.compose_outcome import (
    outcome_fields,
    scenario_view,
    unit_of,
)
from backchannel.questions.sensitivity.document import (
    InverseView,
    ShiftsView,
    ShiftView,
)
from backchannel.questions.sensitivity.inverse import Inverse, JointShift
from backchannel.questions.sensitivity.sentences import inverse_sentences
from backchannel.wording.pieces import clean, cleaned
from backchannel.wording.words import Wording


def compose_inverse(wording: Wording, answer: Inverse) -> InverseView:
    """Put what would make an outcome likely into the document's words."""
    sample = answer.sample
    view = InverseView(
        **outcome_fields(wording, sample),
        asked=answer.chance,
        at_least=answer.at_least,
        holds_already=answer.holds_already,
        share=clean(answer.share),
        share_bounds=cleaned(bounded(answer.share, sample.left_out)),
        nearest=clean(answer.nearest),
        at_medians=clean(answer.at_medians),
        fit=clean(answer.fit),
        box=scenario_view(wording, answer.box, answer) if answer.box else None,
        shifts=[_shifts(wording, shifts) for shifts in answer.shifts],
        sentences=[],
        facts=inverse_facts(answer),
    )
    return view.model_copy(update={"sentences": inverse_sentences(view)})


def _shifts(wording: Wording, shifts: JointShift) -> ShiftsView:
    return ShiftsView(
        shifts=[
            ShiftView(
                parameter=shift.parameter,
                label=wording.parameter(shift.parameter),
                unit=unit_of(wording, shift.parameter),
                median=clean(shift.median),
                to=clean(shift.to),
                share=clean(shift.share),
            )
            for shift in shifts.shifts
        ],
        surprise=clean(shifts.surprise),
        unlikely=clean(shifts.unlikely),
        chance=clean(shifts.chance),
        reached=shifts.reached,
        solved=shifts.solved,
    )
