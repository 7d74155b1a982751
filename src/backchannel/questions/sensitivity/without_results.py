"""What decides an outcome, in the document, where that is not known: not solved yet, or not to be solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.questions.sensitivity.document import SensitivityView
from backchannel.wording.pieces import Facts


def view_without_results(
    outcome: Mapping[str, Any], *, silent: str, facts: Facts, sentences: Sequence[str] = ()
) -> SensitivityView:
    """What decides an outcome where that is not known.

    Args:
        outcome: The fields of the outcome, its forecast and the draws.
        silent: Why nothing is known.
        facts: The caption, of the assumptions and of the tipping points.
        sentences: What is said of it.
    """
    return SensitivityView(
        **outcome,
        silent=silent,
        noise_share=None,
        noise_delta=None,
        effects=[],
        shapley_says="",
        together=[],
        tipping=[],
        solved_tipping=None,
        scenario=None,
        information=None,
        facts=facts,
        tipping_facts=facts,
        sentences=list(sentences),
    )
