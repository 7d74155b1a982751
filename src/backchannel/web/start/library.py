"""The catalog and the patterns as the start page lists them, and the case that patterns make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from backchannel.case.catalog import catalog, find_case, is_reference
from backchannel.case.patterns.compose import compose_case
from backchannel.case.patterns.pattern import Pattern, pattern_library
from backchannel.case.read.case_file import read_case, read_case_text
from backchannel.case.schema.case import Case
from backchannel.case.schema.nodes import NodeEntry
from backchannel.web.start.messages import (
    CatalogCase,
    ComposedMessage,
    LibraryMessage,
    OutlineLine,
    PatternView,
    RoleView,
    TiedOutcome,
)
from backchannel.wording.words import plain_name

LITERATURE = "from the literature"
"""The tag of games whose numbers are all published."""


def list_library() -> LibraryMessage:
    """List every case of the catalog, games from the literature last, and every pattern."""
    return LibraryMessage(
        catalog=sorted(map(_catalog_case, catalog()), key=lambda case: LITERATURE in case.tags),
        patterns=[_pattern(name, pattern) for name, pattern in pattern_library().items()],
    )


def compose_patterns(
    title: str, patterns: Sequence[str], roles: Mapping[str, str]
) -> ComposedMessage:
    """Write the case that patterns make, and say what its diagram holds.

    Raises:
        CommandError: The patterns do not fit together as they are filled in; every problem is listed.
    """
    given = {role: name.strip() for role, name in roles.items() if name.strip()}
    text = compose_case(title, patterns, given)
    case, _ = read_case_text(text)
    return ComposedMessage(outline=list(_outline(case)), outcomes=list(_outcomes(case)), text=text)


def _catalog_case(name: str) -> CatalogCase:
    case, _ = read_case(find_case(name))
    return CatalogCase(
        name=name, title=case.case, question=case.question or case.about, tags=list(_tags(case))
    )


def _tags(case: Case) -> Iterator[str]:
    if is_reference(case):
        yield LITERATURE
    yield f"{len(case.players)} player{'s' * (len(case.players) != 1)}"
    parts = {
        "rounds": case.rounds,
        "news": case.record,
        "wrong beliefs": case.beliefs,
        "deals": case.deals,
        "claims": case.claims,
        "rivals": case.rivals,
        "trade": case.trade,
    }
    yield from (tag for tag, part in parts.items() if part)


def _pattern(name: str, pattern: Pattern) -> PatternView:
    source = pattern.source
    return PatternView(
        name=name,
        title=pattern.title,
        about=pattern.about,
        behaviour=pattern.behaviour,
        source=f"{source.author} ({source.date.year}), {source.title}",
        roles=[
            RoleView(name=role, asks=entry.asks, default=entry.name)
            for role, entry in pattern.roles.items()
        ],
        events=[
            RoleView(name=event, asks=entry.asks, default=entry.own)
            for event, entry in pattern.events.items()
        ],
    )


def _outline(case: Case) -> Iterator[OutlineLine]:
    repeated = case.rounds.nodes if case.rounds else {}
    for name, node in chain(
        sorted(case.nodes.items(), key=lambda item: str(item[1].at or "")), repeated.items()
    ):
        says = _node_line(case, node)
        if name in repeated:
            says += " In each round."
        yield OutlineLine(node=node.title or plain_name(name), says=says)
    wanted = chain(case.interests.items(), case.rounds.interests.items() if case.rounds else ())
    for name, interest in wanted:
        player = case.players[interest.player].name
        yield OutlineLine(
            node=f"Interest: {interest.about or plain_name(name)}",
            says=f"What {player} wants.",
        )


def _outcomes(case: Case) -> Iterator[TiedOutcome]:
    for name, node in case.nodes.items():
        for value in node.domain:
            label = node.values.get(value) or plain_name(str(value))
            says = f"{node.title or plain_name(name)}: {label}"
            yield TiedOutcome(condition=f"{name} == {value!r}", says=says)


def _node_line(case: Case, node: NodeEntry) -> str:
    values = [node.values.get(value) or plain_name(str(value)) for value in node.domain]
    listed = "; ".join(values)
    if node.player is not None:
        when = f", {node.at}" if node.at else ""
        return f"{case.players[node.player].name} decides{when}: {listed}."
    return f"{'Chance' if node.chance else 'Follows from other nodes'}: {listed}."
