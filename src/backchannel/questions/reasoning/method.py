"""What `Study.reasoning` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.composing import composing
from backchannel.questions.reasoning.ask import LearnedTypes, learned_types
from backchannel.questions.reasoning.compose import compose_types
from backchannel.wording.result import with_words


def reasoning(case: SolvedCase) -> LearnedTypes:
    """Compare the chances of each player's types with and without the record."""
    learned = learned_types(case.ensemble)
    return with_words(learned, lambda it: compose_types(composing(case).wording, it))
