"""Rivals: could the case be wrong? Other structures, weighed by how well each expected the record.

Each rival is solved on the same draws as the case. Its marginal likelihood is the mean over the draws, before the
record, of the probability that it gave to the record; the ratio to that of the case is its Bayes factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float

from backchannel.diagram.beliefs import Belief
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.other_structures import Structure
from backchannel.diagram.rivals import Rival, mechanical_rivals, written_rival
from backchannel.ensemble.ensemble import Ensemble, build_ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.some_draws import some_draws
from backchannel.ensemble.weighted import mean
from backchannel.equilibrium.eager import EagerSolver
from backchannel.language.errors import BackchannelError
from backchannel.language.names import NodeName
from backchannel.questions.forecast.ask import HIGH, LOW, forecast
from backchannel.questions.rivals.results import (
    RIVAL_DRAWS,
    LeftOutRival,
    MarginalLikelihood,
    Rivals,
    SolvedRival,
)
from backchannel.workers.workers import PieceWork, Tell, workers

MOST_RIVALS = 60
"""Rivals that are solved, unless the user asks for another number."""


def rivals_of(case: SolvedCase, *, written_only: bool = False) -> list[Rival]:
    """The rivals of a case: those of the file, then the mechanical ones."""
    written = [written_rival(entry) for entry in case.lowered.rivals]
    if written_only:
        return written
    return written + mechanical_rivals(case.lowered.diagram, case.lowered.beliefs)


def compare_rivals(
    case: SolvedCase,
    node: NodeName,
    *,
    draws: int = RIVAL_DRAWS,
    most: int = MOST_RIVALS,
    written_only: bool = False,
    tell: Callable[[SolvedRival, SolvedRival | LeftOutRival], None] | None = None,
) -> Rivals:
    """Solve the rivals of a case, and weigh them by the record.

    Args:
        case: The case.
        node: The outcome that is forecast.
        draws: How many of the case's draws are used, the first ones.
        most: How many rivals are solved at most.
        written_only: Only the rivals of the case file.
        tell: Called with the case and with each rival, as soon as the rival is solved or left out.
    """
    possible = rivals_of(case, written_only=written_only)
    tried = possible[:most]
    base = some_draws(case.ensemble, np.arange(min(draws, case.ensemble.n_draws)))
    own = compared(AS_IT_IS, base, base, node)
    case.progress.stage("rivals", len(tried))
    by_number: dict[int, SolvedRival | LeftOutRival] = {}
    for i, result in solve_rivals(base, tried, node, progress=case.progress.advance):
        by_number[i] = result
        if tell is not None:
            tell(own, result)
    results = [by_number[i] for i in range(len(tried))]
    solved = [entry for entry in results if isinstance(entry, SolvedRival)]
    moved = [entry for entry in solved if not entry.changes_nothing]
    return Rivals(
        node=node,
        domain=base.diagram.domains[node],
        case=own,
        solved=tuple(sorted(moved, key=_rank)),
        unchanged=tuple(entry.rival for entry in solved if entry.changes_nothing),
        left_out=tuple(entry for entry in results if isinstance(entry, LeftOutRival)),
        not_tried=len(possible) - len(tried),
        n_draws=base.n_draws,
    )


def solve_rivals(
    base: Ensemble,
    rivals: Sequence[Rival],
    node: NodeName,
    *,
    progress: Callable[[int], object] | None = None,
) -> Iterator[tuple[int, SolvedRival | LeftOutRival]]:
    """Solve rivals, and yield each with its number as soon as it is solved, or left out with the reason.

    Args:
        base: The case, in the draws that are used.
        rivals: What is solved.
        node: The outcome that is forecast.
        progress: Called with the number of rivals done.
    """
    results: dict[int, SolvedRival | LeftOutRival] = {}
    job = PieceWork(_solve_piece, (base, node), rivals.__getitem__, results.__setitem__, progress)
    # One after the other in this process: each takes all its memory.
    for i in workers().carry_out(job, range(len(rivals)), at_once=1):
        yield i, results[i]


def _solve_piece(
    shared: tuple[Ensemble, NodeName], rival: Rival, tell: Tell
) -> Iterator[SolvedRival | LeftOutRival]:
    base, node = shared
    try:
        result = compared(rival, base, solve_rival(base, rival), node)
    except BackchannelError as error:
        result = LeftOutRival(rival, str(error))
    tell(1)
    yield result


def solve_rival(base: Ensemble, rival: Rival) -> Ensemble:
    """Solve one rival on the draws of the case.

    Raises:
        BackchannelError: It has no meaning, no solution, or the record cannot happen in it.
    """
    structure = rival.build(base.diagram, base.beliefs)
    numbers = dict(base.numbers)
    for name, value in structure.parameters.items():
        numbers[name] = (
            base.numbers[value] if isinstance(value, str) else np.full(base.n_draws, float(value))
        )
    solved = build_ensemble(
        structure.diagram,
        structure.beliefs,
        numbers,
        base.record,
        # Levels are solved together with equilibria by the compiled solver only.
        solver=None if structure.diagram.thinking.of_player else EagerSolver().solve,
    )
    return replace(solved, outside=base.outside)


def marginal_likelihood(
    logs: Float[np.ndarray, " draw"],
) -> tuple[MarginalLikelihood, Float[np.ndarray, " draw"]]:
    """The mean likelihood over draws, and each draw's likelihood relative to it.

    The standard error is that of independent draws; quasi-random ones are more precise.
    """
    top = logs.max()
    scaled = np.exp(logs - top)
    relative = scaled / scaled.mean()
    return MarginalLikelihood(float(top + np.log(scaled.mean())), error_of_mean(relative)), relative


def error_of_mean(relative: Float[np.ndarray, " draw"]) -> float:
    """The standard error of a mean over independent draws."""
    return float(relative.std(ddof=1) / np.sqrt(len(relative))) if len(relative) > 1 else np.inf


def compared(rival: Rival, base: Ensemble, solved: Ensemble, node: NodeName) -> SolvedRival:
    """Compare a structure with the case on the draws that converged in both.

    The case's own numbers use all of its draws; a rival's are those, plus the difference on the shared draws. So a
    rival that changes nothing has the case's numbers, whatever draws it leaves out.
    """
    both = base.converged & solved.converged
    theirs, own = (marginal_likelihood(e.log_likelihood[both]) for e in (solved, base))
    whole = marginal_likelihood(base.log_likelihood[base.converged])[0]
    ours, there = forecast(base, node), forecast(solved, node)
    change = mean(there.per_draw, there.weights * both) - mean(ours.per_draw, ours.weights * both)
    chances = np.clip(ours.mean + change, 0.0, 1.0)
    bayes_log = theirs[0].log - own[0].log
    return SolvedRival(
        rival=rival,
        marginal=MarginalLikelihood(whole.log + bayes_log, theirs[0].error),
        bayes_log=bayes_log,
        bayes_error=error_of_mean(1.0 + theirs[1] - own[1]),
        chances=chances / chances.sum(),
        low=there.at(LOW),
        high=there.at(HIGH),
        left_out=float(1.0 - both.mean()),
        distance=float(np.abs(change).sum() / 2),
    )


def _rank(solved: SolvedRival) -> tuple[bool, float]:
    return not solved.stands_out, -(solved.pull if solved.stands_out else solved.bayes_log)


def _as_it_is(diagram: Diagram, beliefs: Sequence[Belief]) -> Structure:
    return Structure(diagram, tuple(beliefs))


AS_IT_IS = Rival("written", (), _as_it_is)
"""The case itself as a structure."""


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Rivals | None:
    """Solve rivals for a run: as many as the user wants, or those of the case file; `None` where there are none."""
    del earlier
    most = case.most_rivals
    if most is None and not case.lowered.rivals:
        return None
    node = case.lowered.first_question
    if most is None:
        return compare_rivals(case, node, written_only=True)
    return compare_rivals(case, node, most=most)
