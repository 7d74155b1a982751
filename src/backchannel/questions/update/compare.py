"""Compare two states of a case: after news, or after a change of its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from backchannel.case.compare import Difference, compare_cases
from backchannel.ensemble.ensemble import check_possible
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.claims.ask import judge_case
from backchannel.questions.claims.verdicts import Claims
from backchannel.questions.update.ask import (
    NewsSurprise,
    NodeMove,
    Shift,
    node_moves,
    shifts,
    surprises,
    with_record,
)
from backchannel.wording.result import Result


@dataclass(frozen=True)
class Update(Result):
    """Two states of a case, and what moved between them."""

    earlier: SolvedCase
    study: Any
    """The later state: a `Study`, which can be asked on."""
    news: Sequence[Mapping[str, Any]]
    """Entries of the record that are new, with the keys of the file."""
    moves: Sequence[NodeMove]
    """Every forecast before and after, farthest moved first."""
    shifts: Sequence[Shift]
    """Assumptions that the news made look different."""
    claims: tuple[Claims, Claims]
    """Verdicts before and after."""
    surprises: Sequence[NewsSurprise]
    """How likely the news was, to whom."""
    differences: Sequence[Difference]
    """What differs in the text of the case."""

    def to_frame(self) -> pd.DataFrame:
        """One row a value of a node: before and after, farthest first."""
        rows = [
            {
                "node": move.node,
                "value": value,
                "before": float(move.before.mean[i]),
                "after": float(move.after.mean[i]),
                "change": float(move.after.mean[i] - move.before.mean[i]),
            }
            for move in self.moves
            for i, value in enumerate(move.after.domain)
        ]
        return pd.DataFrame(rows, columns=["node", "value", "before", "after", "change"])


def compare_states(
    earlier: SolvedCase, later: SolvedCase, *, news: Sequence[Mapping[str, Any]] = ()
) -> Update:
    """Find out what moved between two states of a case.

    Where they differ in the record alone, the later one takes the earlier one's solved draws over.

    Args:
        earlier: The state before.
        later: The state after.
        news: The entries of the record that are new, with the keys of the file.
    """
    if _is_same_game(earlier, later):
        weighed = with_record(earlier.ensemble, later.lowered.record)
        check_possible(weighed)
        later.adopt(weighed)
    known = earlier.lowered.record
    added = [entry for entry in later.lowered.record if entry not in known] if news else []
    shared = later.ensemble.numbers is earlier.ensemble.numbers
    return Update(
        earlier,
        later,
        news=[dict(entry) for entry in news],
        moves=node_moves(earlier.ensemble, later.ensemble),
        shifts=shifts(earlier.ensemble, later.ensemble) if shared else (),
        claims=(judge_case(earlier), judge_case(later)),
        surprises=surprises(earlier.ensemble, added) if added else (),
        differences=compare_cases(earlier.lowered.case, later.lowered.case),
    )


def _is_same_game(one: SolvedCase, other: SolvedCase) -> bool:
    mine, theirs = one.lowered, other.lowered
    return (
        (one.draws, one.seed) == (other.draws, other.seed)
        and mine.diagram == theirs.diagram
        and mine.beliefs == theirs.beliefs
        and mine.priors == theirs.priors
        and mine.correlations == theirs.correlations
    )
