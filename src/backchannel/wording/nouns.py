"""Nouns: with a count before them, and with their possessor."""

from __future__ import annotations


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
