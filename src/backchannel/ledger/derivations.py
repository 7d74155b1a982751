"""Derivations in a ledger: which values a derived node can have, given the nodes on which it depends directly.

A derived node has no outcome of its own: its value follows from its parts. So an outcome that contradicts the
outcomes of its parts is a mistake in one of them, and is not entered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from backchannel.language.names import NodeName, Value, first_few
from backchannel.ledger.checked import read_value
from backchannel.ledger.derivation_text import Derivation, read_derivation
from backchannel.ledger.latest import latest_forecasts

_DERIVATION = """
SELECT f.run, f.node, d.parts, d.allowed FROM derivations d JOIN forecasts f ON f.id = d.forecast WHERE f.id = ?
"""


@dataclass(frozen=True)
class Contradiction:
    """An outcome of a derived node that its parts do not allow."""

    node: NodeName
    parts: tuple[NodeName, ...]
    message: str


def contradictions(
    base: sqlite3.Connection, case_name: str, outcomes: Mapping[NodeName, Value]
) -> list[Contradiction]:
    """Describe every derived node whose outcome contradicts the outcomes of its parts.

    Args:
        base: The open ledger.
        case_name: The case that forecast the nodes.
        outcomes: By node, its outcome, those that are to be entered included. Parts that have none
            can be anything that their own derivation allows.
    """
    problems = []
    reachable: dict[NodeName, frozenset[Value]] = {}
    for node, domains, derivation in _last_derivations(base, case_name):
        known = {
            part: frozenset([outcomes[part]]) if part in outcomes else reachable.get(part)
            for part in derivation.parts
        }
        choices = [
            [i for i, value in enumerate(domains[part]) if values is None or value in values]
            for part, values in known.items()
        ]
        if not all(choices):
            continue  # A part has an outcome that this form of the case did not know.
        own = domains[node]
        can_be = frozenset(own[i] for i in _union(derivation, domains, choices) if i < len(own))
        reachable[node] = can_be
        if node in outcomes and outcomes[node] in own and outcomes[node] not in can_be:
            message = _describe(node, outcomes, derivation.parts, own, can_be)
            problems.append(Contradiction(node, derivation.parts, message))
    return problems


def _union(
    derivation: Derivation, domains: Mapping[NodeName, Sequence[Value]], choices: list[list[int]]
) -> set[int]:
    sizes = [len(domains[part]) for part in derivation.parts]
    allowed: set[int] = set()
    for places in product(*choices):
        row = 0
        for place, size in zip(places, sizes, strict=True):
            row = row * size + place
        allowed.update(derivation.allowed[row])
    return allowed


def _describe(
    node: NodeName,
    outcomes: Mapping[NodeName, Value],
    parts: Sequence[NodeName],
    own: Sequence[Value],
    can_be: frozenset[Value],
) -> str:
    given = ", ".join(f"{part} = {outcomes[part]}" for part in parts if part in outcomes)
    then = [str(value) for value in own if value in can_be]
    is_then = f"it is {then[0]}" if len(then) == 1 else f"it is one of: {first_few(then)}"
    return (
        f"{node} = {outcomes[node]} contradicts its parts: {node} is derived from {first_few(parts)}; "
        f"with {given}, {is_then}. Enter or correct the outcomes together."
    )


def _last_derivations(
    base: sqlite3.Connection, case_name: str
) -> Iterator[tuple[NodeName, dict[NodeName, list[Value]], Derivation]]:
    """Yield each derived node of the last runs that forecast it, parts before the nodes derived from them."""
    derived = {number for (number,) in base.execute("SELECT forecast FROM derivations")}
    last = derived.intersection(latest_forecasts(base, case_name).values())
    by_run: dict[int, dict[NodeName, list[Value]]] = {}
    for number in sorted(last):
        run, node, parts, allowed = base.execute(_DERIVATION, (number,)).fetchone()
        derivation = read_derivation(parts, allowed)
        domains = by_run.setdefault(run, _domains(base, run))
        sizes = [len(domains.get(part, ())) for part in derivation.parts]
        if derivation.allowed and prod(sizes) == len(derivation.allowed):
            yield node, domains, derivation


def _domains(base: sqlite3.Connection, run: int) -> dict[NodeName, list[Value]]:
    domains: dict[NodeName, list[Value]] = {}
    for node, value in base.execute(
        "SELECT f.node, c.value FROM chances c JOIN forecasts f ON f.id = c.forecast "
        "WHERE f.run = ? ORDER BY f.id, c.place",
        (run,),
    ):
        domains.setdefault(node, []).append(read_value(value))
    return domains
