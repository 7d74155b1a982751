"""What `Study.review` does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from backchannel.case.lower.asked import value_from_user
from backchannel.diagram.beliefs import Observation
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.language.number_ranges import RIVAL_COUNT
from backchannel.language.plain_values import plain
from backchannel.language.values import explain_no_value
from backchannel.questions.review.ask import Review, review_case
from backchannel.questions.review.compose import compose_review
from backchannel.wording.result import with_words
from backchannel.wording.words import Wording


def review(
    case: SolvedCase,
    outcomes: Mapping[NodeName, Value | tuple[Value, date, str]],
    *,
    rivals: int | None = None,
) -> Review:
    """Compare the case with what came about."""
    most = None if rivals is None else RIVAL_COUNT.read_whole(rivals, "rivals")
    found = review_case(case, _observations(case, plain(outcomes)), most_rivals=most)
    return with_words(found, lambda it: compose_review(Wording(case.lowered), it))


def _observations(case: SolvedCase, outcomes: Mapping[NodeName, Any]) -> list[Observation]:
    """Read outcomes; those on the case's record are no outcomes of its forecasts.

    Raises:
        CommandError: Nothing is left, a node does not exist, or it cannot have the value.
    """
    recorded = {entry.node for entry in case.lowered.record}
    observations = []
    for node, given in outcomes.items():
        case.check_node(node)
        if node in recorded:
            continue
        value, day, source = given if isinstance(given, tuple | list) else (given, None, "")
        value = value_from_user(case.lowered, node, value)
        domain = case.lowered.diagram.domains[node]
        if value not in domain:
            raise CommandError(
                f"{node} cannot be '{value}'.{explain_no_value(value, list(domain))}"
            )
        when = day or max(case.case.as_of, case.lowered.diagram.dates[node])
        observations.append(Observation(node, value, when, source=source))
    if not observations:
        raise CommandError(
            "No outcome of this case's forecasts is known. `backchannel resolve CASE NODE=VALUE` enters one."
        )
    return observations
