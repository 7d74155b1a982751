"""What `Study.scenarios` does."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lower.named import every_round
from backchannel.case.lower.scenarios import named_scenarios
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName
from backchannel.questions.composing import composing
from backchannel.questions.scenarios.ask import (
    Scenarios,
    compare_scenarios,
    open_outcomes,
)
from backchannel.questions.scenarios.compose import compose_scenarios
from backchannel.wording.result import with_words


def scenarios(case: SolvedCase, *names: str, outcomes: Sequence[NodeName] = ()) -> Scenarios:
    """Compare scenarios of the case over some outcomes."""
    chosen = named_scenarios(case.lowered, names)
    nodes = every_round(case.case, case.lowered.diagram, outcomes) if outcomes else []
    compared = compare_scenarios(case, chosen, nodes or open_outcomes(case.lowered))
    return with_words(compared, lambda it: compose_scenarios(composing(case), it))
