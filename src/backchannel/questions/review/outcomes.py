"""Read outcomes as a user or a ledger gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backchannel.case.lower.asked import value_from_user
from backchannel.diagram.beliefs import Observation
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName
from backchannel.language.values import explain_no_value


def read_outcomes(case: SolvedCase, outcomes: Mapping[NodeName, Any]) -> list[Observation]:
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
