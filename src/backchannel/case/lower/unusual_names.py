"""Names of a form that no expression can use: they are reported once, and the rest is checked."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backchannel.language.expressions import Expression, rename

_OF_THE_LANGUAGE = frozenset({"and", "or", "not", "in", "is", "if", "else", "for", "lambda"})
"""Words that stay what they are in an expression, even if a node has their name."""


@dataclass(frozen=True)
class UnusualNames:
    """The unusual names of a case, each with a usual one of the same length."""

    usual: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def among(names: Iterable[str]) -> UnusualNames:
        """Collect those of the names that an expression cannot use."""
        odd = [n for n in names if keyword.iskeyword(n) or not n.isidentifier()]
        return UnusualNames({name: _usual(name) for name in odd if name})

    def readable(self, text: Any) -> Any:
        """Replace the unusual names in an expression; texts in quotes stay."""
        if not self.usual or not isinstance(text, str):
            return text
        names = [
            # Words of the language are names only before the sign of a comparison.
            re.escape(name) + (r"(?=\s*[=!<>])" if name in _OF_THE_LANGUAGE else "")
            for name in sorted(self.usual, key=len, reverse=True)
        ]
        pattern = rf"('[^']*'|\"[^\"]*\")|(?<!\w)({'|'.join(names)})(?!\w)"
        return re.sub(pattern, lambda match: match[1] or self.usual[match[2]], text)

    def renamed_back(self, expression: Expression) -> Expression:
        """Give the nodes of an expression their unusual names again."""
        if not self.usual:
            return expression
        return rename(expression, {usual: name for name, usual in self.usual.items()})

    def is_in(self, text: Any) -> bool:
        """Say whether an expression may use one of the names."""
        return isinstance(text, str) and any(name in text for name in self.usual)


def _usual(name: str) -> str:
    letters = re.sub(r"\W", "_", name)
    return ("_" + letters[1:]) if not name[0].isalpha() else f"{letters[:-1]}_"
