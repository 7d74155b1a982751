"""Which disagreement between two versions of a case moves an answer: its Shapley share of the whole difference.

The disagreements are switched, in groups that keep every mixture a case, from the first version to the second: each
set of them is solved in the same draws. A group's share is what it adds to the answer, averaged over all orders in
which the groups can be switched (Shapley 1953). So both versions are treated alike, and the shares add up to the
difference between the two answers. One group switched alone in the first version is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from backchannel.case.lowered import Lowered
from backchannel.case.mixtures import groups_of
from backchannel.case.versions import Versions
from backchannel.ensemble.weighted import mean
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, Value
from backchannel.machine.reports import Progress
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.merge.mixtures import Group, Mixtures, fewer_groups, valid_groups
from backchannel.questions.statistics.shapley import MemberSet, ShapleyDesign, shapley_design
from backchannel.wording.result import Result

if TYPE_CHECKING:
    import pandas as pd

MERGE_DRAWS = 256
"""Draws in which mixtures are solved: the first ones."""
RESAMPLES = 200
SEED = 20250715
"""Of the bootstrap, so that the same files give the same errors."""


@dataclass(frozen=True)
class SwitchedGroup:
    """What one group of disagreements does to the answer."""

    entries: Group
    share: Float[np.ndarray, " value"]
    """Its Shapley share of the difference between the two answers, for each value of the outcome."""
    error: Float[np.ndarray, " value"]
    """Standard error of the share over draws, by a paired bootstrap."""
    alone: Float[np.ndarray, " value"]
    """The difference where it alone is switched in the first version."""

    @property
    def distance(self) -> float:
        """Total variation distance of its share."""
        return float(np.abs(self.share).sum() / 2)


@dataclass(frozen=True)
class MergeEffects:
    """How the disagreements move one outcome."""

    node: NodeName
    domain: tuple[Value, ...]
    first: Forecast
    second: Forecast
    """All disagreements switched, in the draws of the first version."""
    groups: Sequence[SwitchedGroup]
    """Those that move the outcome most first."""
    n_draws: int
    are_merged: bool
    """Whether some groups had to be switched together, because a mixture of them was no valid case."""


@dataclass(frozen=True)
class Merge(Result):
    """Two versions compared."""

    versions: Versions
    names: tuple[str, str]
    has_base: bool
    effects: MergeEffects | None
    """`None` where nothing that they disagree on can move an answer, or the outcome is not in both."""
    why_not: str = ""
    """Why there are no effects, where that is not plain."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each disagreement."""
        import pandas as pd

        rows = [
            {
                "kind": one.kind,
                "where": one.where,
                self.names[0]: one.first,
                self.names[1]: one.second,
                "changed by": one.changed_by,
            }
            for one in self.versions.disagreements
        ]
        return pd.DataFrame(rows, columns=["kind", "where", *self.names, "changed by"])


def switch_effects(
    versions: Versions,
    first: Lowered,
    second: Lowered,
    node: NodeName,
    *,
    draws: int,
    seed: int,
    progress: Progress,
) -> MergeEffects | None:
    """Find how the disagreements move a node.

    Args:
        versions: The comparison.
        first: The version in whose draws everything is solved.
        second: The other.
        node: The outcome, which both have with the same values.
        draws: How many draws.
        seed: Of the draws.
        progress: Shows how many equilibria are solved.
    """
    groups = [tuple(group) for group in groups_of(versions, first.case, second.case)]
    if not groups:
        return None
    solver = Mixtures(first, second, node, draws, seed, progress)
    groups, are_merged = valid_groups(solver, groups)
    groups = fewer_groups(solver, groups)
    labels = [str(i) for i in range(len(groups))]
    design = shapley_design(labels)
    solved = {
        members: solver.forecast([path for i in sorted(members) for path in groups[int(i)]])
        for members in design.sets
    }
    nobody, everybody = solved[frozenset()], solved[frozenset(labels)]
    shares = design.coefficients @ np.array([solved[members].mean for members in design.sets])
    errors = _errors(design, solved)
    effects = [
        SwitchedGroup(group, shares[i], errors[i], solved[frozenset({str(i)})].mean - nobody.mean)
        for i, group in enumerate(groups)
    ]
    return MergeEffects(
        node=node,
        domain=nobody.domain,
        first=nobody,
        second=everybody,
        groups=sorted(effects, key=lambda effect: -effect.distance),
        n_draws=draws,
        are_merged=are_merged,
    )


def _errors(
    design: ShapleyDesign, solved: Mapping[MemberSet, Forecast]
) -> Float[np.ndarray, "member value"]:
    """Standard errors of the shares: every set is taken over the same resampled draws."""
    generator = np.random.default_rng(SEED)
    forecasts = [solved[members] for members in design.sets]
    n_draws = len(forecasts[0].weights)
    means: Callable[[np.ndarray], np.ndarray] = lambda times: np.array(  # noqa: E731
        [mean(one.per_draw, one.weights * times) for one in forecasts]
    )
    shares = []
    for _ in range(RESAMPLES):
        times = np.bincount(generator.integers(n_draws, size=n_draws), minlength=n_draws)
        if all((one.weights * times > 0).any() for one in forecasts):
            shares.append(design.coefficients @ means(times))
    if len(shares) < 2:
        raise CommandError(
            "Too few draws match the records of both versions to compare them. Take more draws (--draws)."
        )
    return np.std(np.array(shares), axis=0, ddof=1)
