"""What `Study.surprise` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.composing import composing
from backchannel.questions.surprise.ask import compare_expectations
from backchannel.questions.surprise.compose import compose_surprise
from backchannel.questions.surprise.expectations import Surprise
from backchannel.wording.result import with_words


def surprise(case: SolvedCase) -> Surprise:
    """Compare what each player expects with what the forecast says."""
    ensemble = case.ensemble
    case.progress.stage("expectations", len(ensemble.play.models.views))
    compared = compare_expectations(ensemble, progress=case.progress.advance)
    return with_words(compared, lambda it: compose_surprise(composing(case).wording, it))
