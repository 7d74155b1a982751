"""A study's answers in the words of the document, as commands and updates show them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from backchannel.answers.composer import Composer
from backchannel.answers.document import ClaimFinding, NodeForecast, WhatIf
from backchannel.case.lower.named import check_node, every_round
from backchannel.case.lowered import Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.ensemble import Ensemble
from backchannel.language.names import NodeName, round_number
from backchannel.questions.claims.ask import Claims
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.what_if.ask import what_if
from backchannel.wording.words import Wording


class Solved(Protocol):
    """What is needed of a study."""

    @property
    def lowered(self) -> Lowered: ...
    @cached_property
    def ensemble(self) -> Ensemble: ...
    def claims(self) -> Claims: ...
    def prepare(self, interventions: Sequence[Intervention]) -> object: ...


def worded_forecasts(study: Solved, nodes: Sequence[NodeName] = ()) -> list[NodeForecast]:
    """Forecasts of some nodes; without names, of all that lies ahead and happens once.

    Raises:
        CommandError: There is no such node.
    """
    lowered = study.lowered
    for node in nodes:
        check_node(lowered.case, lowered.diagram, node)
    once = [node for node in lowered.ahead if round_number(node) is None]
    composer = _composer(study)
    return [
        composer.forecast(forecast(study.ensemble, node), composer.prior(node))
        for node in list(nodes) or once
    ]


def worded_what_if(
    study: Solved, name: str, intervention: Intervention, outcomes: Sequence[NodeName]
) -> WhatIf:
    """An intervention and some outcomes, those that repeat in every round.

    Args:
        study: The case.
        name: What the intervention is called in the case; empty, if it was made by hand.
        intervention: What is changed.
        outcomes: The nodes to look at.

    Raises:
        CommandError: There is no such node.
    """
    looked_at = every_round(study.lowered.case, study.lowered.diagram, outcomes)
    study.prepare([intervention])
    compared = [what_if(study.ensemble, intervention, node) for node in looked_at]
    return _composer(study).what_if(name, compared)


def worded_claims(study: Solved) -> list[ClaimFinding]:
    """The verdicts on the case's claims."""
    composer = _composer(study)
    return [composer.claim(finding) for finding in study.claims()]


def _composer(study: Solved) -> Composer:
    return Composer(study.lowered, study.ensemble, Wording(study.lowered))
