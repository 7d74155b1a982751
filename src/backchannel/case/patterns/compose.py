"""Compose patterns, with their roles filled in, to the text of a case that runs."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backchannel.case.edit.yaml_value import flow
from backchannel.case.lower.lower import lower
from backchannel.case.patterns.pattern import Pattern, find_pattern
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError, CommandError
from backchannel.language.names import did_you_mean

SECTIONS = ("parameters", "nodes", "interests", "rounds_nodes", "rounds_interests", "questions")
EXAMPLE = "{judgement: an example of the pattern; replace the number and this reason by yours}"
READABLE = re.compile(r"[^\W_][\w .'’-]*")
"""Names of players that can stand anywhere in a case without quotes."""
AS_OF = "2029-12-31"
"""The day before the first event of any pattern."""


@dataclass(frozen=True)
class OpenRole:
    """A role that nobody fills yet."""

    key: str
    """`PATTERN.ROLE`."""
    asks: str
    default: str


def open_roles(names: Sequence[str], given: Mapping[str, str]) -> list[OpenRole]:
    """List the roles of patterns that nobody fills yet, in the order in which to ask for them.

    Raises:
        CommandError: There is no such pattern.
    """
    return [
        OpenRole(f"{name}.{role}", entry.asks, entry.name)
        for name in dict.fromkeys(names)
        for role, entry in find_pattern(name).roles.items()
        if f"{name}.{role}" not in given and role not in given
    ]


def compose_case(title: str, names: Sequence[str], given: Mapping[str, str]) -> str:
    """Write a case of some patterns.

    Args:
        title: The title of the case.
        names: The patterns; one that stands twice is written twice.
        given: By `ROLE` or `PATTERN.ROLE`, the name of the player; by event, a condition on nodes of another
            pattern. Roles without one keep the pattern's own names.

    Raises:
        CommandError: A pattern or a role does not exist, a name cannot be used, or the patterns do not
            fit together; every problem is listed.
    """
    chosen = [(name, find_pattern(name)) for name in names]
    _check_given(chosen, given)
    players: dict[str, str] = {}
    sections: dict[str, list[str]] = {section: [] for section in SECTIONS}
    taken: set[str] = set()
    for name, pattern in chosen:
        words = _fill(name, pattern, given, players, taken)
        for event, entry in pattern.events.items():
            condition = _given(name, event, given)
            words[event] = condition or _renamed(entry.own, pattern, words)
            if condition is None:
                _add(sections, pattern, entry.parts, words)
        _add(sections, pattern, pattern.parts, words)
    text = "\n".join(_lines(title, [pattern for _, pattern in chosen], players, sections))
    _check(text, names)
    return text


def _check_given(chosen: Sequence[tuple[str, Pattern]], given: Mapping[str, str]) -> None:
    known = [
        key
        for name, pattern in chosen
        for role in (*pattern.roles, *pattern.events)
        for key in (role, f"{name}.{role}")
    ]
    problems = [
        f"No role is called '{key}'.{did_you_mean(key, known)} The roles are: {', '.join(dict.fromkeys(known))}."
        for key in given
        if key not in known
    ]
    events = {event for _, pattern in chosen for event in pattern.events}
    problems += [
        f"'{name}' cannot be the name of a player here. Use letters, digits, spaces, dots, hyphens and "
        "apostrophes, beginning with a letter; the file can be changed afterwards."
        for key, name in given.items()
        if key.rpartition(".")[2] not in events and not READABLE.fullmatch(name)
    ]
    if problems:
        raise CommandError("\n".join(problems))


def _given(name: str, role: str, given: Mapping[str, str]) -> str | None:
    return given.get(f"{name}.{role}", given.get(role))


def _fill(
    name: str, pattern: Pattern, given: Mapping[str, str], players: dict[str, str], taken: set[str]
) -> dict[str, str]:
    """Choose what stands for each `$name` of a pattern; add its players and names to those that are known."""
    words = {"example": EXAMPLE}
    for role, entry in pattern.roles.items():
        shown = _given(name, role, given) or entry.name
        identifier = _identifier(shown, players)
        players[identifier] = shown
        words[role], words[f"{role}_name"] = identifier, shown
    for own in pattern.names:
        free = (f"{own}_{i}" if i > 1 else own for i in range(1, len(taken) + 3))
        words[own] = next(word for word in free if word not in taken | set(players))
        taken.add(words[own])
    return words


def _identifier(shown: str, players: Mapping[str, str]) -> str:
    """A name in letters that expressions can hold; players of one name are one player."""
    for identifier, name in players.items():
        if name == shown:
            return identifier
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"^the_", "", re.sub(r"[^a-z0-9]+", "_", plain).strip("_"))
    if not plain or not plain[0].isalpha() or keyword.iskeyword(plain):
        plain = f"player_{plain}".rstrip("_")
    candidates = (f"{plain}_{i}" if i > 1 else plain for i in range(1, len(players) + 3))
    return next(word for word in candidates if word not in players)


def _renamed(condition: str, pattern: Pattern, words: Mapping[str, str]) -> str:
    """Write an event's own condition with the names that were chosen."""
    for own in pattern.names:
        condition = re.sub(rf"\b{own}\b(?=\s*(==|!=))", words[own], condition)
    return condition


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\$([a-z][a-z0-9_]*)", lambda match: words[match[1]], text)


