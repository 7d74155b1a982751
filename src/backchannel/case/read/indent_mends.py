"""Mends of the spaces at the start of lines."""

from __future__ import annotations

from collections.abc import Iterator

from backchannel.case.read.line_mends import Mend
from backchannel.case.read.yaml_nodes import Fault


def indent_mends(lines: list[str], number: int, fault: Fault) -> Iterator[Mend]:
    """Yield shifts of a line, alone or with the lines below it, to the start of a line above it."""
    line = lines[number]
    own = len(line) - len(line.lstrip(" "))
    if not line.strip():
        return
    block = _block(lines, number, own)
    wanted_starts = _starts(lines, number) - {own}
    below = next((x for x in lines[number + 1 :] if x.strip()), "")
    if number < fault.noticed and len(below) - len(below.lstrip(" ")) > own:
        wanted_starts.add(len(below) - len(below.lstrip(" ")))
    for wanted in sorted(wanted_starts, key=lambda n: (abs(n - own), n)):
        message = (
            f"This line begins with {_spaces(own)}, but the lines of its level begin with "
            f"{_spaces(wanted)}. Begin it with {_spaces(wanted)}."
        )
        for shifted in (block, [number]):
            changes = {i: _shifted(lines[i], wanted - own) for i in shifted}
            yield Mend(number, own, message, changes, 6 if abs(wanted - own) <= 4 else 7)


def _block(lines: list[str], number: int, own: int) -> list[int]:
    """List a line and those below it that begin as far to the right, or further."""
    block = [number]
    for i in range(number + 1, len(lines)):
        if lines[i].strip() and len(lines[i]) - len(lines[i].lstrip(" ")) < own:
            break
        block.append(i)
    return block


def _starts(lines: list[str], number: int) -> set[int]:
    """Collect where the lines above begin that hold this line, and one level below the last of them."""
    starts: set[int] = set()
    least = 1 << 30
    for above in reversed(lines[:number]):
        plain = above.lstrip(" ")
        if not plain or plain.startswith("#"):
            continue
        indent = len(above) - len(plain)
        if indent < least:
            least = indent
            starts.add(indent)
            dashed = plain.lstrip("- ")
            if plain.startswith("- "):
                starts.add(indent + len(plain) - len(dashed))
        if len(starts) == 1:
            starts.add(indent + 2)
        if least == 0:
            break
    return starts


def _shifted(line: str, by: int) -> str:
    plain = line.lstrip(" ")
    return " " * max(0, len(line) - len(plain) + by) + plain if plain else line


def _spaces(count: int) -> str:
    return f"{count or 'no'} space{'s' if count != 1 else ''}"
