"""Lower the rivals: other structures that an analyst wrote by hand."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lower.interventions import InterventionReader
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.interventions import RivalEntry
from backchannel.diagram.beliefs import Belief
from backchannel.diagram.nodes import Decision
from backchannel.diagram.rivals import WrittenRival, build_written
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import CommandError, ExpressionError
from backchannel.language.names import name_hint, split_round

CHANGES = {"do", "parameters", "mechanisms", "remove", "sees", "beliefs"}
"""The keys of an intervention that change something."""


def lower_rivals(reader: InterventionReader, beliefs: Sequence[Belief]) -> tuple[WrittenRival, ...]:
    """Read the rivals; each changes something that is part of the structure, and has a meaning."""
    rivals = (
        _read(reader, ("rivals", name), name, entry, beliefs)
        for name, entry in reader.case.rivals.items()
    )
    return tuple(rival for rival in rivals if rival is not None)


def _read(
    reader: InterventionReader,
    path: KeyPath,
    name: str,
    entry: RivalEntry,
    beliefs: Sequence[Belief],
) -> WrittenRival | None:
    report = reader.words.report
    before = len(report.problems)
    given = entry.model_fields_set
    for key in sorted(given & {"announced", "told"}):
        report.error(
            (*path, key),
            "in a rival everybody has always known of what is different. Leave it out.",
        )
    if not given & {*CHANGES, "order", "drop_interest"}:
        report.error(
            path,
            "it changes nothing. Give it `sees`, `order`, `drop_interest`, `beliefs` or another change.",
            is_consequence=report.doubts_part(path),
        )
    _check_order(reader, path, entry)
    known = {split_round(interest.name)[0] for interest in reader.diagram.interests}
    known |= {interest.name for interest in reader.diagram.interests}
    for i, interest in enumerate(entry.drop_interest):
        if interest not in known:
            hint = name_hint(interest, sorted(known))
            report.error((*path, "drop_interest", i), f"no interest is called '{interest}'.{hint}")
    change: Intervention | None = Intervention(announced="start")
    if given & CHANGES:
        change = reader.read(path, name, entry.model_copy(update={"announced": "start"}))
    if change is None or len(report.problems) > before:
        return None
    rival = WrittenRival(name, entry.title, change, tuple(entry.order), tuple(entry.drop_interest))
    try:
        structure = build_written(rival, reader.diagram, beliefs)
    except (CommandError, ExpressionError) as error:
        report.error(path, f"it has no meaning in this case: {error}")
        return None
    if (structure.diagram, structure.beliefs) == (reader.diagram, tuple(beliefs)) and not (
        structure.parameters
    ):
        report.warn(path, "it is the case itself, so it changes no answer.")
    return rival


def _check_order(reader: InterventionReader, path: KeyPath, entry: RivalEntry) -> None:
    report, diagram = reader.words.report, reader.diagram
    if not entry.order:
        return
    here = (*path, "order")
    if len(entry.order) != 2:
        report.error(here, "it names the two decisions that change places, the first one first.")
        return
    known = [reader.words.node((*here, i), name) for i, name in enumerate(entry.order)]
    if not all(known):
        return
    for i, name in enumerate(entry.order):
        if not isinstance(diagram.node[name], Decision):
            report.error((*here, i), f"{name} is no decision, and only decisions change places.")
            return
    first, second = entry.order
    if diagram.rank[first] <= diagram.rank[second]:
        report.error(
            here, f"{first} comes before {second} in the case already. Name the later one first."
        )
