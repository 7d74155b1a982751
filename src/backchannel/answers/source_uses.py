"""What rests on the sources of a case: every number, entry of the record, claim and part that cites one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backchannel.answers.background_document import SourceUse
from backchannel.case.lower.citations import CitedPlace, citations
from backchannel.case.lower.rounds import path_in_file
from backchannel.case.lowered import Lowered
from backchannel.language.names import split_round
from backchannel.language.paragraphs import paragraphs_of
from backchannel.wording.words import Wording


def source_uses(lowered: Lowered, wording: Wording) -> list[SourceUse]:
    """List what rests on each source; judgements, which cite none, are left out."""
    return [
        _source_use(cited, lowered, wording)
        for cited in citations(lowered.case)
        if cited.reason.source
    ]


def _source_use(cited: CitedPlace, lowered: Lowered, wording: Wording) -> SourceUse:
    part, key = str(cited.path[0]), cited.path[-1]
    reason = cited.reason
    name, title = _named(part, key, lowered, wording)
    if part == "beliefs":
        viewer = tuple(map(str, cited.path[1::2]))
        name, title = ".".join(viewer), f"What {wording.view(viewer)} believes"
    return SourceUse(
        source=reason.source,
        at=reason.at,
        paragraphs=list(paragraphs_of(reason.at)),
        part=part,
        name=name,
        title=title,
        says=reason.says,
        quotes=reason.quotes,
        path=list(path_in_file(cited.path, {})),
    )


def _named(part: str, key: str | int, lowered: Lowered, wording: Wording) -> tuple[str, str]:
    """The name of what cites a source, and its title in words."""
    case = lowered.case
    if isinstance(key, int):
        if part == "claims":
            claim = case.claims[key]
            return claim.id or f"claim_{key + 1}", claim.says
        if part == "record":
            entry = case.record[key]
            return entry.node, wording.event(entry.node, entry.value).strip("“”")
        if part == "base_rates":
            entry = case.base_rates[key]
            return entry.node, f"Base rate of {wording.node(entry.node)}: {entry.of}"
        first, second = case.correlations[key].between
        return f"{first}, {second}", f"{wording.parameter(first)} and {wording.parameter(second)}"
    titles: dict[str, Callable[[str], str]] = {
        "players": wording.player,
        "parameters": wording.parameter,
        "nodes": lambda name: (
            wording.repeated(split_round(name)[0]) if "@" in name else wording.node(name)
        ),
        "interests": wording.interest,
    }
    title = titles[part](key) if part in titles else _about(lowered, part, key)
    return split_round(key)[0] if part in ("nodes", "interests") else key, title


def _about(lowered: Lowered, part: str, key: str) -> str:
    entry: Any = getattr(lowered.case, part).get(key)
    return getattr(entry, "title", "") or getattr(entry, "about", "") or key.replace("_", " ")
