"""Claims: does what a text says hold in the case, and how firmly?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from backchannel.case.lower.lower import Lowered
from backchannel.diagram.claim_tests import Claim, Quantity
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import change
from backchannel.ensemble.ensemble import Ensemble, entries_before, evidence_of
from backchannel.ensemble.quantities import measure
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.language.evaluation import Words, evaluate
from backchannel.language.expressions import Expression, Tree
from backchannel.questions.statistics.influence import Hinge, hinge
from backchannel.wording.result import Result

BUILT_IN = 0.999
"""Share of prior draws above which the case assumes a claim rather than showing it."""


class Verdict(StrEnum):
    """What the case says of a claim."""

    BORNE_OUT = "borne out"
    LEANS = "leans towards it"
    OPEN = "open"
    LEANS_AGAINST = "leans against it"
    CONTRADICTED = "contradicted"
    NO_DIFFERENCE = "no difference"
    BUILT_IN = "built in"


@dataclass(frozen=True)
class Finding:
    """The verdict on one claim, and what it rests on."""

    claim: Claim
    verdict: Verdict
    support: float
    """Weighted share of draws in which the test holds."""
    prior_support: float
    """Unweighted share of all draws in which it holds."""
    sides: tuple[float, float] | None
    """Weighted means of the two sides, where the test compares two numbers."""
    difference: tuple[float, float, float] | None
    """Left side less right side: mean, and the 5–95% range over draws."""
    hinges_on: Hinge | None
    """The assumption that moves it most."""
    left_out: float
    """Share of draws left out: play did not settle in some world of the test."""
    support_bounds: tuple[float, float]
    """The support if the test failed in all left-out draws, and if it held in all."""
    verdicts: tuple[Verdict, ...]
    """The verdicts at both bounds, and the one in the middle: one, where left-out draws do not
    matter."""
    cut: date | None
    """The test uses what was recorded before this day; `None`: the whole record."""


@dataclass(frozen=True)
class Claims(Result):
    """The verdicts on a case's claims."""

    findings: Sequence[Finding]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def to_frame(self) -> pd.DataFrame:
        """One row a claim."""
        rows = [
            {
                "claim": finding.claim.name,
                "says": finding.claim.says,
                "verdict": finding.verdict.value,
                "support": finding.support,
                "at least": finding.support_bounds[0],
                "at most": finding.support_bounds[1],
                "difference": finding.difference[0] if finding.difference else None,
                "hinges on": finding.hinges_on.parameter if finding.hinges_on else "",
            }
            for finding in self.findings
        ]
        return pd.DataFrame(rows)


def judge_claims(
    ensemble: Ensemble,
    claims: Sequence[Claim],
    named: Mapping[str, Intervention],
    *,
    progress: Callable[[int], None] | None = None,
) -> list[Finding]:
    """Test every claim in every draw.

    Args:
        ensemble: The solved case.
        claims: What to test.
        named: Interventions that tests may call by name.
        progress: Called with 1 after each claim.
    """
    findings = []
    for claim in claims:
        findings.append(judge(ensemble, claim, named))
        if progress:
            progress(1)
    return findings


def judge(ensemble: Ensemble, claim: Claim, named: Mapping[str, Intervention]) -> Finding:
    """Test one claim: the verdict is the weighted share of draws in which it holds.

    All quantities of a test use the same part of the record: what came before the earliest thing
    that any intervention in it changes.
    """
    worlds = [intervention_of(quantity, named) for quantity in claim.test.quantities]
    changes = [None if world is None else change(ensemble, world) for world in worlds]
    cuts = [c.cut for c in changes if c is not None and c.cut is not None]
    cut = min(cuts, default=None)
    evidence = evidence_of(ensemble.diagram, entries_before(ensemble.record, cut))
    converged = ensemble.converged.copy()
    values: dict[str, Words | np.ndarray] = {}
    for i, (quantity, changed) in enumerate(zip(claim.test.quantities, changes, strict=True)):
        world = changed.world if changed else ensemble.world
        game = changed.game if changed else ensemble.play.models.truth.game
        if changed:
            converged &= changed.converged
        values[f"@{i}"] = measure(world, game, quantity, evidence)
    return _verdict(ensemble, claim, values, converged, cut)


