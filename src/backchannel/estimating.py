"""The methods of a study that learn from tables of plays, or make one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from backchannel.asking import Asking
from backchannel.machine.memory import within_memory
from backchannel.workers.workers import on_own_workers

if TYPE_CHECKING:
    from backchannel import Evaluation, Fit, FlowFit, Prediction


@within_memory
@on_own_workers
class Estimating(Asking):
    """A case that can be fitted to plays, scored on plays, and played."""

    def fit(self, data: Any, **options: Any) -> Fit:
        """Find the maximum-likelihood estimates of the case's numbers from a table of plays.

        Args:
            data: A CSV or Parquet file, or a DataFrame: one row for each play, one column for each node.
            options: Fields of `estimation.fit_options.FitOptions`: `fixed`, `same`, `weights`, `clusters` ...

        Raises:
            CommandError: The table does not fit the case, or the plays do not identify the numbers.
        """
        from backchannel.estimation.compose import compose_fit
        from backchannel.estimation.fit import fit
        from backchannel.estimation.fit_options import FitOptions
        from backchannel.wording.result import with_words

        return with_words(
            fit(self.lowered, data, FitOptions(**options)),
            lambda fitted: compose_fit(fitted, case=self.name, data=_file_name(data)),
        )

    def predict(self, data: Any, new: Any, **options: Any) -> Prediction:
        """Fit the case to a table of plays, and predict the rows of another one.

        Args:
            data: The plays that it is fitted to.
            new: The rows that are predicted: a file or a DataFrame, with the covariates.
            options: As for `fit`.

        Raises:
            CommandError: A table does not fit the case, or no row can be predicted.
        """
        return self.fit(data, **options).predict(new)

    def evaluate(self, data: Any, **options: Any) -> Evaluation:
        """Score the case on rows that it has not seen, beside the base rate, logit and boosting.

        Args:
            data: A CSV or Parquet file, or a DataFrame: one row for each play.
            options: Fields of `estimation.evaluate.evaluation.EvaluateOptions`: `by` or `forward`, `folds` ...
                The options of `fit` are `fit=FitOptions(...)`.

        Raises:
            CommandError: The table does not fit the case, or cannot be cut as asked.
        """
        from backchannel.estimation.evaluate.ask import evaluate_case
        from backchannel.estimation.evaluate.compose import compose_evaluation
        from backchannel.estimation.evaluate.evaluation import EvaluateOptions
        from backchannel.wording.result import with_words

        return with_words(
            evaluate_case(self.lowered, data, EvaluateOptions(**options), self.progress),
            lambda evaluation: compose_evaluation(
                evaluation, self.lowered, case=self.name, data=_file_name(data)
            ),
        )

    def fit_flows(self, data: Any, good: str | None = None) -> FlowFit:
        """Estimate the routes of a good from monthly flows by partner; `.forecast(months)` forecasts the flows.

        Args:
            data: A CSV or Parquet file, or a DataFrame, with the columns `month`, `partner` and `eur`.
            good: The good in `trade`; needed only if the case has several.

        Raises:
            CommandError: The case has no such good, it cannot be fitted, or the table is wrong.
        """
        from backchannel.estimation.trade.ask import fit_good

        return fit_good(self.lowered, data, name=self.name, good=good)

    def simulate(self, n: int, *, seed: int = 0, **options: Any) -> Any:
        """Simulate `n` plays of the case, as a DataFrame; options as in `estimation.simulate.simulate`."""
        from backchannel.estimation.simulate import simulate

        return simulate(self.lowered, n, seed=seed, **options)[0]


def _file_name(data: Any) -> str:
    return Path(data).name if isinstance(data, str | Path) else ""
