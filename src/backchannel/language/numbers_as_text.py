"""Numbers that were written as text: with a decimal comma, a percent sign, a unit or in quotes."""

from __future__ import annotations

import re

from backchannel.language.lookalikes import plain_text

_PERCENT = re.compile(r"([-+]?\d+(?:[.,]\d+)?)\s*(?:%|percent|per cent|pct)")
_COMMA = re.compile(r"([-+]?\d*),(\d+)")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[ _'’]\d{3})+(?:\.\d+)?")
_SHARE = re.compile(r"(\d+)\s*/\s*([1-9]\d*)")


def number_meant(text: str) -> str:
    """Return the number that a text means, as it should be written; empty if it means none.

    >>> number_meant("30 %"), number_meant("2,5"), number_meant("3"), number_meant("high")
    ('0.3', '2.5', '3', '')
    """
    plain = plain_text(text.strip())
    if len(plain) > 40:
        return ""
    if _NUMBER.fullmatch(plain):
        return plain
    if match := _PERCENT.fullmatch(plain):
        return f"{float(match[1].replace(',', '.')) / 100:.10g}"
    if match := _COMMA.fullmatch(plain):
        return f"{match[1] or '0'}.{match[2]}"
    if _THOUSANDS.fullmatch(plain):
        return re.sub(r"[ _'’]", "", plain)
    if match := _SHARE.fullmatch(plain):
        return f"{int(match[1]) / int(match[2]):.4g}"
    return ""


def explain_number(text: str) -> str:
    """Say in a sentence how to write the number that a text means; empty if it means none.

    >>> explain_number("30%"), explain_number("2,5")
    (' Write 0.3 for 30%.', ' Write the number with a point: 2.5.')
    """
    meant = number_meant(text)
    if not meant:
        return ""
    shown = text.strip()
    if _NUMBER.fullmatch(shown):
        return f" Write {meant} without quotes."
    if _COMMA.fullmatch(shown):
        return f" Write the number with a point: {meant}."
    return f" Write {meant} for {shown}."


def with_points(numbers: list[object]) -> str:
    """Join the parts of numbers with decimal commas, as `[0,2, 0,6]` reads; empty if they are none.

    >>> with_points([0, 2, 0, 6])
    '[0.2, 0.6]'
    """
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in numbers)
    if not whole or len(numbers) % 2 or any(int(str(n)) < 0 for n in numbers[1::2]):
        return ""
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return f"[{', '.join(f'{left}.{right}' for left, right in pairs)}]"
