"""Patterns: common shapes of bargaining, each a piece of a case with roles to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from backchannel.case.read.document import parse_document
from backchannel.language.errors import CommandError
from backchannel.language.names import did_you_mean

FOLDER = Path(__file__).parent / "library"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Role(_Part):
    """A player of a pattern."""

    name: str
    """Its name, if the user gives none."""
    asks: str
    """What to ask the user."""


class Tie(_Part):
    """An outcome of another pattern that this one can be tied to."""

    asks: str
    own: str
    """The condition, if it is tied to none."""
    parts: Mapping[str, str]
    """Sections of the case that make this outcome, if it is tied to none."""


class Citation(_Part):
    """The work that describes the pattern."""

    title: str
    author: str
    date: date


class Pattern(_Part):
    """A shape of bargaining: text with `$names` in place of players and nodes."""

    title: str
    about: str
    behaviour: str
    """What is known of how players behave in it; a test shows it."""
    source: Citation
    roles: Mapping[str, Role]
    events: Mapping[str, Tie] = {}
    names: tuple[str, ...]
    """Names of its own, which are numbered where two patterns of a case have them."""
    parts: Mapping[str, str]
    """By section of the case, the lines of that section."""


@cache
def pattern_library() -> Mapping[str, Pattern]:
    """Every pattern by its name, in alphabetical order."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.yaml"))}


def find_pattern(name: str) -> Pattern:
    """Find a pattern by its name.

    Raises:
        CommandError: There is no such pattern.
    """
    known = pattern_library()
    if name not in known:
        raise CommandError(
            f"No pattern is called '{name}'.{did_you_mean(name, list(known))} The patterns are: "
            f"{', '.join(known)}."
        )
    return known[name]


def _read(path: Path) -> Pattern:
    data: Any = parse_document(path.read_text(encoding="utf-8"), file=path.name).data
    return Pattern.model_validate(data)
