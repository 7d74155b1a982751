"""The difference between two texts, in bounded time for any texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import unified_diff

MOST_LINES = 1500
"""Where more lines lie between the first and the last change, all of them are shown as replaced."""
TO_BE_SAVED = ("file", "to be saved")
BEFORE_AND_AFTER = ("before", "after")
CONTEXT = 3
"""Lines that are shown around a change."""


def difference(
    before: str,
    after: str,
    name: str,
    *,
    states: tuple[str, str] = TO_BE_SAVED,
    matches: bool = True,
) -> str:
    r"""How a file changes, as a unified diff; empty where no line does.

    Matching lines takes time that grows with the square of their number or worse, so it is done only
    between the first and the last change, and only where not too many lines lie there.

    Args:
        before: The file.
        after: What is to be saved.
        name: Of the file.
        states: What the two texts are called.
        matches: Whether lines are matched between the first and the last change; otherwise all of them are shown
            as replaced, which takes next to no time.

    >>> print(difference("a\nb\n", "a\nc\n", "talks.yaml"))
    --- talks.yaml (file)
    +++ talks.yaml (to be saved)
    @@ -1,2 +1,2 @@
     a
    -b
    +c
    """
    old, new = before.splitlines(), after.splitlines()
    first = _common_prefix(old, new)
    last = _common_prefix(old[first:][::-1], new[first:][::-1])
    if first == len(old) == len(new):
        return ""
    names = (f"{name} ({states[0]})", f"{name} ({states[1]})")
    # A few lines that stay are kept on either side, to be shown.
    start, stop = max(first - CONTEXT, 0), max(last - CONTEXT, 0)
    old, new = old[start : len(old) - stop], new[start : len(new) - stop]
    if matches and max(len(old), len(new)) <= MOST_LINES:
        return "\n".join(
            _renumbered(line, start) for line in unified_diff(old, new, *names, lineterm="")
        )
    head, tail = first - start, last - stop
    return "\n".join(
        [
            f"--- {names[0]}",
            f"+++ {names[1]}",
            f"@@ -{start + 1},{len(old)} +{start + 1},{len(new)} @@",
            *(f" {line}" for line in old[:head]),
            *(f"-{line}" for line in old[head : len(old) - tail]),
            *(f"+{line}" for line in new[head : len(new) - tail]),
            *(f" {line}" for line in old[len(old) - tail :]),
        ]
    )


def _common_prefix(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines at the beginning are the same."""
    pairs = zip(old, new, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _renumbered(line: str, by: int) -> str:
    """A line of a diff; the numbers of a block's lines count from the beginning of the file."""
    if not by or not line.startswith("@@ "):
        return line
    return re.sub(r"([-+])(\d+)", lambda match: f"{match[1]}{int(match[2]) + by}", line)