def _add(
    sections: dict[str, list[str]],
    pattern: Pattern,
    parts: Mapping[str, str],
    words: Mapping[str, str],
) -> None:
    for section, text in parts.items():
        sections[section] += [
            f"# {pattern.title}",
            *_filled(text, words).rstrip("\n").split("\n"),
        ]


def _lines(
    title: str,
    chosen: Sequence[Pattern],
    players: Mapping[str, str],
    sections: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    yield "# A case made of patterns. It runs as it stands. Replace the numbers by your own, with a reason for each;"
    yield "# `backchannel check THIS_FILE` tells you what is wrong, with line and column."
    yield ""
    yield f"case: {flow(title)}"
    yield 'utility_unit: worth of what is at stake   # what "1" means in every interest'
    yield f"as_of: {AS_OF}                         # the last day that the case knows about"
    yield "information: public                       # what happened is known, except to those it is `hidden_from`"
    yield ""
    yield "# The works that describe the patterns."
    yield "sources:"
    for pattern in dict.fromkeys(pattern.title for pattern in chosen):
        cited = next(p for p in chosen if p.title == pattern).source
        key = _key(cited.author, cited.date.year)
        yield f'  {key}: {{title: "{cited.title}", author: "{cited.author}", date: {cited.date}}}'
    yield ""
    yield "players:"
    for identifier, name in players.items():
        yield f"  {identifier}: {{name: {name}, precision: {{between: [4, 16]}}, why: {EXAMPLE}}}"
    for section in ("parameters", "nodes", "interests"):
        if sections[section]:
            yield ""
            yield f"{section}:"
            yield from (f"  {line}" for line in sections[section])
    if sections["rounds_nodes"]:
        yield ""
        yield "rounds:                                   # repeats every month, six times"
        yield "  n: 6"
        yield "  every: month"
        for section in ("nodes", "interests"):
            yield f"  {section}:"
            yield from (f"    {line}" for line in sections[f"rounds_{section}"])
    yield ""
    yield "questions:"
    yield from (f"  {line}" for line in sections["questions"])
    yield ""


def _key(author: str, year: int) -> str:
    first = re.sub(r"[^a-z]+", "_", author.split(",")[0].split(" and ")[0].strip().lower())
    return f"{first}_{year}"


def _check(text: str, names: Sequence[str]) -> None:
    """Check the case before it is written."""
    try:
        lower(*read_case_text(text))
    except CaseError as error:
        listed = "\n".join(str(problem) for problem in error.problems)
        raise CommandError(
            f"The patterns {', '.join(names)} do not fit together as they were filled in, so nothing was "
            f"written:\n{listed}"
        ) from None
