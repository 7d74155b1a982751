"""Text that is safe to show: control characters and direction marks become visible signs.

Names and labels come from files that other people wrote. An escape sequence could clear the screen,
change the window's title or hide the text before it; a bidirectional override shows text in another
order than it has in the file.
"""

from __future__ import annotations

import re

_PICTURES = 0x2400
"""First of the Unicode pictures of control characters, such as ␛ for escape and ␇ for the bell."""
_DELETE = "\x7f"
# Line breaks, tabs, and the joiners of letters and emojis (U+200C, U+200D) stay.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""Replace each control character and direction mark with one visible sign.

    >>> visible("done\x1b[2J\x07"), visible("a\u202eb"), visible("one\ntwo")
    ('done␛[2J␇', 'a�b', 'one\ntwo')
    """
    return _CONTROLS.sub(_mark, text)


def in_one_line(text: str) -> str:
    r"""Do the same, and put the text on one line.

    >>> in_one_line("a\n\\input{b}")
    'a \\input{b}'
    """
    return " ".join(visible(text).split())


def _mark(match: re.Match[str]) -> str:
    letter = match[0]
    if letter == _DELETE:
        return "\u2421"
    if ord(letter) < 0x20:
        return chr(_PICTURES + ord(letter))
    return "\ufffd"
