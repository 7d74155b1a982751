"""Rounds: expand nodes and interests that repeat into ordinary dated ones.

`release` in `rounds` becomes `release@1`, `release@2`, ... All later steps see a case without
repetition; a problem in `rounds` is reported once, at its place there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from backchannel.case.lower.round_length import with_equal_periods
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.nodes import InterestEntry, NodeEntry, RoundsEntry
from backchannel.case.schema.rounds import MAX_DAY
from backchannel.language.calendar import Calendar, read_round_length
from backchannel.language.expressions import Expression, Tree, substitute
from backchannel.language.names import did_you_mean, in_round, round_number, split_round

AFTER = "after"
"""The round in the name of an interest that counts what follows the last round."""
NUMBER = "round"
"""The number of the round, in expressions inside `rounds`."""
MAX_REPEATED = 4_000
"""Most nodes and interests after expansion."""


@dataclass(frozen=True)
class RoundsBlock:
    """What repeats, and what its names mean in each round; empty if nothing repeats."""

    entry: RoundsEntry | None
    as_of: date

    @cached_property
    def names(self) -> frozenset[str]:
        """The nodes that repeat."""
        return frozenset(self.entry.nodes if self.entry else ())

    @property
    def n(self) -> int:
        return self.entry.n if self.entry else 0

    @cached_property
    def calendar(self) -> Calendar | None:
        """When the rounds are; `None` if nothing repeats."""
        if self.entry is None:
            return None
        begins = self.entry.begins or self.as_of + timedelta(days=1)
        return Calendar(self.entry.n, begins, read_round_length(self.entry.every))

    def of(self, path: KeyPath) -> int | None:
        """Return the round that a path of the expanded case belongs to, if any."""
        for part in path:
            if isinstance(part, str) and "@" in part:
                base, number = split_round(part)
                if number == AFTER:
                    return self.n
                if base in self._repeated and round_number(part):
                    return round_number(part)
        return None

    @cached_property
    def _repeated(self) -> frozenset[str]:
        return self.names | frozenset(self.entry.interests if self.entry else ())

    def meant(self, name: str, number: int | None) -> str:
        """Return the full name of a node that an expression in a round names."""
        base, at = split_round(name)
        if number is None or base not in self.names:
            return name
        if at == "prev":
            return in_round(base, number - 1)
        return name if at else in_round(base, number)

    def expression_in_round(self, expression: Expression, number: int | None) -> Expression:
        """Write an expression of `rounds` for one round."""
        if number is None:
            return expression
        meanings = {
            name: Expression(Tree("name", value=self.meant(name, number)))
            for name in expression.names
            if self.meant(name, number) != name
        }
        meanings[NUMBER] = Expression(Tree("number", value=float(number)))
        return substitute(expression, meanings)

    def spread(self, name: str) -> tuple[str, ...]:
        """List the nodes that a name outside of `rounds` means: all rounds, or those that it gives."""
        base, at = split_round(name)
        if base not in self.names:
            return (name,)
        if not at:
            return tuple(in_round(base, t) for t in range(1, self.n + 1))
        first, dots, last = at.partition("..")
        if dots and first.isdecimal() and (last.isdecimal() or not last):
            # One past the last round is enough to report that there is no such round.
            until = min(int(last[:9]), self.n + 1) if last else self.n
            return tuple(in_round(base, t) for t in range(int(first[:9]), until + 1)) or (name,)
        return (name,)

    def explain_missing(self, name: str, number: int | None, known: list[str]) -> str:
        """Explain why no node has a name; empty if it has nothing to do with rounds."""
        base, at = split_round(name)
        if not at:
            if base in self.names and number is None:
                return (
                    f"'{base}' repeats, so name its round: {base}@1 to {base}@{self.n}. (The name alone is "
                    "enough only inside `rounds`.)"
                )
            return ""
        if self.entry is None:
            return f"'{name}' names a round, but the case has no `rounds`."
        if base not in self.names:
            hint = did_you_mean(base, sorted(self.names))
            ordinary = f" '{base}' is outside of `rounds` and does not repeat."
            there_are = f" There are: {', '.join(sorted(self.names))}."
            more = ordinary if base in known else hint or there_are
            return f"no node in `rounds` is called '{base}'.{more}"
        if at == "prev" and number is None:
            return f"'@prev' can only be used inside `rounds`. Name the round: {base}@1."
        if at == "prev" or at == "0":
            return (
                f"'{name}' needs a value before round 1. Give {base} a `start`: a value, or an "
                "expression of nodes outside of `rounds`."
            )
        return f"there is no round {at}; the rounds are 1 to {self.n}."


def rounds_of(case: Case) -> RoundsBlock:
    """Return what repeats in a case."""
    return RoundsBlock(case.rounds, case.as_of)


def expand_rounds(case: Case) -> Case:
    """Expand a case's rounds into ordinary nodes and interests, and its grids into domains.

    Raises:
        ValueError: There would be too many of them, or the rounds run past the year 9999.
    """
    nodes = {name: _with_domain(entry) for name, entry in case.nodes.items()}
    interests: dict[str, InterestEntry] = dict(case.interests)
    repeated = case.rounds
    if repeated is not None:
        repeated = with_equal_periods(repeated, is_public=case.information == "public")
        rounds = RoundsBlock(repeated, case.as_of)
        _check_extent(repeated, rounds)
        nodes |= dict(_nodes(repeated, rounds))
        interests |= dict(_interests(repeated))
    return case.model_copy(update={"nodes": nodes, "interests": interests, "rounds": repeated})


def _check_extent(entry: RoundsEntry, rounds: RoundsBlock) -> None:
    n = entry.n * (len(entry.nodes) + len(entry.interests))
    if n > MAX_REPEATED:
        raise ValueError(
            f"the rounds expand to {n:,} nodes and interests, more than {MAX_REPEATED:,}. Use fewer and "
            "longer rounds, or fewer nodes and interests."
        )
    try:
        assert rounds.calendar is not None
        _ = rounds.calendar.start(entry.n + 1) + timedelta(days=MAX_DAY)
    except (OverflowError, ValueError):
        raise ValueError(
            "the last round ends after the year 9999. Use fewer or shorter rounds."
        ) from None


def _nodes(entry: RoundsEntry, rounds: RoundsBlock) -> Iterator[tuple[str, NodeEntry]]:
    calendar = rounds.calendar
    assert calendar is not None
    for name, node in entry.nodes.items():
        if node.start is not None:
            yield in_round(name, 0), _start_node(name, _with_domain(node))
    for t in range(1, entry.n + 1):
        for name, node in entry.nodes.items():
            title = node.title or name.replace("_", " ")
            day = node.day if node.day is not None or node.derived is not None else 1
            at = None if day is None else calendar.start(t) + timedelta(days=day - 1)
            changes: dict[str, Any] = {"title": f"{title}, {calendar.label(t)}", "at": at}
            yield in_round(name, t), _with_domain(node).model_copy(update=changes)


def _start_node(name: str, node: Any) -> NodeEntry:
    start = node.start
    if isinstance(start, str) and start in node.domain:
        start = f"'{start}'"
    title = f"{node.title or name.replace('_', ' ')}, before the first round"
    return NodeEntry.model_construct(
        title=title, domain=node.domain, values=node.values, derived=start, grid=node.grid,
        why=node.why, about=node.about,
    )  # fmt: skip


def _interests(entry: RoundsEntry) -> Iterator[tuple[str, InterestEntry]]:
    for t in range(1, entry.n + 1):
        for name, interest in entry.interests.items():
            yield in_round(name, t), interest
    for name, interest in entry.interests.items():
        if interest.last is not None:
            yield in_round(name, AFTER), interest.model_copy(update={"worth": interest.last})


def _with_domain(entry: Any) -> Any:
    return entry if entry.grid is None else entry.model_copy(update={"domain": list(entry.grid)})


def path_in_file(path: KeyPath, known: Mapping[KeyPath, Any]) -> KeyPath:
    """Convert a path of the expanded case to a path in the file."""
    if len(path) > 1 and path[0] in ("nodes", "interests") and "@" in str(path[1]):
        base, number = split_round(str(path[1]))
        rest = path[2:]
        if number == "0" and rest[:1] == ("derived",):
            rest = ("start", *rest[1:])
        if number == AFTER and rest[:1] == ("worth",):
            rest = ("last", *rest[1:])
        return ("rounds", path[0], base, *rest)
    if any("@" in str(part) for part in path):
        kept: KeyPath = ()
        for part in path:
            bare = split_round(part)[0] if isinstance(part, str) else part
            kept = (*kept, part if (*kept, part) in known else bare)
        return kept
    return path


def message_for_every_round(message: str, path: KeyPath) -> str:
    """Rewrite a message about one round so that it fits every round."""
    number = next((round_number(p) for p in path[1:2] if isinstance(p, str)), None)
    if number is None:
        return message
    for old, new in ((f"@{number}", ""), (f"@{number - 1}", "@prev")):
        message = _without(message, old, new)
    return message


def _without(message: str, old: str, new: str) -> str:
    parts = message.split(old)
    out = parts[0]
    for part in parts[1:]:
        out += (old if part[:1].isdigit() else new) + part
    return out
