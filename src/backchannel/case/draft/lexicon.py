"""The lists of words by which drafts are made; `words.txt` holds them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path


def word_list(name: str) -> frozenset[str]:
    """One of the lists of `words.txt`."""
    return frozenset(ordered_words(name))


def ordered_words(name: str) -> list[str]:
    """One of the lists of `words.txt`, in its order."""
    return _lists()[name]


@cache
def _lists() -> Mapping[str, list[str]]:
    lists: dict[str, list[str]] = {}
    words: list[str] = []
    for line in (Path(__file__).parent / "words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            words = lists.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            words += line.split()
    return lists
