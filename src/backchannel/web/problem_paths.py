"""Which value of a case a problem is about: the path of its keys, by the place of the problem in the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from backchannel.case.read.document import Document, KeyPath
from backchannel.language.errors import Problem
from backchannel.web.message_parts import TextProblem


def located(problems: Iterable[Problem], document: Document | None) -> list[TextProblem]:
    """The problems of a text, each with the path of the value that it is about, if the text could be read.

    A problem inside an expression has the path of the expression. A problem that concerns the whole text has none.
    """
    listed = list(problems)
    places, paths = _places(document) if listed and document else ([], [])
    made = []
    for problem in listed:
        here = (problem.place.line, problem.place.column)
        index = bisect_right(places, here) if problem.place.line else 0
        path = [_part(part) for part in (paths[index - 1] if index else ())]
        made.append(TextProblem(line=here[0], column=here[1], message=problem.short, path=path))
    return made


def _part(key: object) -> str | int:
    """A key, or a position in a list; keys that are no whole numbers are text."""
    return key if isinstance(key, int) and not isinstance(key, bool) else str(key)


def _places(document: Document) -> tuple[list[tuple[int, int]], list[KeyPath]]:
    """The places where keys and values begin, in order, and the path of each."""
    path_at: dict[tuple[int, int], KeyPath] = {}
    # A key tells more than the mapping that begins with it.
    for starts in (document.values, document.keys):
        for path, place in starts.items():
            here = (place.line, place.column)
            if starts is document.keys or len(path) > len(path_at.get(here, ())):
                path_at[here] = path
    places = sorted(path_at)
    return places, [path_at[here] for here in places]
