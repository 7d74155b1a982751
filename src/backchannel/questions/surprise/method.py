"""What `Study.surprise` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.composing import composing
from backchannel.questions.surprise.ask import Surprise
from backchannel.questions.surprise.ask import surprise as expectations
from backchannel.questions.surprise.compose import compose_surprise
from backchannel.wording.result import with_words


def surprise(case: SolvedCase) -> Surprise:
    """What each player expects to happen, beside what will."""
    ensemble = case.ensemble
    case.progress.stage("expectations", len(ensemble.play.models.views))
    found = expectations(ensemble, progress=case.progress.advance)
    return with_words(found, lambda it: compose_surprise(composing(case).wording, it))
