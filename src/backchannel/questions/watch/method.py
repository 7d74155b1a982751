"""What `Study.watch` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName
from backchannel.questions.composing import composing
from backchannel.questions.watch.ask import Indicators, indicators
from backchannel.questions.watch.compose import compose_watch
from backchannel.wording.result import with_words


def watch(case: SolvedCase, about: NodeName | None = None) -> Indicators:
    """Rank the open events by their expected information about a node."""
    if about is not None:
        case.check_node(about)
    return with_words(indicators(case, about), lambda it: compose_watch(composing(case), it))
