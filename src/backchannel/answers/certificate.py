"""The certificate of a run, as one line of text and as numbers."""

from __future__ import annotations

import time

from backchannel.answers.document import Certificate
from backchannel.ensemble.certificate import count_followed
from backchannel.questions.run import Findings
from backchannel.wording.left_out import left_out_warning
from backchannel.wording.nouns import several
from backchannel.wording.prose import sentence_case

FEW_EFFECTIVE = 100
"""Ranges are rough below this effective sample size, or below half of the draws asked for."""


def compose_certificate(findings: Findings) -> Certificate:
    """Say how many draws converged, how large the errors are, and what was left out."""
    ensemble, changed, errors = findings.ensemble, findings.changed, findings.errors
    n = ensemble.n_draws
    converged = int(ensemble.converged.sum())
    left_out = 1 - converged / n
    followed, folds = count_followed(ensemble)
    equilibria = n * (1 + len(ensemble.play.models.distinct)) * (1 + len(changed))
    worst = max([left_out, *(1 - float(world.converged.mean()) for world in changed)])
    worst = max(worst, ensemble.worst_left_out)
    warning = left_out_warning(worst)
    return Certificate(
        line=_line(findings, converged, (followed, folds, findings.crossed), equilibria, warning),
        short=_short(findings, converged),
        draws=n,
        converged=converged,
        left_out=left_out,
        worst_left_out=worst,
        warning=warning.removeprefix("WARNING: "),
        worst_residual=errors.worst_residual,
        worst_regret=errors.worst_regret,
        loss=errors.loss,
        effective_draws=ensemble.effective_draws,
        surprised=ensemble.n_impossible_for_a_player,
        worlds=len(changed),
        equilibria=equilibria,
        followed=followed,
        folds=folds,
        crossed=findings.crossed,
        spot_checked=errors.spot_checked,
    )


def _short(findings: Findings, converged: int) -> str:
    ensemble = findings.ensemble
    n, seconds = ensemble.n_draws, time.perf_counter() - findings.case.began
    solved = f"All {n:,} draws" if converged == n else f"{converged:,} of {n:,} draws"
    return (
        f"{solved} are solved, worst error {findings.errors.worst_residual:.0e}, recomputed independently; "
        f"effective sample size {ensemble.effective_draws:,.0f}; {seconds:.0f} s."
    )


def _line(
    findings: Findings,
    converged: int,
    branches: tuple[int, int, int],
    equilibria: int,
    warning: str,
) -> str:
    case, changed, errors = findings.case, findings.changed, findings.errors
    followed, folds, crossed = branches
    n, effective = findings.ensemble.n_draws, findings.ensemble.effective_draws
    parts = [
        f"{n:,} draw{'' if n == 1 else 's'}, {'all' if converged == n else f'{converged:,}'} converged",
        f"worst residual {errors.worst_residual:.0e}, worst regret {errors.worst_regret:.0e}, "
        "recomputed independently",
    ]
    if followed:
        parts.append(
            f"in {several(followed, 'draw')} the sweep was in doubt, and the branch was followed ({folds:,} with a "
            "fold)"
        )
    if crossed:
        parts.append(
            f"in {several(crossed, 'draw')} other branches cross this one (an exact symmetry); the symmetric one is "
            "shown"
        )
    if changed:
        worlds = (
            f"{len(changed)} changed worlds, each" if len(changed) > 1 else "one changed world,"
        )
        parts.append(f"{worlds} checked on {errors.spot_checked} draws")
    parts.append(f"the effective sample size given the record is {effective:,.0f}")
    parts.append(
        f"{equilibria:,} equilibria were solved in {time.perf_counter() - case.began:.0f} s"
    )
    line = " ".join(f"{sentence_case(part)}." for part in parts)
    if warning:
        line += f" {warning}"
    if n > case.draws:
        line += f" The record was unlikely, so {n:,} draws were taken instead of {case.draws:,}."
    if effective < min(FEW_EFFECTIVE, case.draws / 2):
        line += " WARNING: too few draws match the record; the ranges are rough."
    if impossible := findings.ensemble.n_impossible_for_a_player:
        line += f" In {impossible:,} draws the record is impossible in some player's model."
    return line
