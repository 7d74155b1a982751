"""Combine interventions: make two of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import CommandError

_CHANGES = {
    "do": "what is set at",
    "mechanisms": "the mechanism of",
    "parameters": "the number",
    "corrects_about": "the belief of",
    "reasoning": "the reasoning of",
}
"""By field of an intervention, what two of them may not change in different ways."""


def combine_interventions(first: Intervention, second: Intervention) -> Intervention:
    """Make two interventions at once; where they disagree on who is told, everyone is told."""
    told = first.told if first.told == second.told else None
    same_time = first.announced == second.announced
    return replace(
        first,
        name=f"{first.name} and {second.name}".strip(),
        do={**first.do, **second.do},
        mechanisms={**first.mechanisms, **second.mechanisms},
        parameters={**first.parameters, **second.parameters},
        remove=_united(first.remove, second.remove),
        sees_added=_united(first.sees_added, second.sees_added),
        sees_removed=_united(first.sees_removed, second.sees_removed),
        corrects=tuple(dict.fromkeys([*first.corrects, *second.corrects])),
        corrects_about={**first.corrects_about, **second.corrects_about},
        reasoning={**first.reasoning, **second.reasoning},
        announced=first.announced if same_time else "when it happens",
        told=told,
    )


def check_compatible(interventions: Sequence[Intervention]) -> None:
    """Check that interventions can be made at once without one of them changing another.

    Raises:
        CommandError: Two of them contradict each other, or are not announced alike.
    """
    for first, second in combinations(interventions, 2):
        pair = f"{_called(first)} and {_called(second)}"
        if (first.announced, first.told) != (second.announced, second.told):
            raise CommandError(
                f"{pair} are not announced alike ({_announced(first)}, and {_announced(second)}). Changes that "
                "are made together need one announcement."
            )
        for key, what in _CHANGES.items():
            ours, theirs = getattr(first, key), getattr(second, key)
            for name in ours.keys() & theirs.keys():
                if ours[name] != theirs[name]:
                    raise CommandError(f"{pair} change {what} {_named(name)} in different ways.")
        for one, other in ((first, second), (second, first)):
            for node in one.do.keys() & (other.mechanisms.keys() | other.remove.keys()):
                raise CommandError(f"{pair}: one sets {node}, and the other changes it otherwise.")
            for node in one.sees_added.keys() & other.sees_removed.keys():
                for seen in set(one.sees_added[node]) & set(other.sees_removed[node]):
                    raise CommandError(f"{pair}: one lets {node} see {seen}, the other hides it.")


def _united(
    first: Mapping[str, tuple[Any, ...]], second: Mapping[str, tuple[Any, ...]]
) -> dict[str, tuple[Any, ...]]:
    """By node, what either of them removes, shows or hides."""
    return {
        node: tuple(dict.fromkeys((*first.get(node, ()), *second.get(node, ()))))
        for node in dict.fromkeys((*first, *second))
    }


def _called(intervention: Intervention) -> str:
    return f"“{intervention.name}”" if intervention.name else "the change"


def _named(name: Any) -> str:
    return " about ".join(name) if isinstance(name, tuple) else str(name)


def _announced(intervention: Intervention) -> str:
    to = "" if intervention.told is None else f" to {', '.join(intervention.told) or 'nobody'}"
    return f"{intervention.announced}{to}"
