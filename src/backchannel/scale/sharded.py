"""All draws of a run that was solved in shards: the same forecasts and comparisons, one at a time in memory.

Nothing is approximated: a forecast's mean and quantiles are taken over all draws, of which only the columns of that
forecast are read. A million draws of a node with three values take 24 MB.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from backchannel.case.lower.named import check_node
from backchannel.case.lowered import Lowered
from backchannel.ensemble.ensemble import FEWEST_CONVERGED
from backchannel.ensemble.weighted import effective_size, weights_from_logs
from backchannel.language.errors import CommandError, ConvergenceError, RecordError
from backchannel.language.names import NodeName, ParameterName
from backchannel.questions.forecast.ask import Forecast
from backchannel.questions.what_if.results import Comparison
from backchannel.scale.columns import (
    CONVERGED,
    LOG_LIKELIHOOD,
    ComparisonColumns,
    ForecastColumns,
    comparison_columns,
    forecast_columns,
)
from backchannel.scale.compose import compose_sharded_forecast, compose_sharded_what_if
from backchannel.scale.document import ShardedAnswers
from backchannel.scale.store import ShardStore
from backchannel.wording.percents import percent
from backchannel.wording.pieces import clean
from backchannel.wording.result import Result, with_words
from backchannel.wording.words import Wording

if TYPE_CHECKING:
    import pandas as pd


class ShardedDraws(Result):
    """The draws of a case in a folder of shards."""

    def __init__(self, lowered: Lowered, store: ShardStore) -> None:
        self.lowered, self.store = lowered, store

    @property
    def n_draws(self) -> int:
        """How many draws there are."""
        return self.store.plan.draws

    @cached_property
    def converged(self) -> Bool[np.ndarray, " draw"]:
        """Draws whose play may be used."""
        return self.store.read([CONVERGED])[CONVERGED]

    @cached_property
    def weights(self) -> Float[np.ndarray, " draw"]:
        """Each draw's weight given the record, relative to the largest.

        Raises:
            ConvergenceError: Too few draws converged.
            RecordError: The record has probability 0 in every draw.
        """
        logs = self.store.read([LOG_LIKELIHOOD])[LOG_LIKELIHOOD]
        share = float(self.converged.mean())
        if share < FEWEST_CONVERGED:
            raise ConvergenceError(f"Only {percent(share)} of the draws converged.")
        weights = weights_from_logs(np.where(self.converged, logs, -np.inf))
        if not (weights > 0).any():
            raise RecordError(0, "the record has probability 0 in every draw.")
        return weights

    @property
    def effective_draws(self) -> float:
        """Effective sample size of the weights."""
        return effective_size(self.weights)

    def number(self, name: ParameterName) -> Float[np.ndarray, " draw"]:
        """One number of the case in every draw.

        Raises:
            CommandError: The case has no such number.
        """
        if name not in self.lowered.priors:
            raise CommandError(f"The case has no number '{name}'.")
        return self.store.read([name])[name]

    def forecast(self, node: NodeName) -> Forecast:
        """Forecast a node given the record, with the base rates pooled.

        Raises:
            CommandError: There is no such node.
        """
        check_node(self.lowered.case, self.lowered.diagram, node)
        view = self._forecast(forecast_columns(self.lowered, node), self.converged)
        return with_words(view, lambda it: compose_sharded_forecast(self._wording, it))

    def what_ifs(self) -> list[tuple[str, NodeName]]:
        """The what-ifs that were solved: those of the case's questions, with their outcomes."""
        return [
            (question.what_if, node)
            for question in self.lowered.questions
            if question.kind == "what_if"
            for node, _ in question.outcomes
        ]

    def what_if(self, name: str, outcome: NodeName) -> Comparison:
        """Compare an outcome with and without an intervention of the case's questions.

        Raises:
            CommandError: No question of the case asks this.
        """
        if (name, outcome) not in self.what_ifs():
            known = "; ".join(f"{asked} for {node}" for asked, node in self.what_ifs()) or "none"
            raise CommandError(f"No question asks '{name}' for '{outcome}'. Solved are: {known}.")
        keys = comparison_columns(self.lowered, name, outcome)
        question = next(q for q in self.lowered.questions if q.what_if == name)
        told = self.store.read([keys.converged, keys.cut, keys.omits])
        both, cut = told[keys.converged], int(told[keys.cut][0])
        before = self._forecast(keys.before, self.converged)
        after = self._forecast(keys.after, both)
        compared = Comparison(
            intervention=self.lowered.interventions[question.intervention],
            before=before,
            after=after,
            cut=date.fromordinal(cut) if cut else None,
            independent=self._independent(keys, after, both),
            omits_base_rates=bool(told[keys.omits][0]),
        )
        return with_words(compared, lambda it: compose_sharded_what_if(self._wording, name, it))

    def to_frame(self) -> pd.DataFrame:
        """Every forecast and comparison, one row for each value; `what if` is empty for a forecast."""
        import pandas as pd

        forecasts = [self.forecast(node).to_frame() for node in self.lowered.diagram.order]
        compared = [
            self.what_if(name, node).to_frame().assign(**{"node": node, "what if": name})
            for name, node in self.what_ifs()
        ]  # fmt: skip
        return pd.concat([*forecasts, *compared], ignore_index=True)

    def document(self) -> ShardedAnswers:
        """Every forecast of an open node and every comparison, in the words of the case."""
        return ShardedAnswers(
            case=self.lowered.case.case,
            draws=self.n_draws,
            seed=self.store.plan.seed,
            effective_draws=clean(self.effective_draws),
            left_out=clean(1 - self.converged.mean()),
            forecasts=[self.forecast(node).document() for node in self.lowered.ahead],
            what_ifs=[self.what_if(*asked).document() for asked in self.what_ifs()],
        )

    @property
    def _wording(self) -> Wording:
        return Wording(self.lowered)

    def _independent(
        self, keys: ComparisonColumns, after: Forecast, both: np.ndarray
    ) -> Forecast | None:
        other = self._forecast(keys.independent, both)
        same = np.array_equal(other.per_draw, after.per_draw, equal_nan=True)
        return None if same else other

    def _forecast(self, keys: ForecastColumns, converged: np.ndarray) -> Forecast:
        per_draw = np.column_stack([*self.store.read(keys.names).values()])
        usable = self.weights * converged * np.isfinite(per_draw).all(axis=1)
        return Forecast(
            node=keys.node,
            domain=keys.domain,
            per_draw=per_draw,
            weights=usable,
            left_out=float(1.0 - converged.mean()),
        )
