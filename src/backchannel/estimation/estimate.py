"""Search for the maximum of the likelihood from several starts, and check what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy import optimize

from backchannel.estimation.fitted import FittedCoefficients, SearchStart
from backchannel.estimation.identified import check_identified
from backchannel.estimation.log_priors import log_priors
from backchannel.estimation.maximum import SearchEnd, endless, flat, look_around, runs_away
from backchannel.estimation.newton import newton
from backchannel.estimation.objective import Objective
from backchannel.estimation.problem import FitProblem
from backchannel.estimation.profile import rises_for_ever
from backchannel.language.errors import ConvergenceError
from backchannel.workers.workers import PieceWork, Tell, workers

STARTS = 4
SEED = 11
TOLERANCE = 1e-7
"""Largest slope of the mean log likelihood, per scaled coefficient, at which a search ends."""
LEVEL = 100 * TOLERANCE
"""Largest such slope at a maximum."""
REMEDIES = "Fix some of the numbers (--fix), keep some equal (--same), or use their priors (--map)."
AGAIN = 3
"""Searches at most that begin where the last one ended short of a maximum."""


def estimate(problem: FitProblem, *, starts: int = STARTS) -> FittedCoefficients:
    """Search for the maximum from several starts, and check it.

    Raises:
        CommandError: Some coefficients are not identified.
        ConvergenceError: No maximum was found, and no direction in which the likelihood rises for
            ever: there is no result.
    """
    objective = Objective(problem)
    chance = np.random.default_rng(SEED)
    first = objective.inside(problem.design.start())
    begins = [first]
    begins += [first + chance.normal(scale=0.5, size=len(first)) for _ in range(starts - 1)]
    check_identified(problem, objective, first)
    results = _search_from_all(problem, begins)
    problem.likelihood.begin_again()
    best = min(results, key=lambda result: result.fun)
    if not np.isfinite(best.fun):
        raise ConvergenceError(
            "The search found no coefficients at which all plays are possible and play is found, "
            "so there is no estimate. Look for a row whose covariates are far from those of the "
            "other rows, or give the numbers priors nearer to where you expect them."
        )
    ends = [
        SearchStart(objective.outside(r.x), float(-r.fun * objective.total), _is_level(r))
        for r in results
    ]
    return _judged(problem, objective, best.x, first, tuple(ends))


def _search_from_all(
    problem: FitProblem, begins: list[np.ndarray]
) -> list[optimize.OptimizeResult]:
    """One search from every start; in their order."""
    results: dict[int, optimize.OptimizeResult] = {}
    job = PieceWork(_search_piece, problem, begins.__getitem__, results.__setitem__)
    # In this process, a search uses all processors by itself.
    for _ in workers().carry_out(job, range(len(begins)), at_once=1):
        pass
    return [results[i] for i in range(len(begins))]


def _search_piece(
    problem: FitProblem, begin: np.ndarray, tell: Tell
) -> Iterator[optimize.OptimizeResult]:
    problem.likelihood.begin_again()
    result = _search(Objective(problem), begin)
    tell(1)
    yield optimize.OptimizeResult(x=result.x, fun=result.fun, jac=result.jac)


def _search(objective: Objective, begin: np.ndarray) -> optimize.OptimizeResult:
    """One search; its height is infinite where it did not find play, so that it never wins."""
    if objective.problem.stiffness.any() and objective.by_rows:
        x = newton(objective, begin)
        value, slope = objective(x)
        return optimize.OptimizeResult(x=x, fun=value if np.isfinite(value) else np.inf, jac=slope)
    options = {"gtol": TOLERANCE, "maxiter": 500, "hess_inv0": objective.shape(begin)}
    result = optimize.minimize(objective, begin, jac=True, method="BFGS", options=options)
    if not np.isfinite(result.fun):
        result.fun = np.inf
    return result


def _is_level(result: optimize.OptimizeResult) -> bool:
    return bool(np.isfinite(result.fun) and np.abs(result.jac).max() <= LEVEL)


def _judged(
    problem: FitProblem,
    objective: Objective,
    x: np.ndarray,
    start: np.ndarray,
    starts: tuple[SearchStart, ...],
) -> FittedCoefficients:
    place, trouble, runaways = _checked(problem, objective, x, start)
    beta = objective.outside(place)
    value, _, scores = objective.at(beta)
    hessian = objective.hessian(beta)
    if not runaways:
        stretch = objective.stretch(beta)
        trouble += flat(problem.design.coefficients, hessian * np.outer(stretch, stretch))
    plays = value
    if problem.use_priors:
        plays += sum(log for log, _ in log_priors(problem.design, beta))
    plays -= 0.5 * float(problem.stiffness @ beta**2)
    return FittedCoefficients(
        problem=problem,
        names=problem.design.coefficients,
        values=beta,
        log_likelihood=-plays,
        plays=objective.total,
        converged=not trouble,
        trouble=tuple(trouble),
        starts=starts,
        endless=runaways,
        hessian=hessian,
        by_row=scores,
    )


def _checked(
    problem: FitProblem, objective: Objective, x: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, list[str], tuple[str, ...]]:
    """Where the maximum is, what is wrong with it in words, and which coefficients run away."""
    names, land = problem.design.coefficients, objective.landscape
    for _ in range(AGAIN):
        place = look_around(land, x, start)
        if place.endless is not None:
            place = _confirmed(objective, place)
        if place.endless is not None:
            said = endless(
                names,
                problem.design.kinds,
                place.endless,
                plays_alike=problem.likelihood.distinct.plays_alike,
            )
            return place.x, said, runs_away(names, place.endless)
        value, slope = objective(place.x)
        if np.isfinite(value) and np.abs(slope).max() <= LEVEL:
            return place.x, [], ()
        x = _search(objective, place.x).x
    value, slope = objective(x)
    if np.isfinite(value) and np.abs(slope).max() <= LEVEL:
        return x, [], ()
    raise ConvergenceError(
        f"The likelihood could not be maximised, so there is no estimate. The search stopped at "
        f"{_named(objective, x)}, where the slope is still {np.abs(slope).max():.1e} per play. {REMEDIES}"
    )


def _unproven(objective: Objective, x: np.ndarray, name: str) -> ConvergenceError:
    return ConvergenceError(
        f"The likelihood could not be maximised, so there is no estimate. It still rises with {name} at "
        f"{_named(objective, x)}, and no play is found beyond, which could show whether it ever falls. "
        f"{REMEDIES}"
    )


def _named(objective: Objective, x: np.ndarray) -> str:
    names = objective.problem.design.coefficients
    values = objective.outside(x)
    return ", ".join(f"{name} = {number:.4g}" for name, number in zip(names, values, strict=True))


def _confirmed(objective: Objective, place: SearchEnd) -> SearchEnd:
    """Drop coefficients whose profile likelihood does not rise as they go to infinity.

    Where none is left, the search goes on from the highest place that the profiles met.

    Raises:
        ConvergenceError: The profile of a coefficient cannot be followed further out.
    """
    assert place.endless is not None
    way, best = place.endless.copy(), place.x
    names = np.array(objective.problem.design.coefficients)
    for i in np.flatnonzero(np.isin(names, runs_away(tuple(names), way))):
        profile = rises_for_ever(objective, place.x, place.endless, int(i))
        if not profile.is_known:
            raise _unproven(objective, place.x, str(names[i]))
        if not profile.rises:
            way[i] = 0.0
        if objective(profile.highest)[0] < objective(best)[0]:
            best = profile.highest
    if way.any() and runs_away(tuple(names), way):
        return replace(place, endless=way)
    return SearchEnd(best, None)
