"""What `Study.branch` and `Study.equilibria` do."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.names import NodeName
from backchannel.language.number_ranges import (
    DRAW_FROM_0,
    MULTIPLE_RANGE,
    START_COUNT,
    USED_DRAWS,
)
from backchannel.questions.branches.ask import SEARCH_STARTS, find_equilibria, principal_branch
from backchannel.questions.branches.compose import view_branch, view_equilibria
from backchannel.questions.branches.results import Branch, Equilibria
from backchannel.questions.composing import composing
from backchannel.wording.result import with_words


def branch(
    case: SolvedCase, *, draw: int = 0, until: float = 1.0, nodes: Sequence[NodeName] = ()
) -> Branch:
    """Follow one draw's principal branch."""
    draw = DRAW_FROM_0.read_whole(draw, "draw")
    until = MULTIPLE_RANGE.read(until, "until")
    followed = principal_branch(case.ensemble, draw, until=until, nodes=nodes)
    return with_words(followed, lambda it: view_branch(it, composing(case).wording, tuple(nodes)))


def equilibria(
    case: SolvedCase, *, all: bool = False, starts: int = SEARCH_STARTS, draws: int | None = None
) -> Equilibria:
    """List each draw's principal equilibrium; with `all`, also others that a search finds."""
    starts = START_COUNT.read_whole(starts, "starts")
    draws = None if draws is None else USED_DRAWS.read_whole(draws, "draws")
    results = find_equilibria(
        case.ensemble, several=all, starts=starts, draws=draws, seed=case.seed
    )
    return with_words(results, lambda it: view_equilibria(it, composing(case).wording))
