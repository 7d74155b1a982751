"""Rounds of different length: write a block in which an action decides how long a round lasts as one that repeats.

Periods stay equal, so every node keeps its day. A round that lasts three periods begins in one of them. In the
two after it nothing begins: what is decided or left to chance there is n/a, derived nodes with a `start` keep
their values, and interests are worth nothing. The derived node `periods_left` counts the periods in which
the round of now still goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.nodes import RoundInterestEntry, RoundNodeEntry, RoundsEntry
from backchannel.language.names import did_you_mean

if TYPE_CHECKING:
    from backchannel.case.lower.report import CaseReport

LEFT = "periods_left"
"""The node that counts how many further periods a round goes on."""
BEGINS = f"{LEFT}@prev == 0"
"""Whether a round begins in a period."""


def check_length(case: Case, report: CaseReport) -> Case:
    """Report what `length` names that does not exist, and what cannot stand in such a block.

    Returns:
        The case; without the length, if it is wrong, so that the rest can be checked.
    """
    if case.rounds is None or not case.rounds.length:
        return case
    before = len(report.problems)
    _check_deciding(case.rounds, report)
    _check_block(case.rounds, report)
    if len(report.problems) == before:
        return case
    return case.model_copy(update={"rounds": case.rounds.model_copy(update={"length": {}})})


def _check_deciding(entry: RoundsEntry, report: CaseReport) -> None:
    here: KeyPath = ("rounds", "length")
    for name, periods in entry.length.items():
        if name not in entry.nodes:
            hint = did_you_mean(name, list(entry.nodes))
            report.error((*here, name), f"no node in `rounds` is called '{name}'.{hint}")
            continue
        known = [str(value) for value in entry.nodes[name].domain]
        for value in periods:
            if str(value) not in known:
                hint = did_you_mean(str(value), known) or f" It can be: {', '.join(known)}."
                report.error((*here, name, value), f"{name} cannot be '{value}'.{hint}")


def _check_block(entry: RoundsEntry, report: CaseReport) -> None:
    if LEFT in entry.nodes:
        report.error(
            ("rounds", "nodes", LEFT),
            "this name is reserved in rounds with a `length`: it counts the periods that a round still goes on.",
        )
    for name, node in entry.nodes.items():
        if node.start is not None and node.derived is None:
            report.error(
                ("rounds", "nodes", name, "start"),
                f"in the periods in which a round goes on, {name} is n/a, so {name}@prev would say nothing "
                "of the last round. Keep what is needed in a derived node with a `start`.",
            )
    for name, interest in entry.interests.items():
        if isinstance(interest.worth, dict):
            report.error(
                ("rounds", "interests", name, "worth"),
                "a table has no entry for periods in which a round goes on. Write the worth of a round with a "
                "`length` as an expression.",
            )


def with_equal_periods(entry: RoundsEntry, *, is_public: bool) -> RoundsEntry:
    """Write rounds whose length depends on an action as rounds of one period each."""
    if not entry.length:
        return entry
    (decider, periods), *_ = entry.length.items()
    longer = {value: n for value, n in periods.items() if n > 1}
    nodes = {name: _idle(name, node, is_public) for name, node in entry.nodes.items()}
    nodes[LEFT] = RoundNodeEntry.model_construct(
        title="Periods that the round still goes on",
        domain=list(range(max([1, *longer.values()]))),
        derived=f"{LEFT}@prev - 1 if {LEFT}@prev > 0 else {_further(decider, longer)}",
        start=0,
        why=[],
    )
    interests = {name: _paid_once(interest) for name, interest in entry.interests.items()}
    return entry.model_copy(update={"nodes": nodes, "interests": interests, "length": {}})


def _further(decider: str, longer: dict[Any, int]) -> str:
    """How many periods a round goes on after its first one, as an expression."""
    parts = [
        f"{n - 1} * ({decider} == {value if isinstance(value, int | float) else repr(value)})"
        for value, n in longer.items()
    ]
    return " + ".join(parts) or "0"


def _idle(name: str, node: RoundNodeEntry, is_public: bool) -> RoundNodeEntry:
    """A node as it is where no round begins: kept, or n/a."""
    if node.derived is not None and node.start is not None:
        kept = f"{name}@prev if {LEFT}@prev > 0 else ({node.derived})"
        return node.model_copy(update={"derived": kept})
    when = BEGINS if node.when is None else f"{BEGINS} and ({node.when})"
    changes: dict[str, Any] = {"when": when}
    if node.player is not None and (node.sees is not None or not is_public):
        changes["sees"] = list(dict.fromkeys([*(node.sees or ()), f"{LEFT}@prev"]))
    return node.model_copy(update=changes)


def _paid_once(interest: RoundInterestEntry) -> RoundInterestEntry:
    """An interest that is worth something where a round begins, and nothing while it goes on."""
    return interest.model_copy(update={"worth": f"({interest.worth}) if {BEGINS} else 0"})
