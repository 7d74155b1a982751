"""A living case: what moved between two of its states, and what to watch next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from backchannel.answers import worded
from backchannel.case.compare import compare_cases
from backchannel.ensemble.ensemble import Ensemble, check_possible
from backchannel.language.names import NodeName
from backchannel.questions.update.ask import shifts, surprises, with_record
from backchannel.questions.update.compose import compose_moved
from backchannel.questions.update.document import Moved
from backchannel.questions.watch.ask import watch
from backchannel.questions.watch.compose import compose_watch
from backchannel.questions.watch.document import Watch
from backchannel.wording.words import Wording


class Solved(worded.Solved, Protocol):
    """What is needed of a study."""

    @property
    def draws(self) -> int: ...
    @property
    def seed(self) -> int: ...
    def adopt(self, ensemble: Ensemble) -> None: ...


@dataclass(frozen=True)
class Update:
    """A case after news or after a change of its text, and what moved."""

    study: Any
    """The later state, a `Study`."""
    moved: Moved

    def to_frame(self) -> pd.DataFrame:
        """One row a value of a node: before and after, farthest first."""
        rows = [
            {
                "node": node.node,
                "value": value.value,
                "before": value.before,
                "after": value.after,
                "change": value.after - value.before,
            }
            for node in self.moved.forecasts
            for value in node.values
        ]
        return pd.DataFrame(rows, columns=["node", "value", "before", "after", "change"])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.3f}".format)


def moved_between(
    earlier: Solved, later: Solved, *, news: Sequence[Mapping[str, Any]] = ()
) -> Moved:
    """Say what moved between two states of a case.

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
    return compose_moved(
        Wording(later.lowered),
        earlier.ensemble,
        later.ensemble,
        (worded.worded_claims(earlier), worded.worded_claims(later)),
        question=later.lowered.first_question,
        shifts=shifts(earlier.ensemble, later.ensemble) if shared else (),
        surprises=surprises(earlier.ensemble, added) if added else (),
        news=[dict(entry) for entry in news],
        differences=compare_cases(earlier.lowered.case, later.lowered.case),
    )


def indicators(study: Solved, about: NodeName | None = None) -> Watch:
    """Rank what can still be seen by what it would teach about a node."""
    lowered = study.lowered
    node = lowered.first_question if about is None else about
    found = watch(study.ensemble, node, after=lowered.case.as_of)
    return compose_watch(Wording(lowered), study.ensemble, node, found)


def _is_same_game(one: Solved, other: Solved) -> bool:
    mine, theirs = one.lowered, other.lowered
    return (
        (one.draws, one.seed) == (other.draws, other.seed)
        and mine.diagram == theirs.diagram
        and mine.beliefs == theirs.beliefs
        and mine.priors == theirs.priors
        and mine.correlations == theirs.correlations
    )