def _verdict(
    ensemble: Ensemble,
    claim: Claim,
    values: Mapping[str, Words | np.ndarray],
    converged: Bool[np.ndarray, " draw"],
    cut: date | None,
) -> Finding:
    known = converged.copy()
    for value in values.values():
        known &= (value.codes >= 0) if isinstance(value, Words) else np.isfinite(value)
    n = ensemble.n_draws
    holds = np.broadcast_to(evaluate(claim.test.expression, values), (n,))
    weights = ensemble.weights * known
    if not (weights > 0).any():
        nothing = (np.nan, np.nan)
        return Finding(
            claim,
            Verdict.OPEN,
            np.nan,
            np.nan,
            None,
            None,
            None,
            1.0,
            nothing,
            (Verdict.OPEN,),
            cut,
        )
    support = float(mean(holds, weights))
    prior_support = float(holds[known].mean())
    sides = _sides(claim.test.expression, values, n)
    gap = None if sides is None else sides[0] - sides[1]
    left_out = float(1.0 - converged.mean())
    ends = bounded(support, left_out)
    priors = bounded(prior_support, left_out)
    verdict = grade(support, prior_support)
    verdicts = [grade(*one) for one in zip(ends, priors, strict=True)]
    if gap is not None and float(mean(np.abs(gap), weights)) <= claim.margin:
        verdict = Verdict.NO_DIFFERENCE
        widest = max(1.0, float(np.abs(gap[weights > 0]).max()))
        if bounded(mean(np.abs(gap), weights), left_out, most=widest)[1] <= claim.margin:
            verdicts = []
    return Finding(
        claim=claim,
        verdict=verdict,
        support=support,
        prior_support=prior_support,
        sides=None
        if sides is None
        else (float(mean(sides[0], weights)), float(mean(sides[1], weights))),
        difference=None
        if gap is None
        else (
            float(mean(gap, weights)),
            quantile(gap, weights, 0.05),
            quantile(gap, weights, 0.95),
        ),
        hinges_on=hinge(ensemble.numbers, holds if gap is None else gap, weights),
        left_out=left_out,
        support_bounds=(float(ends[0]), float(ends[1])),
        verdicts=tuple(one for one in Verdict if one in {verdict, *verdicts}),
        cut=cut,
    )


def grade(support: float, prior_support: float) -> Verdict:
    """Put a share of draws into words.

    >>> grade(0.95, 0.8).value
    'borne out'
    """
    if prior_support >= BUILT_IN:
        return Verdict.BUILT_IN
    if support >= 0.9:
        return Verdict.BORNE_OUT
    if support > 0.6:
        return Verdict.LEANS
    if support >= 0.4:
        return Verdict.OPEN
    if support > 0.1:
        return Verdict.LEANS_AGAINST
    return Verdict.CONTRADICTED


def intervention_of(quantity: Quantity, named: Mapping[str, Intervention]) -> Intervention | None:
    """What a quantity of a test changes by hand, in one intervention; `None` for nothing."""
    chosen = [named[name] for name in quantity.interventions]
    if quantity.do:
        chosen.append(Intervention(do=quantity.do))
    if not chosen:
        return None
    merged = chosen[0]
    for other in chosen[1:]:
        merged = merge(merged, other)
    return merged


def worlds_of(claims: Sequence[Claim], named: Mapping[str, Intervention]) -> list[Intervention]:
    """The changed worlds that the tests of some claims look at."""
    made = [intervention_of(q, named) for claim in claims for q in claim.test.quantities]
    return [one for one in made if one is not None]


def merge(one: Intervention, other: Intervention) -> Intervention:
    """Make two interventions at once; where they disagree on who is told, everyone is."""
    told = one.told if one.told == other.told else None
    announced = one.announced if one.announced == other.announced else "when it happens"
    return replace(
        one,
        name=f"{one.name} and {other.name}".strip(),
        do={**one.do, **other.do},
        mechanisms={**one.mechanisms, **other.mechanisms},
        parameters={**one.parameters, **other.parameters},
        remove={**one.remove, **other.remove},
        sees_too={**one.sees_too, **other.sees_too},
        sees_no_more={**one.sees_no_more, **other.sees_no_more},
        corrects=tuple(dict.fromkeys([*one.corrects, *other.corrects])),
        corrects_about={**one.corrects_about, **other.corrects_about},
        announced=announced,
        told=told,
    )


def _sides(
    expression: Expression, values: Mapping[str, Words | np.ndarray], n_draws: int
) -> tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]] | None:
    """Both sides of a test that compares two numbers, in every draw."""
    tree = expression.tree
    if tree.op not in {"<", "<=", ">", ">=", "==", "!="}:
        return None
    if any(_is_words(part, values) for part in tree.parts):
        return None
    left, right = (
        np.broadcast_to(evaluate(Expression(part), values), (n_draws,)) for part in tree.parts
    )
    return left, right


def _is_words(tree: Tree, values: Mapping[str, Words | np.ndarray]) -> bool:
    return tree.op == "text" or isinstance(values.get(str(tree.value)), Words)


def worlds(lowered: Lowered) -> list[Intervention]:
    """The changed worlds that the tests of the case's claims look at."""
    return worlds_of(lowered.claims, lowered.interventions)


def ask(case: SolvedCase, found: Mapping[str, Any]) -> Claims:
    """What a run asks: every claim of the case; the worlds are solved already."""
    del found
    return Claims(judge_claims(case.ensemble, case.lowered.claims, case.lowered.interventions))


def judge_case(case: SolvedCase) -> Claims:
    """Test every claim of a case, after solving all changed worlds that they need together."""
    case.prepare(worlds(case.lowered))
    return ask(case, {})
