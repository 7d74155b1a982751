"""Mixtures of two versions of a case: which groups of disagreements are switched, and the forecast in each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backchannel.case.lowered import Lowered
from backchannel.case.mixtures import is_case, lower_mixture
from backchannel.case.versions import EntryPath
from backchannel.ensemble.ensemble import Ensemble, check_possible
from backchannel.ensemble.solve import solve_draws
from backchannel.language.names import NodeName
from backchannel.machine.reports import Progress
from backchannel.questions.forecast.ask import Forecast, forecast
from backchannel.questions.update.ask import with_record

MOST_GROUPS = 6
"""Groups whose every set is solved; where there are more, those that move least alone are one group."""

Group = tuple[EntryPath, ...]


class Mixtures:
    """Mixtures of two versions, each solved once; those with the same game share its draws."""

    def __init__(
        self,
        first: Lowered,
        second: Lowered,
        node: NodeName,
        draws: int,
        seed: int,
        progress: Progress,
    ) -> None:
        self._first, self._second, self._node = first, second, node
        self._draws, self._seed, self._progress = draws, seed, progress
        self._games: list[tuple[Lowered, Ensemble]] = []
        self._known: dict[frozenset[EntryPath], Forecast] = {}

    def is_case(self, groups: Sequence[Group]) -> bool:
        """Whether a mixture is a valid case."""
        return is_case(self._first, self._second, [path for group in groups for path in group])

    def forecast(self, taken: Sequence[EntryPath]) -> Forecast:
        """The forecast of the outcome in a mixture."""
        key = frozenset(taken)
        if key not in self._known:
            self._known[key] = forecast(
                self._solved(lower_mixture(self._first, self._second, taken)), self._node
            )
        return self._known[key]

    def _solved(self, lowered: Lowered) -> Ensemble:
        for known, ensemble in self._games:
            if _is_same_game(known, lowered):
                reweighted = with_record(ensemble, lowered.record)
                check_possible(reweighted)
                return reweighted
        ensemble = solve_draws(lowered, self._draws, seed=self._seed, progress=self._progress)
        self._games.append((lowered, ensemble))
        return ensemble


def _is_same_game(one: Lowered, other: Lowered) -> bool:
    return (
        one.diagram == other.diagram
        and one.beliefs == other.beliefs
        and one.priors == other.priors
        and one.correlations == other.correlations
        and one.base_rates == other.base_rates
    )


def valid_groups(solver: Mixtures, groups: list[Group]) -> tuple[list[Group], bool]:
    """Join groups until switching each of them alone, in either version, gives a valid case."""

    if all(
        solver.is_case([group])
        and solver.is_case([other for other in groups if other is not group])
        for group in groups
    ):
        return groups, False
    apart = [group for group in groups if {path[0] for path in group} <= {"record", "as_of"}]
    rest = tuple(path for group in groups if group not in apart for path in group)
    joined = [rest, *apart] if rest else apart
    if all(
        solver.is_case([group]) and solver.is_case([o for o in joined if o is not group])
        for group in joined
    ):
        return joined, True
    return [tuple(path for group in groups for path in group)], True


def fewer_groups(solver: Mixtures, groups: list[Group]) -> list[Group]:
    """Join the groups that move the outcome least alone, where there are too many."""
    if len(groups) <= MOST_GROUPS:
        return groups
    base = solver.forecast([]).mean
    alone = [float(np.abs(solver.forecast(group).mean - base).sum()) for group in groups]
    order = sorted(range(len(groups)), key=lambda i: -alone[i])
    kept = [groups[i] for i in order[: MOST_GROUPS - 1]]
    return [*kept, tuple(path for i in order[MOST_GROUPS - 1 :] for path in groups[i])]
