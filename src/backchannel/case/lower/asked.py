"""Read interventions and values that a user gives on a command line or in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backchannel.case.lower.named import every_round
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.user_intervention import read_intervention
from backchannel.case.lowered import Lowered
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value, did_you_mean
from backchannel.language.values import matching_values

NO_CAUSES = (
    " The case has no `causes` yet; they are written there, or changed with --do NODE=VALUE."
)


def intervention_from_user(
    lowered: Lowered, intervention: str | Mapping[str, Any] | None, changes: Mapping[str, Any]
) -> Intervention:
    """Read an intervention.

    Args:
        lowered: The case.
        intervention: The name of a cause or question of the case, or its keys as in the file.
        changes: More keys.

    Raises:
        CommandError: There is no such intervention, or it is not valid.
    """
    if isinstance(intervention, str):
        known = lowered.interventions
        if intervention not in known:
            hint = did_you_mean(intervention, list(known))
            there_are = f" The known ones are: {', '.join(known)}." if known else NO_CAUSES
            raise CommandError(f"No cause or question is called '{intervention}'.{hint}{there_are}")
        return known[intervention]
    raw = {**(intervention or {}), **changes}
    numbers = CaseNumbers(dict(lowered.priors), list(lowered.correlations))
    return read_intervention(lowered.case, lowered.diagram, numbers, raw)


def settings_from_user(lowered: Lowered, texts: Sequence[str]) -> dict[NodeName, Value]:
    """Read `NODE=VALUE` texts, as a command line gives them.

    Raises:
        CommandError: A text has another form, a node is set twice, or there is no such node.
    """
    settings: dict[NodeName, Value] = {}
    for text in texts:
        node, sign, value = (part.strip() for part in text.partition("="))
        if not sign:
            raise CommandError(f"'{text}' is not of the form NODE=VALUE.")
        if node in settings:
            raise CommandError(f"{node} is set twice. Set it once.")
        settings[node] = value_from_user(lowered, node, value)
    return settings


def value_from_user(lowered: Lowered, node: NodeName, value: Value) -> Value:
    """Return the value of a node that is written like a text; the text itself, if there is none.

    Raises:
        CommandError: There is no such node.
    """
    first = every_round(lowered.case, lowered.diagram, [node])[0]
    matches = matching_values(value, lowered.diagram.domains[first])
    return matches[0] if len(matches) == 1 else value
