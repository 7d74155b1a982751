"""Forecasts of many nodes over structures: every rival is solved once, and weighs the same for all nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from backchannel.diagram.rivals import Rival
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.some_draws import some_draws
from backchannel.language.errors import BackchannelError
from backchannel.language.names import NodeName
from backchannel.questions.rivals.ask import AS_IT_IS, compared, solve_rival
from backchannel.questions.rivals.results import RIVAL_DRAWS


def forecasts_over_structures(
    case: SolvedCase, nodes: Sequence[NodeName], rivals: Sequence[Rival]
) -> Mapping[NodeName, Float[np.ndarray, " value"]]:
    """Forecast nodes over the case and its rivals, each weighted by how well it expected the record.

    A rival that cannot be solved is left out. Where none can, the forecasts are those of the case.
    """
    base = some_draws(case.ensemble, np.arange(min(RIVAL_DRAWS, case.ensemble.n_draws)))
    case.progress.stage("rivals", len(rivals))
    structures = [{node: compared(AS_IT_IS, base, base, node) for node in nodes}]
    for rival in rivals:
        try:
            solved = solve_rival(base, rival)
            structures.append({node: compared(rival, base, solved, node) for node in nodes})
        except BackchannelError:
            pass  # `rivals` names it, with the reason.
        case.progress.advance(1)
    over = {}
    for node in nodes:
        forecasts = [structure[node] for structure in structures]
        logs = np.array([forecast.bayes_log for forecast in forecasts])
        odds = np.exp(logs - logs.max())
        over[node] = odds / odds.sum() @ np.array([forecast.chances for forecast in forecasts])
    return over
