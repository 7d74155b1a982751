"""What `Study.why` does."""

from __future__ import annotations

from backchannel.ensemble.solved_case import SolvedCase
from backchannel.questions.why.explainer import Explainer


def why(case: SolvedCase) -> Explainer:
    """Make the object that answers `why` for a case."""
    return Explainer(case, case.memory, case.workers)
