"""The part of a text that an edit changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class TextPatch:
    """Characters that an edit replaced: little to keep, however long the text is."""

    start: int
    removed: str
    inserted: str

    @classmethod
    def between(cls, before: str, after: str) -> TextPatch:
        """What changed from one text to another.

        >>> TextPatch.between("reply: pay", "reply: play")
        TextPatch(start=8, removed='', inserted='l')
        """
        most = min(len(before), len(after))
        start = _agreeing(most, lambda n: before[:n] == after[:n])
        rest = most - start
        end = _agreeing(rest, lambda n: before[len(before) - n :] == after[len(after) - n :])
        return cls(start, before[start : len(before) - end], after[start : len(after) - end])

    def apply(self, before: str) -> str:
        """The text after the edit."""
        return before[: self.start] + self.inserted + before[self.start + len(self.removed) :]

    def fits(self, after: str) -> bool:
        """Whether a text can be the one that the edit led to."""
        return after[self.start : self.start + len(self.inserted)] == self.inserted

    def revert(self, after: str) -> str:
        """The text before the edit."""
        return after[: self.start] + self.removed + after[self.start + len(self.inserted) :]


def _agreeing(most: int, agree: Callable[[int], bool]) -> int:
    """The largest number of characters that agree, found by halving."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if agree(middle):
            low = middle
        else:
            high = middle - 1
    return low
