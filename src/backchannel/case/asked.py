"""Interventions that are asked for by hand, from a command line or a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backchannel.case.lower import Lowered
from backchannel.case.lower_interventions import read_intervention
from backchannel.case.lower_nodes import Numbers
from backchannel.diagram.surgery import Intervention
from backchannel.errors import CommandError
from backchannel.names import did_you_mean


def asked_intervention(
    lowered: Lowered, intervention: str | Mapping[str, Any] | None, changes: Mapping[str, Any]
) -> Intervention:
    """Read an intervention.

    Args:
        lowered: The case.
        intervention: The name of a cause or question of the case, or its keys as in the file.
        changes: More keys.

    Raises:
        CommandError: There is none of this name, or it has no meaning.
    """
    if isinstance(intervention, str):
        known = lowered.interventions
        if intervention not in known:
            hint = did_you_mean(intervention, list(known))
            raise CommandError(
                f"No cause or question is called '{intervention}'.{hint} "
                f"There are: {', '.join(known)}."
            )
        return known[intervention]
    raw = {**(intervention or {}), **changes}
    numbers = Numbers(dict(lowered.priors), list(lowered.correlations))
    return read_intervention(lowered.case, lowered.diagram, numbers, raw)
