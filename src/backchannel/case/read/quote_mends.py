"""Mends of quotation marks: unclosed ones, apostrophes inside, and text after the closing mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backchannel.case.read.line_mends import Mend, quoted
from backchannel.case.read.yaml_nodes import Fault

_KEY = r"[A-Za-z_][\w@.-]*|'[^']*'|\"[^\"]*\""
_QUOTED_VALUE = re.compile(rf"(\s*(?:- +)*(?:(?:{_KEY}) *: +)?)(['\"].*?)( +#.*)?")
_ENDS = re.compile(rf", *(?:{_KEY}) *:(?: |$)|[}}\]]+ *$| +#| *$|,")
MOST_ENDS = 12


def quote_mends(lines: list[str], number: int, fault: Fault) -> Iterator[Mend]:
    """Yield the mends of the quotation marks of one line."""
    line = lines[number]
    if "'" not in line and '"' not in line:
        return
    yield from _whole_text(line, number)
    yield from _inside_braces(line, number)
    yield from _backslashes(line, number, fault)
    yield from _unclosed(line, number)


def _whole_text(line: str, number: int) -> Iterator[Mend]:
    match = _QUOTED_VALUE.fullmatch(line)
    if not match:
        return
    text, sign = match[2], match[2][0]
    inner = text[1:-1]
    if len(text) > 2 and text[-1] == sign and sign in inner.replace(sign * 2, ""):
        what = "an apostrophe" if sign == "'" else "a quotation mark of the same kind"
        new = f"{match[1]}{quoted(inner)}{match[3] or ''}"
        message = f"The text holds {what}, which ends it too early. Write {new.strip()}"
        yield Mend(number, len(match[1]), message, {number: new}, 3)
    closing = text.find(sign, 1)
    if closing > 0 and text[closing + 1 :].strip():
        new = f"{match[1]}{quoted(text)}{match[3] or ''}"
        message = (
            "After the closing quotation mark the text goes on. Put one pair of quotes around all of it: "
            f"{new.strip()}"
        )
        yield Mend(number, len(match[1]) + closing, message, {number: new}, 3)


def _inside_braces(line: str, number: int) -> Iterator[Mend]:
    """Replace quotation marks inside of a text in the same marks, in braces."""
    for match in re.finditer(r": \"", line):
        start = match.end() - 1
        after = re.search(r"\"(?=,? *[A-Za-z_]\w*: | *[}\]]+ *$)", line[start + 1 :])
        inner = line[start + 1 : start + 1 + after.start()] if after else ""
        if '"' in inner:
            assert after is not None
            text = inner.replace('"', "'")
            new = f'{line[:start]}"{text}{line[start + 1 + after.start() :]}'
            message = (
                "The text holds a quotation mark of the same kind, which ends it too early. Use the other kind "
                f'inside: "{text}".'
            )
            yield Mend(number, start, message, {number: new}, 2)


def _backslashes(line: str, number: int, fault: Fault) -> Iterator[Mend]:
    if "escape" in fault.problem and "\\" in line:
        message = (
            "In double quotes a backslash has a meaning of its own. Use single quotes, or write two "
            "backslashes."
        )
        yield Mend(number, line.index("\\"), message, {number: line.replace("\\", "\\\\")}, 2)


def _unclosed(line: str, number: int) -> Iterator[Mend]:
    """Close each quotation mark that opens a text, at each place where the text can end."""
    for sign in ("'", '"'):
        if line.count(sign) % 2 == 0:
            continue
        opens = [m.end() - 1 for m in re.finditer(rf"(?:^|[\s,\[{{:-]){sign}", line)]
        for start in opens:
            for end in list(_ENDS.finditer(line, start + 1))[:MOST_ENDS]:
                at = end.start()
                new = f"{line[:at]}{sign}{line[at:]}"
                piece = new[start : at + 1]
                piece = piece if len(piece) <= 70 else f"{piece[:66]} ...{sign}"
                message = f"The quotation mark {sign} is not closed. Write {piece}"
                yield Mend(number, start, f"{message}.", {number: new}, 4, True)
        for m in re.finditer(rf"(?<=\w){sign}(?= *(?:$|[,}}\]]))", line):
            # The opening mark is missing.
            before = line[: m.start()]
            begin = max(
                before.rfind(": "), before.rfind(", "), before.rfind("["), before.rfind("- ")
            )
            begin += 1 if before[begin : begin + 1] == "[" else 2
            new = f"{line[:begin]}{sign}{line[begin:]}"
            message = (
                f"A quotation mark {sign} stands at the end of this text, but not at its start"
            )
            yield Mend(number, begin, f"{message}.", {number: new}, 6, True)
