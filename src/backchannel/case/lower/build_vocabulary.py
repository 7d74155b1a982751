"""Collect the names of a case and the values of its nodes, for all that is read afterwards."""

from __future__ import annotations

from backchannel.case.lower.quantities import read_quantities
from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.rounds import NUMBER, rounds_of
from backchannel.case.lower.unusual_names import UnusualNames
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.schema.case import Case
from backchannel.language.lookalikes import explain_lookalikes, mixes_scripts, plain_text
from backchannel.language.names import NOT_APPLICABLE, NodeName, Value
from backchannel.language.values import repeated_value

QUOTES = ("'", '"')


def build_vocabulary(case: Case, report: CaseReport) -> CaseVocabulary:
    """Collect the names of a case, and read its quantities."""
    domains: dict[NodeName, tuple[Value, ...]] = {}
    taken: dict[str, str] = {}
    groups = {
        "players": case.players,
        "parameters": case.parameters,
        "quantities": case.quantities,
        "nodes": case.nodes,
    }
    for group, entries in groups.items():
        for name in entries:
            if name in taken:
                report.error((group, name), f"the name is already used by {taken[name]}.{name}.")
            taken[name] = group
    for name, entry in case.nodes.items():
        values = tuple(entry.domain)
        path = ("nodes", name, "domain")
        for i, value in enumerate(values):
            if mixes_scripts(str(value)):
                report.error(
                    (*path, i), f"this value looks like another.{explain_lookalikes(str(value))}"
                )
                report.unsure_values.add(name)
        twice = repeated_value(values)
        if twice:
            one, other = map(str, twice)
            how = "" if one == other else f": {one} and {other} are one number"
            report.error(path, f"a value is listed twice{how}.")
            report.unsure_values.add(name)
        if len({isinstance(value, str) for value in values}) > 1:
            report.error(
                path, "values must be all words or all numbers. Put the numbers in quotes."
            )
            report.unsure_values.add(name)
        quoted = next((v for v in values if isinstance(v, str) and _is_in_unusual_quotes(v)), None)
        if quoted is not None:
            report.error(
                path,
                f"the value {quoted} has unusual quotation marks. Write '{plain_text(quoted)[1:-1]}'.",
            )
            report.unsure_values.add(name)
        if NOT_APPLICABLE in values:
            report.error(path, "n/a cannot be listed; `when` adds it.")
        domains[name] = (*values, NOT_APPLICABLE) if entry.when is not None else values
    rounds = rounds_of(case)
    for name in sorted(rounds.names & taken.keys()):
        report.error(
            ("rounds", "nodes", name), f"the name is already used by {taken[name]}.{name}."
        )
    if NUMBER in taken and rounds.names:
        report.error(
            (taken[NUMBER], NUMBER),
            "this name is reserved in a case with `rounds`: it is the number of the round.",
        )
    unusual = UnusualNames.among(
        [*case.parameters, *case.quantities, *case.nodes, *case.interests, *rounds.names]
    )
    words = CaseVocabulary(
        report, domains, set(case.parameters), rounds=rounds, unusual=unusual, goods=case.trade
    )
    read_quantities(words, case)
    return words


def _is_in_unusual_quotes(text: str) -> bool:
    """Say whether a text begins and ends with quotation marks that are those of a letter, not of a case."""
    ends = (text[:1], text[-1:])
    return all(plain_text(end) in QUOTES and end not in QUOTES for end in ends)
