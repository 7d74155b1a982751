"""Numbers that were written as text: with a decimal comma, a percent sign, a unit or in quotes."""

from __future__ import annotations

import re

from backchannel.language.lookalikes import plain_text

_PERCENT = re.compile(r"([-+]?\d+(?:[.,]\d+)?)\s*(?:%|percent|per cent|pct)")
_COMMA = re.compile(r"([-+]?\d*),(\d+)")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:[ _'’]\d{3})+(?:\.\d+)?")
_RANGE = re.compile(
    r"(?:between|from)?\s*(\d[\d.,]*\s*%?)\s*(?:-+|to|and|\.\.+|~)\s*(\d[\d.,]*\s*%?)"
)
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


def range_meant(text: str) -> str:
    """Return the range that a text means, as a prior is written; empty if it means none.

    >>> range_meant("0.6-0.8"), range_meant("between 4 and 16"), range_meant("60% to 80%")
    ('{between: [0.6, 0.8]}', '{between: [4, 16]}', '{between: [0.6, 0.8]}')
    """
    plain = plain_text(text.strip()).lower()
    match = _RANGE.fullmatch(plain) if len(plain) <= 60 else None
    if not match:
        return ""
    low, high = match[1], match[2]
    if high.endswith("%") and not low.endswith("%"):
        low += "%"
    return f"{{between: [{number_meant(low)}, {number_meant(high)}]}}"


def explain_number(text: str) -> str:
    """Say in a sentence how to write the number that a text means; empty if it means none.

    >>> explain_number("30%"), explain_number("2,5")
    (' Write 0.3 for 30%.', ' Write the number with a point: 2.5.')
    """
    meant = number_meant(text)
    if not meant:
        wanted = range_meant(text)
        return f" Write {wanted} for {text.strip()}." if wanted else ""
    shown = text.strip()
    if _NUMBER.fullmatch(shown):
        return f" Write {meant} without quotes."
    if _COMMA.fullmatch(shown):
        return f" Write the number with a point: {meant}."
    return f" Write {meant} for {shown}."


def is_no_finite_number(text: str) -> bool:
    """Say whether a text is one of the spellings of infinity, or of what is no number.

    >>> is_no_finite_number(".nan"), is_no_finite_number("-inf"), is_no_finite_number("nancy")
    (True, True, False)
    """
    return text.strip().lower().lstrip("+-.") in ("nan", "inf", "infinity")


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
