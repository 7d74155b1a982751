"""What `Study.rivals` does."""

from __future__ import annotations

from collections.abc import Callable

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName
from backchannel.language.number_ranges import RIVAL_COUNT, USED_DRAWS
from backchannel.questions.composing import composing
from backchannel.questions.rivals.ask import MOST_RIVALS, compare_rivals
from backchannel.questions.rivals.compose import compose_rivals, rival_line
from backchannel.questions.rivals.results import RIVAL_DRAWS, LeftOutRival, Rivals, SolvedRival
from backchannel.wording.result import with_words
from backchannel.wording.words import Wording


def rivals(
    case: SolvedCase,
    node: NodeName | None = None,
    *,
    draws: int = RIVAL_DRAWS,
    most: int = MOST_RIVALS,
    written: bool = False,
    tell: Callable[[str], object] | None = None,
) -> Rivals:
    """Solve the rivals of a case, and weigh them by the record."""
    node = case.lowered.first_question if node is None else node
    case.check_node(node)
    wording = Wording(case.lowered)

    def told(own: SolvedRival, result: SolvedRival | LeftOutRival) -> None:
        if tell is not None:
            tell(rival_line(wording, node, own, result))

    compared = compare_rivals(
        case,
        node,
        draws=USED_DRAWS.read_whole(draws, "draws"),
        most=RIVAL_COUNT.read_whole(most, "most"),
        written_only=written,
        tell=told,
    )
    return with_words(compared, lambda it: compose_rivals(composing(case), it))
