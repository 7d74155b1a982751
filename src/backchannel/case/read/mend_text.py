"""stub"""
from __future__ import annotations
from dataclasses import dataclass
from backchannel.language.errors import Problem
@dataclass(frozen=True)
class Mended:
    text: str
    problems: tuple[Problem, ...] = ()
    lost: frozenset[int] = frozenset()
    is_partial: bool = False
def mend_text(text, file, error):
    return Mended(text, error.problems)
