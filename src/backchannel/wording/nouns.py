"""Nouns: with a count before them, with their possessor, and in a list."""

from __future__ import annotations

from collections.abc import Sequence


def several(count: int, noun: str) -> str:
    """A count with its noun, in the singular or the plural.

    >>> several(1, "draw"), several(1024, "draw")
    ('1 draw', '1,024 draws')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def possessive(name: str) -> str:
    """Whose something is; a name in the plural takes the apostrophe alone.

    >>> possessive("Minsk"), possessive("Paris"), possessive("the republicans")
    ("Minsk's", "Paris's", "the republicans'")
    """
    is_plural = name.lower().startswith("the ") and name.endswith("s")
    return f"{name}'" if is_plural else f"{name}'s"


def and_list(parts: Sequence[str]) -> str:
    """Join texts as in a sentence.

    >>> and_list(["a"]), and_list(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
