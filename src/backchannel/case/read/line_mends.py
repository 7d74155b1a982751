"""Mends of one line: tabs, unusual characters, colons, dashes, and texts that need quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from backchannel.case.read.yaml_nodes import Fault
from backchannel.language.lookalikes import describe_character, plain_character

_KEY = r"[A-Za-z_][\w@.-]*|'[^']*'|\"[^\"]*\""
_LEAD = re.compile(r"(\s*(?:- +)*)")
_NO_SPACE = re.compile(rf"((?:\s*(?:- +)*)(?:{_KEY}):)([^\s/].*)")
_EQUALS = re.compile(rf"(\s*(?:- +)*)({_KEY})\s*=\s*([^=\s].*)")
_NO_COLON = re.compile(r"(\s*(?:- +)*)([a-z_]\w*) +([^\s:=].*)")
_DASH = re.compile(r"(\s*)-([^\s-].*)")
_KEY_AND_TEXT = re.compile(rf"(\s*(?:- +)*(?:(?:{_KEY}) *: +)?)(.*?)( +#.*)?")
_PIECE = re.compile(rf"(?:^|[,{{\[]) *(?:(?:{_KEY}) *: +)?")
_NEXT_KEY = re.compile(rf", *(?:{_KEY}) *:(?: |$)|[}}\]]+ *(?:#.*)?$|\}}")
LONGEST_SHOWN = 70


@dataclass(frozen=True)
class Mend:
    """A change of some lines, with the fault that it corrects; lines and columns count from 0."""

    line: int
    column: int
    message: str
    changes: dict[int, str] = field(default_factory=dict)
    rank: int = 5
    """Mends with a smaller rank are tried first."""
    is_guess: bool = False
    """The value can be another one than was meant, so nothing is said about it."""

    def applied(self, lines: list[str]) -> list[str]:
        """Return the lines with the change."""
        changed = list(lines)
        for number, text in self.changes.items():
            changed[number] = text
        return changed


def line_mends(lines: list[str], number: int, fault: Fault) -> Iterator[Mend]:
    """Yield the mends of one line that concern single characters or the form `key: value`."""
    line = lines[number]
    yield from _tabs(lines, number)
    yield from _unusual(line, number)
    yield from _forms(lines, number)
    yield from _texts(line, number, fault)


def _tabs(lines: list[str], number: int) -> Iterator[Mend]:
    line = lines[number]
    tabbed = [i for i, other in enumerate(lines) if "\t" in _LEAD.match(other)[1]]  # type: ignore[index]
    if number in tabbed:
        others = [str(i + 1) for i in tabbed if i > number]
        more = f" Lines {_few(others)} begin with tabs as well." if others else ""
        message = (
            f"A tab stands at the start of this line. Use spaces there: a case has no tabs.{more}"
        )
        column = line.index("\t")
        above = next((x for x in reversed(lines[:number]) if x.strip()), "")
        alone = "A tab stands at the start of this line. Use spaces there: a case has no tabs."
        for indent in (_indent(above), _indent(above) + 2):
            yield Mend(number, column, alone, {number: " " * indent + line.lstrip()}, 0)
        for width in (2, 4, 8):
            changes = {i: _spaced(lines[i], width) for i in tabbed}
            yield Mend(number, column, message, changes, 0)
    elif "\t" in line:
        column = line.index("\t")
        message = "A tab stands in this line. Use spaces instead."
        yield Mend(number, column, message, {number: line.replace("\t", " ")}, 1)


def _spaced(line: str, width: int) -> str:
    lead = _LEAD.match(line)[1]  # type: ignore[index]
    return (
        lead.replace("- \t", "- ").replace("-\t", "- ").replace("\t", " " * width)
        + line[len(lead) :]
    )


def _unusual(line: str, number: int) -> Iterator[Mend]:
    strange = [i for i, c in enumerate(line) if not c.isalnum() and plain_character(c) != c]
    if not strange:
        return
    named = dict.fromkeys(describe_character(line[i]) for i in strange)
    message = (
        f"This line holds {' and '.join(list(named)[:3])}. Type the ordinary character instead."
    )
    plain = "".join(c if c.isalnum() else plain_character(c) for c in line)
    plain = (
        re.sub(r"([:,])(?=[^\s,])", r"\1 ", plain) if any(c in line for c in "：，、") else plain
    )
    yield Mend(number, strange[0], message, {number: plain}, 2)


def _forms(lines: list[str], number: int) -> Iterator[Mend]:
    line = lines[number]
    if match := _DASH.fullmatch(line):
        text = f"{match[1]}- {match[2]}"
        message = f"A space is missing after the dash. Write {_shown(text)}."
        yield Mend(number, len(match[1]), message, {number: text}, 3)
    if match := _NO_SPACE.fullmatch(line):
        text = f"{match[1]} {match[2]}"
        message = f"A space is missing after the colon. Write {_shown(text)}."
        yield Mend(number, len(match[1]), message, {number: text}, 3)
    if match := _EQUALS.fullmatch(line):
        text = f"{match[1]}{match[2]}: {match[3]}"
        message = f"A colon and a space stand between a key and its value. Write {_shown(text)}."
        yield Mend(number, line.index("="), message, {number: text}, 4)
    if match := _NO_COLON.fullmatch(line):
        text = f"{match[1]}{match[2]}: {match[3]}"
        message = f"This line has no colon after its key. Write {_shown(text)}."
        yield Mend(number, len(match[1]), message, {number: text}, 6)
    if re.fullmatch(r"\s*[A-Za-z_]\w*", line):
        message = f"A colon is missing at the end of this line. Write {_shown(line + ':')}"
        yield Mend(number, len(line), f"{message}.", {number: f"{line}:"}, 5)
    yield from _dashes(lines, number)


def _dashes(lines: list[str], number: int) -> Iterator[Mend]:
    """Begin an entry of a list with a dash: an entry in braces, or a line under another dash."""
    line, own = lines[number], _indent(lines[number])
    neighbours = [
        other
        for other in reversed(lines[:number])
        if other.strip() and not other.lstrip().startswith("#") and _indent(other) <= own
    ]
    before = neighbours[0] if neighbours else ""
    if line.startswith("{", own):
        alike = [i for i, other in enumerate(lines) if other.startswith(" " * own + "{")]
        block = _run_of(lines, number, alike)
        text = f"- {line.lstrip()}"
        message = f"Each entry of a list begins with a dash. Write {_shown(text)}"
        changes = {i: " " * own + "- " + lines[i].lstrip() for i in block}
        yield Mend(block[0], own, message, changes, 3)
    elif before.lstrip().startswith("- ") and _indent(before) == own and line.strip():
        text = f"- {line.lstrip()}"
        message = (
            f"Each entry of a list begins with a dash. Write {_shown(text)}, or indent this line by two "
            "more spaces if it belongs to the entry above."
        )
        repeats = _repeats_key(lines, number, own)
        yield Mend(number, own, message, {number: " " * own + text}, 5 if repeats else 7)
    elif line.lstrip().startswith("- ") and before and _indent(before) == own:
        message = (
            "This line begins with a dash, but the line above it begins with a key. Indent it under the key "
            "of its list, or remove the dash."
        )
        yield Mend(number, own, message, {number: ""}, 8)


def _repeats_key(lines: list[str], number: int, own: int) -> bool:
    """Say whether the entry above has the key of a line already, so that the line begins another."""
    key = lines[number].strip().partition(":")[0]
    for other in reversed(lines[:number]):
        if other.strip() and other.strip().removeprefix("- ").partition(":")[0] == key:
            return True
        if other.startswith(" " * own + "- "):
            return False
    return False


def _run_of(lines: list[str], number: int, alike: list[int]) -> list[int]:
    """List the lines in braces around one of them, up to a line of another kind."""
    first = last = number
    for i in range(number - 1, -1, -1):
        if lines[i].strip() and i not in alike:
            break
        first = i if i in alike else first
    for i in range(number + 1, len(lines)):
        if lines[i].strip() and i not in alike:
            break
        last = i if i in alike else last
    return [i for i in alike if first <= i <= last]


def _texts(line: str, number: int, fault: Fault) -> Iterator[Mend]:
    """Put a text in quotes that holds a colon, or begins with a sign that has a meaning of its own."""
    match = _KEY_AND_TEXT.fullmatch(line)
    is_plain = match and match[2] and match[2][0] not in "'\"{["
    is_block = match and re.fullmatch(r"[|>][-+0-9]*", match[2])
    if match and is_plain and not is_block and match[1].strip() != "":
        text = f"{match[1]}{quoted(match[2])}{match[3] or ''}"
        column = len(match[1])
        if re.search(r":( |$)", match[2]):
            what = "This text holds a colon followed by a space, which has a meaning of its own."
        elif match[2][0] in "@`%&*!|>":
            what = f"A text cannot begin with {match[2][0]}."
        else:
            what = "This text cannot be read as it stands."
        yield Mend(
            number, column, f"{what} Put the text in quotes: {_shown(text)}", {number: text}, 4
        )
    if number == fault.line and ("{" in line or "[" in line):
        yield from _inside_brackets(line, number, fault.column)


def _inside_brackets(line: str, number: int, column: int) -> Iterator[Mend]:
    # The schema is slow to import, and a sound text needs none of this.
    from backchannel.case.read.schema_walk import known_keys

    starts = [m.end() for m in _PIECE.finditer(line) if m.end() <= column]
    if not starts:
        return
    for start in dict.fromkeys((starts[-1], starts[max(0, len(starts) - 2)])):
        follows = _NEXT_KEY.search(line, max(start, column))
        end = follows.start() if follows else len(line)
        piece = line[start:end].rstrip()
        if not piece or piece[0] in "'\"{[":
            continue
        missing = re.match(r"(.*\S) +([A-Za-z_]\w*) *: ", piece + " ")
        if missing and missing[2] in known_keys():
            text = f"{line[:start]}{missing[1]}, {line[start + missing.start(2) :]}"
            message = f"A comma is missing before {missing[2]}. Write {_shown(text)}"
            yield Mend(number, start + missing.end(1), message, {number: text}, 3)
        if ":" in piece or piece[0] in "@`%&*!":
            text = f"{line[:start]}{quoted(piece)}{line[start + len(piece) :]}"
            sign = "holds a colon" if ":" in piece else f"begins with {piece[0]}"
            message = f"This text {sign}, which has a meaning of its own. Put it in quotes: {quoted(piece)}"
            yield Mend(number, start, f"{message}.", {number: text}, 4)
    before = line[:column].rstrip()
    if before[-1:] in ("'", '"', "]", "}") and column < len(line) and line[column] not in ",]}":
        text = f"{before}, {line[column:]}"
        message = f"A comma is missing here. Write {_shown(text)}"
        yield Mend(number, len(before), message, {number: text}, 3)


def quoted(text: str) -> str:
    """Put a text in quotes."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _shown(text: str) -> str:
    plain = text.strip()
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]} ..."


def _few(numbers: list[str]) -> str:
    listed = ", ".join(numbers[:6])
    return listed if len(numbers) <= 6 else f"{listed} and {len(numbers) - 6} more"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
