"""The beliefs of the file, each with its path and its viewpoint, and the belief behind a number."""

from __future__ import annotations

from collections.abc import Iterator

from backchannel.case.read.document import KeyPath
from backchannel.case.schema.beliefs import BeliefEntry
from backchannel.case.schema.case import Case
from backchannel.diagram.beliefs import Viewpoint
from backchannel.language.names import ParameterName, hierarchy_of, level_of, split_round


def belief_entries(case: Case) -> Iterator[tuple[KeyPath, Viewpoint, BeliefEntry]]:
    """Yield every belief in the file, with its path and its viewpoint."""

    def within(
        path: KeyPath, view: Viewpoint, entry: BeliefEntry
    ) -> Iterator[tuple[KeyPath, Viewpoint, BeliefEntry]]:
        yield path, view, entry
        for player, other in entry.others.items():
            if isinstance(other, BeliefEntry):
                yield from within((*path, "about", player), (*view, player), other)

    for player, entry in case.beliefs.items():
        yield from within(("beliefs", player), (player,), entry)


def belief_behind(case: Case, number: ParameterName) -> tuple[Viewpoint, BeliefEntry, str] | None:
    """Find the belief that a number belongs to: the viewpoint, the entry, and the rest of the name.

    `None` for a number of the true case.
    """
    behind = None
    for _, view, entry in belief_entries(case):
        lead = ".".join(view) + "."
        if number.startswith(lead):
            rest = number.removeprefix(lead)
            node = split_round(rest.partition(".")[0].partition("(")[0])[0]
            of_reasoning = node in entry.reasoning and rest in (level_of(node), hierarchy_of(node))
            of_node = node in {split_round(name)[0] for name in entry.nodes}
            if rest in entry.parameters or of_node or of_reasoning:
                behind = view, entry, rest
    return behind
