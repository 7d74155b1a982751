"""Files of other programs that a user may take for a case or a game tree, and what to do with them."""

from __future__ import annotations

from pathlib import Path

STRATEGIC = (
    "a strategic game of Gambit. Backchannel reads game trees (.efg). Write the game as a case in which each "
    "player has one decision that sees nothing; docs/gambit.md shows one."
)
WORKBOOK = (
    "a workbook of Gambit's window. Open it in Gambit, save the game as a tree (File, Save as, .efg), and "
    "give that file."
)
BY_SUFFIX = {".nfg": STRATEGIC, ".agg": STRATEGIC, ".bagg": STRATEGIC, ".gbt": WORKBOOK}
BY_START = {"NFG": STRATEGIC, "#AGG": STRATEGIC, "#BAGG": STRATEGIC, "<": WORKBOOK}


def foreign_format(path: Path) -> str:
    """Say what a file is by its name and what to do with it; empty if the name tells nothing.

    >>> foreign_format(Path("duel.nfg"))[:27]
    'a strategic game of Gambit.'
    """
    return BY_SUFFIX.get(path.suffix.lower(), "")


def foreign_text(text: str) -> str:
    """Say what a text is by how it begins and what to do with it; empty if the text tells nothing."""
    start = text.lstrip()
    return next((said for mark, said in BY_START.items() if start.startswith(mark)), "")
