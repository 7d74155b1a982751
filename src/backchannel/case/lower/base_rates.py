"""Lower the base rates: check their nodes, counts and weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.asked import BaseRateEntry
from backchannel.case.schema.case import Case
from backchannel.diagram.base_rates import BaseRate
from backchannel.diagram.beliefs import Observation
from backchannel.language.names import NOT_APPLICABLE, NodeName
from backchannel.language.numbers_as_text import explain_number
from backchannel.language.shapes import not_this

MOST_COUNTED = 1e12
"""Largest count; their sum stays exact."""


def lower_base_rates(
    case: Case, words: CaseVocabulary, record: Sequence[Observation]
) -> tuple[BaseRate, ...]:
    """Read the base rates; each counts every value that its node can have.

    The name of a node that repeats stands for all its rounds.
    """
    report = words.report
    recorded = {entry.node for entry in record}
    _check_default(case, words)
    rates: dict[NodeName, BaseRate] = {}
    counted: set[NodeName] = set()
    for i, entry in enumerate(case.base_rates):
        path: KeyPath = ("base_rates", i)
        are_numbers = _check_numbers(words, path, entry)
        if not entry.why:
            report.error(
                (*path, "why"), "this needs at least one reason: the source of the counts."
            )
        elif not any(reason.source for reason in entry.why):
            report.warn(
                path, "nobody else can check these counts. Cite the source that they come from."
            )
        nodes = words.rounds.spread(entry.node)
        if report.doubts((*path, "node")) or not all(
            words.node((*path, "node"), node) for node in nodes
        ):
            continue
        if report.doubts((*path, "counts")) or not _check_values(words, path, entry, nodes[0]):
            continue
        for node in nodes:
            if node in counted:
                report.error(
                    (*path, "node"),
                    f"{node} has a base rate already. Keep one, or add up the counts of both.",
                )
                continue
            counted.add(node)
            if are_numbers:
                sources = dict.fromkeys(reason.source for reason in entry.why if reason.source)
                weight = case.base_rate_weight if entry.weight is None else entry.weight
                rates[node] = BaseRate(node, dict(entry.counts), entry.of, weight, tuple(sources))
        settled = [node for node in nodes if node in recorded]
        if len(settled) == len(nodes):
            report.warn(
                path,
                f"{entry.node} is on record, so its base rate has no say. Give base rates of nodes that are open.",
            )
    return tuple(rates.values())


def _check_numbers(words: CaseVocabulary, path: KeyPath, entry: BaseRateEntry) -> bool:
    """Report counts and a weight that are no numbers, or out of their range."""
    report = words.report
    before = len(report.problems)
    for value, count in entry.counts.items():
        if not _is_number_within(count, MOST_COUNTED):
            report.error(
                (*path, "counts", value),
                f"a count is a number of events, from 0 to 10^12{_not_this_number(count)}",
            )
    if len(report.problems) == before and not sum(entry.counts.values()):
        report.error(
            (*path, "counts"),
            "all counts are 0, so nothing was counted. Count a wider class, or leave the base rate out.",
        )
    if entry.weight is not None:
        _check_weight(words, (*path, "weight"), entry.weight)
    return len(report.problems) == before


def _check_default(case: Case, words: CaseVocabulary) -> None:
    """Check the weight of base rates that give none, and warn where there are no such base rates."""
    path: KeyPath = ("base_rate_weight",)
    _check_weight(words, path, case.base_rate_weight)
    uses = any(entry.weight is None for entry in case.base_rates)
    if "base_rate_weight" in case.model_fields_set and not uses:
        words.report.warn(
            path,
            "every base rate has a weight of its own, or there is none, so this changes nothing.",
        )


def _check_weight(words: CaseVocabulary, path: KeyPath, weight: Any) -> None:
    if not _is_number_within(weight, 1.0):
        words.report.error(
            path,
            "the weight of the case is from 0 (the base rate alone) to 1 (the case alone)"
            f"{_not_this_number(weight)}",
        )


def _is_number_within(value: Any, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _not_this_number(value: Any) -> str:
    return not_this(value) + (explain_number(value) if isinstance(value, str) else "")


def _check_values(
    words: CaseVocabulary, path: KeyPath, entry: BaseRateEntry, node: NodeName
) -> bool:
    """Check that the counts name the values of the node, and all of them."""
    known = [words.value((*path, "counts", value), node, value) for value in entry.counts]
    if not all(known) or words.report.doubts_values(node):
        return False
    missing = [
        value
        for value in words.domains[node]
        if value != NOT_APPLICABLE and value not in entry.counts
    ]
    if missing:
        listed = ", ".join(f"{value}: 0" for value in missing)
        words.report.error(
            (*path, "counts"),
            f"a count is missing for {', '.join(map(str, missing))}. Write {listed} if that never came about.",
        )
    return not missing
