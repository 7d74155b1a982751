"""Causal games of political bargaining: what next, what if, and why."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backchannel.answers.audit import Audit
    from backchannel.answers.brief import Brief
    from backchannel.answers.document import Answers
    from backchannel.answers.draw_table import DrawTable
    from backchannel.case.schema.case import Case
    from backchannel.estimation.evaluate.evaluation import Evaluation
    from backchannel.estimation.fit import Fit
    from backchannel.estimation.predict import Prediction
    from backchannel.estimation.trade.fitted import FlowFit, FlowForecast
    from backchannel.interop.game_tree import GameTree
    from backchannel.language.errors import (
        BackchannelError,
        CaseError,
        CommandError,
        ConvergenceError,
        ExpressionError,
        MechanismError,
        RecordError,
        TooLargeError,
    )
    from backchannel.ledger.ledger import Ledger
    from backchannel.notebook import ReportWidget
    from backchannel.questions.branches.results import Branch, Equilibria
    from backchannel.questions.claims.verdicts import Claims
    from backchannel.questions.deals.results import Deals
    from backchannel.questions.forecast.ask import Forecast
    from backchannel.questions.merge.ask import Merge
    from backchannel.questions.question import Question
    from backchannel.questions.reasoning.ask import LearnedTypes
    from backchannel.questions.registry import register
    from backchannel.questions.review.ask import Review
    from backchannel.questions.rivals.results import Rivals
    from backchannel.questions.rounds.ask import Rounds
    from backchannel.questions.scenarios.ask import Scenarios
    from backchannel.questions.sensitivity.ask import Sensitivity
    from backchannel.questions.sensitivity.inverse import Inverse
    from backchannel.questions.surprise.expectations import Surprise
    from backchannel.questions.update.compare import Update
    from backchannel.questions.watch.ask import Indicators
    from backchannel.questions.what_if.results import Comparison
    from backchannel.questions.why.decomposition import Decomposition
    from backchannel.questions.why.explainer import Explainer
    from backchannel.questions.why.results import Explanation
    from backchannel.scale.sharded import ShardedDraws
    from backchannel.study import Study

    __version__: str

_HOMES = {
    "Answers": "backchannel.answers.document",
    "Audit": "backchannel.answers.audit",
    "BackchannelError": "backchannel.language.errors",
    "Branch": "backchannel.questions.branches.results",
    "Brief": "backchannel.answers.brief",
    "Case": "backchannel.case.schema.case",
    "CaseError": "backchannel.language.errors",
    "Claims": "backchannel.questions.claims.verdicts",
    "CommandError": "backchannel.language.errors",
    "Comparison": "backchannel.questions.what_if.results",
    "ConvergenceError": "backchannel.language.errors",
    "Deals": "backchannel.questions.deals.results",
    "Decomposition": "backchannel.questions.why.decomposition",
    "DrawTable": "backchannel.answers.draw_table",
    "Evaluation": "backchannel.estimation.evaluate.evaluation",
    "Equilibria": "backchannel.questions.branches.results",
    "Explainer": "backchannel.questions.why.explainer",
    "Explanation": "backchannel.questions.why.results",
    "ExpressionError": "backchannel.language.errors",
    "Fit": "backchannel.estimation.fit",
    "FlowFit": "backchannel.estimation.trade.fitted",
    "FlowForecast": "backchannel.estimation.trade.fitted",
    "Forecast": "backchannel.questions.forecast.ask",
    "GameTree": "backchannel.interop.game_tree",
    "Indicators": "backchannel.questions.watch.ask",
    "Inverse": "backchannel.questions.sensitivity.inverse",
    "LearnedTypes": "backchannel.questions.reasoning.ask",
    "Ledger": "backchannel.ledger.ledger",
    "MechanismError": "backchannel.language.errors",
    "Merge": "backchannel.questions.merge.ask",
    "Prediction": "backchannel.estimation.predict",
    "Question": "backchannel.questions.question",
    "RecordError": "backchannel.language.errors",
    "ReportWidget": "backchannel.notebook",
    "Review": "backchannel.questions.review.ask",
    "Rivals": "backchannel.questions.rivals.results",
    "Rounds": "backchannel.questions.rounds.ask",
    "Scenarios": "backchannel.questions.scenarios.ask",
    "Sensitivity": "backchannel.questions.sensitivity.ask",
    "ShardedDraws": "backchannel.scale.sharded",
    "Study": "backchannel.study",
    "Surprise": "backchannel.questions.surprise.expectations",
    "TooLargeError": "backchannel.language.errors",
    "Update": "backchannel.questions.update.compare",
    "register": "backchannel.questions.registry",
}
"""The module of each public name. Names are imported on use, so that a command that solves nothing does not
wait for the solver."""

__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("backchannel")
    raise AttributeError(f"module 'backchannel' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
