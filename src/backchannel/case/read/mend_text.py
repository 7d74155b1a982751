"""Mend a text that breaks the rules of YAML, so that all its faults come at once, in plain words.

The parser stops at the first fault and describes it in its own terms. Here each likely mend of the lines
around that place is tried; the first one with which the parser gets further is taken, and names the fault. A
line for which no mend helps is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from backchannel.case.read.bracket_mends import bracket_mends
from backchannel.case.read.indent_mends import indent_mends
from backchannel.case.read.line_mends import Mend, line_mends
from backchannel.case.read.quote_mends import quote_mends
from backchannel.case.read.yaml_nodes import CANNOT_BE_READ, Fault, UnreadableText, first_fault
from backchannel.language.errors import MOST_PROBLEMS, Place, Problem

MOST_READ = 4_000_000
"""Most characters that are parsed in search of mends; it takes about 2 s."""


@dataclass(frozen=True)
class Mended:
    """A text that the parser can read, and what was wrong with it."""

    text: str
    problems: tuple[Problem, ...] = ()
    lost: frozenset[int] = frozenset()
    """Lines, counted from 1, whose value can be another one than was meant."""
    is_partial: bool = False
    """Some lines were left out, with the names in them."""


def mend_text(text: str, file: str, error: UnreadableText) -> Mended:
    """Find every fault of a text that the parser refused.

    Args:
        text: The text.
        file: The file name, for the places.
        error: What the parser said, for texts that nothing here can mend.
    """
    lines = text.split("\n")
    problems: list[Problem] = []
    lost: set[int] = set()
    is_partial = False
    budget = MOST_READ
    fault = first_fault(text)
    if fault is None:
        starred = _quoted_star(lines, error)
        if starred is not None:
            place = Place(file, starred.line + 1, starred.column + 1)
            return Mended("\n".join(starred.applied(lines)), (Problem(place, starred.message),))
    while fault is not None and len(problems) < MOST_PROBLEMS:
        mend, after, n_tries = _best_mend(lines, fault, budget // max(len(text), 1))
        budget -= n_tries * len(text)
        if mend is None:
            place = Place(file, min(fault.line, len(lines) - 1) + 1, fault.column + 1)
            problems.append(Problem(place, CANNOT_BE_READ))
            if budget <= 0 or not _leave_out(lines, fault, lost):
                is_partial = True
                break
            is_partial = True
            fault = first_fault("\n".join(lines))
            continue
        place = Place(file, mend.line + 1, mend.column + 1)
        problems.append(Problem(place, mend.message))
        lines = mend.applied(lines)
        lost |= {number + 1 for number in mend.changes if mend.is_guess}
        fault = after
    if not problems:
        problems = list(error.problems)
        is_partial = True
    return Mended("\n".join(lines), tuple(problems), frozenset(lost), is_partial)


def _quoted_star(lines: list[str], error: UnreadableText) -> Mend | None:
    """Put a text in quotes that begins with a star, which the parser takes for the name of a value."""
    place = error.problems[0].place
    if not 0 < place.line <= len(lines):
        return None
    here = Fault(place.line - 1, place.column - 1, place.line - 1, place.line - 1, "", "")
    mends = line_mends(lines, place.line - 1, here)
    return next((mend for mend in mends if "with *" in mend.message), None)


def _best_mend(lines: list[str], fault: Fault, most: int) -> tuple[Mend | None, Fault | None, int]:
    """Return the mend of the smallest rank that gets past the fault, and the fault that follows.

    Of several with the same rank it is the one that gets furthest, and of these the one that changes the
    fewest lines.
    """
    tries = 0
    best: tuple[tuple[int, int], Mend, Fault | None] | None = None
    for mend in _mends(lines, fault):
        if tries >= most or (best and best[1].rank < mend.rank):
            break
        tries += 1
        mended = mend.applied(lines)
        after = first_fault("\n".join(mended))
        if after is not None and not _is_further(lines, fault, mended, after):
            continue
        worth = (len(lines) + 1 if after is None else after.line, -len(mend.changes))
        if best is None or worth > best[0]:
            best = worth, mend, after
    return (best[1], best[2], tries) if best else (None, None, tries)


def _is_further(lines: list[str], fault: Fault, mended: list[str], after: Fault) -> bool:
    """Say whether less of the text is left after a mend; columns shift where it adds characters."""
    if after.line != fault.line:
        return after.line > fault.line
    if after.line >= len(lines):
        return False
    added = max(0, len(mended[after.line]) - len(lines[fault.line]))
    return after.column - added > fault.column


def _mends(lines: list[str], fault: Fault) -> list[Mend]:
    """List the mends of the lines at which a fault can be, the most probable first."""
    last = len(lines) - 1
    numbers = dict.fromkeys(
        min(n, last) for n in (fault.line, _before(lines, fault.line), fault.began, fault.noticed)
    )
    mends: list[Mend] = []
    for make in (line_mends, quote_mends, bracket_mends, indent_mends):
        for number in numbers:
            mends += make(lines, number, fault)
    return sorted(mends, key=lambda mend: mend.rank)


def _before(lines: list[str], number: int) -> int:
    """Return the last line before another that is not empty and no comment."""
    for i in range(min(number, len(lines)) - 1, -1, -1):
        if lines[i].strip() and not lines[i].lstrip().startswith("#"):
            return i
    return min(number, len(lines) - 1)


def _leave_out(lines: list[str], fault: Fault, lost: set[int]) -> bool:
    """Leave out a line that cannot be mended; say whether the text changed."""
    for number in (fault.line, fault.noticed, fault.began):
        number = min(number, len(lines) - 1)
        if lines[number].strip():
            lines[number] = ""
            lost.add(number + 1)
            return True
    return False
