"""What `Study.sensitivity` and `Study.inverse` do."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName, Value
from backchannel.language.plain_values import plain
from backchannel.questions.composing import composing
from backchannel.questions.sensitivity.ask import Sensitivity, what_decides, what_would_it_take
from backchannel.questions.sensitivity.compose import compose_sensitivity
from backchannel.questions.sensitivity.compose_inverse import compose_inverse
from backchannel.questions.sensitivity.inverse import Inverse
from backchannel.questions.sensitivity.new_draws import new_draws_of
from backchannel.wording.result import with_words


def sensitivity(
    case: SolvedCase,
    node: NodeName | None = None,
    value: Value | None = None,
    *,
    solve: bool = False,
) -> Sensitivity:
    """Find how an outcome depends on every assumption."""
    chosen = node or case.lowered.first_question
    case.check_node(chosen)
    if solve:
        case.progress.stage("assumptions", new_draws_of(case.ensemble))
    progress = case.progress.advance
    answer = what_decides(case.ensemble, chosen, plain(value), solve=solve, progress=progress)
    return with_words(answer, lambda it: compose_sensitivity(composing(case).wording, it))


def inverse(
    case: SolvedCase,
    node: NodeName,
    value: Value,
    likely: str | float | None = None,
    *,
    solve: bool = False,
) -> Inverse:
    """Find what would have to be true for an outcome to be likely."""
    case.check_node(node)
    answer = what_would_it_take(case.ensemble, node, plain(value), plain(likely), solve=solve)
    return with_words(answer, lambda it: compose_inverse(composing(case).wording, it))
