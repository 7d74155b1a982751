"""Combine interventions: make two of them at once."""

from __future__ import annotations

from dataclasses import replace

from backchannel.diagram.surgery import Intervention


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
        remove={**first.remove, **second.remove},
        sees_added={**first.sees_added, **second.sees_added},
        sees_removed={**first.sees_removed, **second.sees_removed},
        corrects=tuple(dict.fromkeys([*first.corrects, *second.corrects])),
        corrects_about={**first.corrects_about, **second.corrects_about},
        reasoning={**first.reasoning, **second.reasoning},
        announced=first.announced if same_time else "when it happens",
        told=told,
    )
