"""Text that can be shown anywhere: signs that steer a terminal or turn text around become marks.

Names and labels come from files of other people. An escape sequence in one could clear the screen,
change the window's title or hide what stands before it; a bidirectional override makes text read
otherwise than it is written.
"""

from __future__ import annotations

import re

_PICTURES = 0x2400
"""Where Unicode keeps a picture for each control character: ␛ for escape, ␇ for the bell."""
_DELETE = "\x7f"
# Not among them: line breaks, tabs, and what joins letters and emojis (U+200C, U+200D).
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""Show signs that steer as marks of one character; everything else stays as it is.

    >>> visible("done\x1b[2J\x07"), visible("a\u202eb"), visible("one\ntwo")
    ('done␛[2J␇', 'a�b', 'one\ntwo')
    """
    return _STEERING.sub(_mark, text)


def in_one_line(text: str) -> str:
    r"""The same on one line, for places that a line break would end.

    >>> in_one_line("a\n\\input{b}")
    'a \\input{b}'
    """
    return " ".join(visible(text).split())


def _mark(found: re.Match[str]) -> str:
    letter = found[0]
    if letter == _DELETE:
        return "\u2421"
    if ord(letter) < 0x20:
        return chr(_PICTURES + ord(letter))
    return "\ufffd"
