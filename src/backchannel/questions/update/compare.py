"""Compare two states of a case, before and after news or a change of the case file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backchannel.case.compare import Difference, compare_cases
from backchannel.ensemble.ensemble import check_possible
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.claims.ask import judge_case
from backchannel.questions.claims.verdicts import Claims
from backchannel.questions.update.ask import (
    NewsSurprise,
    NodeChange,
    UpdatedAssumption,
    node_changes,
    shifts,
    surprises,
    with_record,
)
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Update(Result):
    """Two states of a case, and what changed between them."""

    earlier: SolvedCase
    study: Any
    """The later state: a `Study`, which can be asked further questions."""
    news: Sequence[Mapping[str, Any]]
    """Entries of the record that are new, with the keys of the file."""
    changes: Sequence[NodeChange]
    """Every forecast before and after, largest change first."""
    shifts: Sequence[UpdatedAssumption]
    """Assumptions whose distribution changed."""
    claims: tuple[Claims, Claims]
    """Verdicts before and after."""
    surprises: Sequence[NewsSurprise]
    """How likely the news was, in the true case and to each player."""
    differences: Sequence[Difference]
    """Differences between the two case files."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each value of each node: before and after, largest change first."""
        import pandas as pd

        rows = [
            {
                "node": change.node,
                "value": value,
                "before": float(change.before.mean[i]),
                "after": float(change.after.mean[i]),
                "change": float(change.after.mean[i] - change.before.mean[i]),
            }
            for change in self.changes
            for i, value in enumerate(change.after.domain)
        ]
        return pd.DataFrame(rows, columns=["node", "value", "before", "after", "change"])


def compare_states(
    earlier: SolvedCase, later: SolvedCase, *, news: Sequence[Mapping[str, Any]] = ()
) -> Update:
    """Find out what changed between two states of a case.

    If they differ in the record alone, the later state uses the earlier state's solved draws.

    Args:
        earlier: The state before.
        later: The state after.
        news: The entries of the record that are new, with the keys of the file.
    """
    if _is_same_game(earlier, later):
        reweighted = with_record(earlier.ensemble, later.lowered.record)
        check_possible(reweighted)
        later.adopt(reweighted)
    known = earlier.lowered.record
    added = [entry for entry in later.lowered.record if entry not in known] if news else []
    shared = later.ensemble.numbers is earlier.ensemble.numbers
    return Update(
        earlier,
        later,
        news=[dict(entry) for entry in news],
        changes=node_changes(earlier.ensemble, later.ensemble),
        shifts=shifts(earlier.ensemble, later.ensemble) if shared else (),
        claims=(judge_case(earlier), judge_case(later)),
        surprises=surprises(earlier.ensemble, added) if added else (),
        differences=compare_cases(earlier.lowered.case, later.lowered.case),
    )


def _is_same_game(earlier: SolvedCase, later: SolvedCase) -> bool:
    before, after = earlier.lowered, later.lowered
    return (
        (earlier.draws, earlier.seed) == (later.draws, later.seed)
        and before.diagram == after.diagram
        and before.beliefs == after.beliefs
        and before.priors == after.priors
        and before.correlations == after.correlations
        and before.base_rates == after.base_rates
    )
