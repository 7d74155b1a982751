"""Simulate plays of a case, to see whether a fit finds back what they were made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from backchannel.case.lowered import Lowered
from backchannel.equilibrium.beliefs.models import build_models
from backchannel.equilibrium.beliefs.play import play
from backchannel.estimation.coefficient_names import coefficient_hint
from backchannel.estimation.fit import covariates_of
from backchannel.estimation.fit_options import check_fittable
from backchannel.estimation.gaps import with_gaps
from backchannel.estimation.given_numbers import read_numbers
from backchannel.language.errors import CommandError, ConvergenceError
from backchannel.language.formulas import design_matrix, level_columns
from backchannel.language.names import NOT_APPLICABLE, ParameterName, did_you_mean
from backchannel.language.number_ranges import PLAY_COUNT, SEED_RANGE
from backchannel.machine.memory import NUMBER, claim

TOGETHER = 100_000
"""Plays that are drawn at once, which bounds the memory they take."""


def simulate(
    lowered: Lowered,
    n: int,
    *,
    seed: int = 0,
    numbers: Mapping[str, float] | None = None,
    covariates: Any = None,
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Draw plays of a case.

    Args:
        lowered: The case.
        n: How many.
        seed: The same seed gives the same plays.
        numbers: What numbers and coefficients (`quiet[revis1]`) are; a number that is not given is
            at the median of its prior, a coefficient at 0.
        covariates: A table with the covariates of the case's formulas; play i has the covariates of
            row i, from the beginning again when the rows are used up.

    Returns:
        One row a play, with a column a node, empty where it did not arise; and the numbers and
        coefficients behind them.

    Raises:
        CommandError: A name is unknown, or covariates are missing.
        ConvergenceError: The case has no play that could be found at these numbers.
    """
    n, seed = PLAY_COUNT.read_whole(n, "n"), SEED_RANGE.read_whole(seed, "seed")
    check_fittable(lowered)
    given = read_numbers(lowered, numbers or {}, infinite=True)
    truth: dict[str, float] = {}
    values: dict[ParameterName, np.ndarray] = {}
    rows = covariates
    levels_of = level_columns(lowered.linear.values())
    for name, prior in lowered.priors.items():
        if name in lowered.linear:
            rows = _covariates(lowered, rows, n)
            laid = design_matrix(lowered.linear[name], rows, number=name, levels_of=levels_of)
            names = [f"{name}[{column}]" for column in laid.names]
            beta = {name: given.pop(name, 1.0 if "[offset(" in name else 0.0) for name in names}
            truth |= beta
            values[name] = laid.matrix @ np.array(list(beta.values()))
        else:
            truth[name] = float(given.pop(name, prior.at(0.5)))
            values[name] = np.array([truth[name]])
    columns = len(lowered.diagram.order) + (0 if rows is None else len(rows.columns))
    claim(
        NUMBER * n * columns, f"{n:,} plays", "Draw fewer at a time (-n), each with its own --seed."
    )
    if given:
        raise CommandError(
            "\n".join(
                f"There is no number '{name}'.{coefficient_hint(name, truth)}" for name in given
            )
        )
    return _drawn(lowered, n, values, rows, np.random.default_rng(seed)), truth


def _covariates(lowered: Lowered, rows: Any, n: int) -> Any:
    asked = covariates_of(lowered)
    if rows is None:
        raise CommandError(
            f"The case's numbers are made of {', '.join(asked)}: give a table with them "
            "(--covariates FILE)."
        )
    levels = level_columns(lowered.linear.values())
    rows = with_gaps(rows, lowered.diagram, asked, levels=levels)
    missing = [name for name in asked if name not in rows.columns]
    if missing:
        known = [str(name) for name in rows.columns]
        raise CommandError(
            "\n".join(f"There is no column '{m}'.{did_you_mean(m, known)}" for m in missing)
        )
    complete = rows[asked].dropna().reset_index(drop=True)
    if complete.empty:
        raise CommandError("Every row of the covariates misses one.")
    return complete.iloc[: min(n, len(complete))]


def _drawn(
    lowered: Lowered,
    n: int,
    values: Mapping[ParameterName, np.ndarray],
    rows: Any,
    chance: np.random.Generator,
) -> pd.DataFrame:
    diagram = lowered.diagram
    solved = play(build_models(diagram, lowered.beliefs, values))
    game = solved.models.truth.game
    if not solved.converged.all():
        raise ConvergenceError("The case has no play that could be found at these numbers.")
    tables = {**game.factors, **solved.policies}
    drawn: dict[str, list[np.ndarray]] = {name: [] for name in diagram.order}
    for begin in range(0, n, TOGETHER):
        count = min(TOGETHER, n - begin)
        draw = (begin + np.arange(count)) % game.n_draws
        codes: dict[str, np.ndarray] = {}
        for name in diagram.order:
            table = tables[name]
            index = tuple(codes[parent] for parent in diagram.parents(name))
            chances = table[(draw if len(table) > 1 else np.zeros(count, int), *index)]
            mark = chance.random(count)[:, None]
            last = chances.shape[1] - 1
            codes[name] = np.minimum((chances.cumsum(axis=1) <= mark).sum(axis=1), last)
            drawn[name].append(codes[name].astype(np.min_scalar_type(last)))
    columns: dict[str, Any] = {}
    for name in diagram.order:
        made = pd.Categorical.from_codes(np.concatenate(drawn[name]), diagram.domains[name])
        absent = NOT_APPLICABLE in diagram.domains[name]
        columns[name] = made.remove_categories([NOT_APPLICABLE]) if absent else made
    plays = pd.DataFrame(columns)
    if rows is not None and lowered.linear:
        repeated = rows.iloc[np.arange(n) % len(rows)].reset_index(drop=True)
        plays = pd.concat([plays, repeated[[c for c in rows.columns if c not in plays]]], axis=1)
    return plays
