"""What is actually played, as a function of the numbers: belief models first, then the case itself.

A player who errs plans in its own model, and its rules are held fixed in whatever view takes them
from there; so the slopes of play by the numbers chain from view to view, innermost first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from backchannel.diagram.beliefs import Belief, Viewpoint, walk_beliefs
from backchannel.equilibrium.beliefs.models import build_models
from backchannel.equilibrium.beliefs.play import play
from backchannel.estimation.traced import TracedGame, TracedNumbers
from backchannel.estimation.traced_view import FEW, MOST, TracedRules, TracedView
from backchannel.language.names import NodeName, ParameterName
from backchannel.tensors.game import Game

Plays = tuple[TracedRules, ...]
"""Everyone's rules in every view, in the order in which views need each other; the true case is last."""


class TracedPlay:
    """Everyone's rules in every view, as a function of each row's free numbers."""

    def __init__(
        self,
        game: Game,
        beliefs: Sequence[Belief],
        free: Sequence[ParameterName],
        types: Mapping[ParameterName, float] | None = None,
    ) -> None:
        """Prepare.

        Args:
            game: The case compiled with one draw: the numbers that are not free.
            beliefs: Who errs about what.
            free: Numbers that differ from row to row or are to be estimated.
            types: The numbers that say of which type a player is; others are as in the game.
        """
        self.beliefs, self.free = tuple(beliefs), tuple(free)
        own = {name: np.array([value]) for name, value in (types or {}).items()}
        self.numbers = {**game.numbers, **own}
        self.diagram = game.diagram
        models = build_models(game.diagram, beliefs, self.numbers, free=frozenset(free))
        fixed = {name: value for name, value in self.numbers.items() if name not in self.free}
        said = {models.views[view]: (view, belief) for view, belief in walk_beliefs(beliefs)}
        place = {model: i for i, model in enumerate(models.distinct)}
        self.views: list[Viewpoint] = []
        self.parts: list[TracedView] = []
        for model in (*models.distinct, models.truth):
            view, belief = said.get(model, ((), Belief("")))
            about = model.about if view else models.believed
            self.views.append(view)
            self.parts.append(
                TracedView(
                    TracedGame(model, belief, fixed, frozenset(free)),
                    {player: (place[inner], inner) for player, inner in about.items()},
                )
            )

    @property
    def joint(self) -> tuple[NodeName, ...]:
        """Decisions whose rules need each other in some view."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.joint))

    @property
    def is_large(self) -> bool:
        """Some linear system is not written out from the first."""
        return any(part.size > FEW for part in self.parts)

    @property
    def may_need_newton(self) -> bool:
        """Sweeps alone are tried first, and all linear systems can be written out if they fail."""
        return self.is_large and all(part.size <= MOST for part in self.parts)

    def uniform(self, rows: int) -> Plays:
        """Uniform play, to start from."""
        return tuple(part.uniform(rows) for part in self.parts)

    def on_principal_branch(
        self, numbers: Float[np.ndarray, "row number"]
    ) -> tuple[Plays, Bool[np.ndarray, " row"]]:
        """Play as the solver finds it, and the rows in which it does."""
        own = {name: numbers[:, i] for i, name in enumerate(self.free)}
        rest = {n: v for n, v in self.numbers.items() if n not in own}
        solved = play(build_models(self.diagram, self.beliefs, {**rest, **own}))
        plays = [solved.nearest(view)[1].policies for view in self.views]
        return tuple({**rules} for rules in plays), solved.converged

    def __call__(self, free: TracedNumbers, start: Plays, *, newton: bool) -> tuple[Plays, Any]:
        """Everyone's rules in every view, and the rows in which they and their slopes are found.

        Args:
            free: The free numbers.
            start: Play to start from.
            newton: Write out the linear systems that are not too large.
        """
        played: list[TracedRules] = []
        converged: Any = True
        for part, begin in zip(self.parts, start, strict=True):
            rules, good = part.play(free, played, begin, newton=newton)
            played.append(rules)
            converged = converged & good
        return tuple(played), converged
