"""A number of a good that is given as a prior: its place, what it is called, its unit, and its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.reasons import ReasonEntry
from backchannel.language.names import ParameterName

MARK_UP = "mark-up in logarithms"
PER_CENT = "percent per percent"


@dataclass(frozen=True)
class NumberOfGood:
    """A number of `trade`, as the file has it."""

    path: KeyPath
    label: str
    unit: str
    raw: Any
    reasons: Sequence[ReasonEntry]


def number_of_good(case: Case, name: ParameterName) -> NumberOfGood | None:
    """Find the number of a good that a parameter such as `trade.machines.direct.cost` stands for.

    Returns:
        None if the parameter is no number of a good.
    """
    head, *places = name.split(".")
    if head != "trade" or len(places) not in (2, 3) or places[0] not in case.trade:
        return None
    good = case.trade[places[0]]
    if len(places) == 2:
        label = f"how strongly the routes of {places[0].replace('_', ' ')} answer to cost"
        path: KeyPath = ("trade", places[0], "sensitivity")
        return NumberOfGood(path, label, PER_CENT, good.sensitivity, good.why)
    _, part, key = places
    called = {"cost": "cost of", "capacity": "capacity of", "size": "demand of"}
    units = {"cost": MARK_UP, "elasticity": PER_CENT}
    groups = {"routes": good.routes, "supply": good.supply, "demand": good.demand}
    for kind, group in groups.items():
        entry = group.get(part)
        raw = getattr(entry, key, None)
        if entry is not None and isinstance(raw, dict):
            what = called.get(key, "elasticity of the demand of")
            label = f"{what} {entry.about or part.replace('_', ' ')}"
            path = ("trade", places[0], kind, part, key)
            return NumberOfGood(path, label, units.get(key, good.unit), raw, entry.why)
    return None
