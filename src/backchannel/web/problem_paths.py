"""Which value of a case a problem is about: the path of its keys, by the place of the problem in the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from backchannel.case.read.document import KeyPath, parse_tolerantly
from backchannel.language.errors import CaseError, Problem
from backchannel.web.message_parts import TextProblem


def located(problems: Iterable[Problem], text: str) -> list[TextProblem]:
    """The problems of a text, each with the path of the value that it is about.

    A problem inside an expression has the path of the expression. A problem that concerns the whole text has none.
    """
    places, paths = _places(text)
    made = []
    for problem in problems:
        here = (problem.place.line, problem.place.column)
        index = bisect_right(places, here) if problem.place.line else 0
        path = [_part(part) for part in (paths[index - 1] if index else ())]
        made.append(TextProblem(line=here[0], column=here[1], message=problem.short, path=path))
    return made


def _part(key: object) -> str | int:
    """A key, or a position in a list; keys that are no whole numbers are text."""
    return key if isinstance(key, int) and not isinstance(key, bool) else str(key)


def _places(text: str) -> tuple[list[tuple[int, int]], list[KeyPath]]:
    """The places where keys and values begin, in order, and the path of each."""
    try:
        document = parse_tolerantly(text)
    except CaseError:
        return [], []
    path_at: dict[tuple[int, int], KeyPath] = {}
    # A key tells more than the mapping that begins with it.
    for starts in (document.values, document.keys):
        for path, place in starts.items():
            here = (place.line, place.column)
            if starts is document.keys or len(path) > len(path_at.get(here, ())):
                path_at[here] = path
    places = sorted(path_at)
    return places, [path_at[here] for here in places]
