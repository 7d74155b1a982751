r"""The likelihood of plays, and its exact gradient through everyone's play.

Rows with the same numbers share one equilibrium, which is found once for all of them; each row then
asks it for the probability of what was seen of that play. Slopes go through the fixed points by the
implicit function theorem (`fixed_point`). They are pushed forward, one number at a time, where many
rows share few equilibria, and pulled back where nearly every row has its own; either way row by row,
because errors of estimates need each row's own. Nodes that were not observed are summed out.

Source: Griewank & Walther (2008), ch. 3, for the two directions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Bool, Float, Int

from backchannel.diagram.beliefs import Belief
from backchannel.equilibrium.compiling import PLAIN_LOOPS, processor_options
from backchannel.estimation.distinct_rows import DistinctRows, distinct_rows
from backchannel.estimation.play_record import PlayRecord
from backchannel.estimation.principal_play import PrincipalPlay
from backchannel.estimation.traced_play import Plays
from backchannel.estimation.typed_play import TypedPlay
from backchannel.language.names import NodeName, ParameterName
from backchannel.language.priors import Prior
from backchannel.machine.memory import NUMBER, claim
from backchannel.tensors.game import Game


@dataclass(frozen=True)
class RowValues:
    """What one evaluation gives, row by row."""

    log: Float[np.ndarray, " row"]
    """Log likelihood of what was observed; minus infinity where the play is impossible."""
    slope: Float[np.ndarray, "row number"]
    """Its derivative by each free number of the row."""
    settled: Bool[np.ndarray, " row"]
    """Rows whose equilibrium, and whose derivative, were found."""


class Likelihood:
    """The log likelihood of a data set as a function of each row's free numbers, compiled once."""

    def __init__(
        self,
        game: Game,
        free: Sequence[ParameterName],
        evidence: Mapping[NodeName, Float[np.ndarray, "row value"]],
        *,
        beliefs: Sequence[Belief] = (),
        types: Mapping[ParameterName, Prior] | None = None,
        alike: Int[np.ndarray, " row"] | None = None,
    ) -> None:
        """Prepare.

        Args:
            game: The case compiled with one draw: the numbers that are not free.
            free: Numbers that differ from row to row or are to be estimated.
            evidence: For each node observed in some row, the likelihood of what was seen given
                each of its values; ones where nothing was seen.
            beliefs: Who errs about what.
            types: By number that is a player's type, how it is distributed; types are summed out.
            alike: A label a row; rows with one label always have the same numbers. All differ, if
                left out.
        """
        self._made_from = (game, tuple(free), evidence, tuple(beliefs), types, alike)
        self.game = game
        self.free = tuple(free)
        self.types = dict(types or {})
        """The types that are summed out."""
        self.play = TypedPlay(game, beliefs, free, self.types)
        self.distinct: DistinctRows = distinct_rows(evidence, alike, len(self.free))
        self.pushes = self.distinct.is_shared or self.play.is_large or self.play.repeats
        """Slopes are pushed forward; those of large systems and of repeated passes cannot be pulled back."""
        self.record = PlayRecord(
            game, {n: np.asarray(t)[self.distinct.first] for n, t in evidence.items()}
        )
        self._claim()
        self.begin_again()

    def __reduce__(self) -> Any:
        # Programs are compiled where they run.
        return _likelihood_from, self._made_from

    def begin_again(self) -> None:
        """Forget what was played last, so that what follows depends on nothing that came before."""
        self.start: Plays = self.play.uniform(len(self.distinct.solved))
        self._principal: PrincipalPlay | None = None
        self.newton = False
        """Write large linear systems out, which is done once sweeps did not converge."""

    def _claim(self) -> None:
        """Check that there is memory to evaluate all rows at once, with their slopes."""
        plans = [sweep.plan for part in self.play.parts for sweep in part.sweeps]
        passed = sum(plan.size(plan.scopes[step.out]) for plan in plans for step in plan.steps)
        record = self.record.plan
        read = sum(record.size(record.scopes[step.out]) for step in record.steps)
        free, rows = len(self.free), self.distinct.count
        # Slopes need all that was passed through, and take as much again as what they are slopes of.
        cells = rows * (2 * read + free) + len(self.distinct.solved) * (2 * passed + free**2)
        claim(
            NUMBER * cells,
            f"Fitting {rows:,} rows that differ",
            "Fit fewer rows, or remove nodes that many others depend on.",
        )

    @property
    def joint(self) -> tuple[NodeName, ...]:
        """Decisions whose rules need each other."""
        return self.play.joint

    def __call__(self, numbers: Float[np.ndarray, "row number"]) -> RowValues:
        """Evaluate at some numbers; iterations start from the play found last."""
        rows = self.distinct
        own = numbers[rows.first][rows.solved]
        with jax.enable_x64(True):
            log, slope, plays, settled = self._compiled(jnp.asarray(own), self.start, self.newton)
            falls_back = self.play.may_need_newton and not self.newton
            if falls_back and not np.asarray(settled).all():
                self.newton = True
                log, slope, plays, settled = self._compiled(jnp.asarray(own), self.start, True)
        if self.joint:
            self._start_from(plays, np.asarray(settled))
        is_found = np.asarray(settled)[rows.lot] & np.isfinite(slope).all(axis=1)
        return RowValues(
            np.asarray(log)[rows.copies], np.asarray(slope)[rows.copies], is_found[rows.copies]
        )

    def on_principal_branch(self, numbers: Float[np.ndarray, "row number"]) -> RowValues:
        """Evaluate at some numbers on the principal branch of these numbers, and not from the play found before.

        The solver finds the branch. Its play is kept for numbers nearby, such as those of a
        derivative's differences. Rows that the solver did not find, or whose play did not stay at
        the solver's, count as not converged.
        """
        if not self.joint:
            return self(numbers)
        rows = self.distinct
        own = numbers[rows.first][rows.solved]
        if self._principal is None or not self._principal.is_near(own):
            plays, on_branch = self.play.on_principal_branch(own)
            self._principal = PrincipalPlay(own, plays, np.asarray(on_branch))
        principal = self._principal
        self.start = principal.plays
        values = self(numbers)
        stays = principal.found & principal.is_at(self.start)
        return replace(values, settled=values.settled & stays[rows.lot][rows.copies])

    def traced_log(self) -> Callable[[Any], Any]:
        """The log likelihood of the distinct rows, as a function that JAX can differentiate.

        It takes the numbers of the rows `first`. Iterations start from the play found last, and a
        row whose play is not found has minus infinity.
        """
        rows = self.distinct
        start = tuple({n: jnp.asarray(rule) for n, rule in rules.items()} for rules in self.start)

        def found(numbers: Any) -> tuple[Any, Any]:
            log, slope, _, settled = self._evaluate(numbers[rows.solved], start, self.newton)
            good = settled[rows.lot] & jnp.isfinite(slope).all(axis=1)
            return jnp.where(good, log, -jnp.inf), jnp.where(good[:, None], slope, 0.0)

        @jax.custom_vjp
        def log(numbers: Any) -> Any:
            return found(numbers)[0]

        log.defvjp(found, lambda slope, by: (by[:, None] * slope,))
        return log

    @cached_property
    def _compiled(self) -> Callable[..., Any]:
        return jax.jit(
            self._evaluate, static_argnums=2, compiler_options=processor_options(PLAIN_LOOPS)
        )

    def _evaluate(self, numbers: Any, start: Plays, newton: bool) -> tuple[Any, Any, Any, Any]:
        lot = self.distinct.lot

        def at(numbers: Any) -> tuple[Any, Any]:
            free = {name: numbers[:, i] for i, name in enumerate(self.free)}
            plays, settled = self.play(free, start, newton=newton)
            tables = self.play.parts[-1].traced.tables(free)["factor"]
            shares, truths = self.play.log_shares(free), self.play.truths(plays)
            logs = [self.record.log({**tables, **rules}, lot) for rules in truths]
            if len(logs) == 1:
                return logs[0], (plays, settled)
            weighed = [
                log + (share[lot] if len(jnp.shape(share)) and len(share) > 1 else share)
                for log, share in zip(logs, shares, strict=True)
            ]
            return jax.nn.logsumexp(jnp.stack(weighed), axis=0), (plays, settled)

        if not self.pushes:
            log, pull, (plays, settled) = jax.vjp(at, numbers, has_aux=True)
            return log, pull(jnp.ones_like(log))[0], plays, settled
        log, push, (plays, settled) = jax.linearize(at, numbers, has_aux=True)
        units = jnp.broadcast_to(jnp.eye(len(self.free))[:, None], (len(self.free), *numbers.shape))
        return log, lax.map(push, units).T, plays, settled

    def _start_from(self, plays: Plays, settled: np.ndarray) -> None:
        def chosen(new: Any, old: Any) -> np.ndarray:
            here = settled.reshape(-1, *(1,) * (np.ndim(new) - 1))
            return np.where(here, np.asarray(new), old)

        self.start = tuple(
            {name: chosen(rule, old[name]) for name, rule in new.items()}
            for new, old in zip(plays, self.start, strict=True)
        )


def _likelihood_from(
    game: Game,
    free: tuple[ParameterName, ...],
    evidence: Mapping[NodeName, np.ndarray],
    beliefs: tuple[Belief, ...],
    types: Mapping[ParameterName, Prior] | None,
    alike: np.ndarray | None,
) -> Likelihood:
    return Likelihood(game, free, evidence, beliefs=beliefs, types=types, alike=alike)
