"""Claims: does a statement about the case hold in it, and how firmly?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from backchannel.case.lowered import Lowered
from backchannel.diagram.claim_tests import Claim, Quantity
from backchannel.diagram.combine import combine_interventions
from backchannel.diagram.surgery import Intervention
from backchannel.ensemble.change import ChangedWorld, change
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.evidence import entries_before
from backchannel.ensemble.pooling import carried_nodes, change_begins, pooled
from backchannel.ensemble.quantities import measure
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import bounded, mean, quantile
from backchannel.language.coded_words import CodedWords
from backchannel.language.evaluation import evaluate
from backchannel.language.expressions import Expression, Tree
from backchannel.questions.claims.verdicts import Claims, TestedClaim, Verdict, grade
from backchannel.questions.counterfactuals.counterfactual import is_past
from backchannel.questions.counterfactuals.quantities import measure_past
from backchannel.questions.statistics.assumption_terms import terms_of
from backchannel.questions.statistics.influence import rank_assumptions, strongest_assumption
from backchannel.questions.unanswered import Unanswered, answer_each, answered
from backchannel.questions.why.replay import Coupling


def judge_claims(
    ensemble: Ensemble,
    claims: Sequence[Claim],
    named: Mapping[str, Intervention],
    *,
    progress: Callable[[int], None] | None = None,
) -> list[TestedClaim]:
    """Test every claim in every draw.

    Args:
        ensemble: The solved case.
        claims: What to test.
        named: Interventions that tests may use by name.
        progress: Called with 1 after each claim.
    """
    tested = []
    for claim in claims:
        tested.append(judge(ensemble, claim, named))
        if progress:
            progress(1)
    return tested


def judge(ensemble: Ensemble, claim: Claim, named: Mapping[str, Intervention]) -> TestedClaim:
    """Test one claim: the verdict is the weighted share of draws in which it holds.

    Every quantity is given the whole record. One whose change comes before the end of the record is a
    counterfactual, and so is the best action at a decision of the past. With `view: before`, all
    quantities use what was recorded before the earliest change that any of them makes. All quantities carry
    the base rates of nodes that come about before the earliest change; of all nodes, where none makes any.
    """
    worlds = [quantity_intervention(quantity, named) for quantity in claim.test.quantities]
    changes = [None if world is None else change(ensemble, world) for world in worlds]
    cut = _cut(changes) if claim.view == "before" else None
    known = ensemble
    if cut is not None:
        known = replace(ensemble, record=entries_before(ensemble.record, cut), samples={})
    made = [world for world in worlds if world is not None]
    since = change_begins(known.diagram, made)
    carried = carried_nodes(known, before=since) if made else None
    known = pooled(known, before=since)
    converged = ensemble.converged.copy()
    both: dict[Coupling, QuantityValues] = {coupling: {} for coupling in Coupling}
    is_counterfactual = False
    for i, (quantity, changed) in enumerate(zip(claim.test.quantities, changes, strict=True)):
        if changed:
            converged &= changed.converged
        if _is_past(known, quantity, changed):
            is_counterfactual = True
            answers = measure_past(known, changed, quantity)
        else:
            world = changed.world if changed else ensemble.world
            game = changed.game if changed else ensemble.play.models.truth.game
            answer = measure(world, game, quantity, known.evidence)
            answers = dict.fromkeys(Coupling, answer)
        for coupling in Coupling:
            both[coupling][f"@{i}"] = answers[coupling]
    tested = _verdict(ensemble, claim, both[Coupling.SHARED], converged, cut)
    tested = replace(tested, carried=carried)
    if not is_counterfactual:
        return tested
    independent = _verdict(ensemble, claim, both[Coupling.INDEPENDENT], converged, cut)
    return replace(tested, independent=independent)


QuantityValues = dict[str, CodedWords | np.ndarray]


def _cut(changes: Sequence[ChangedWorld | None]) -> date | None:
    """The day of the earliest change that comes before the end of the record."""
    return min((c.cut for c in changes if c is not None and c.cut is not None), default=None)


def _is_past(ensemble: Ensemble, quantity: Quantity, changed: ChangedWorld | None) -> bool:
    """Whether a quantity asks about something that lies before the end of the record."""
    if changed is not None and is_past(ensemble, changed):
        return True
    since = ensemble.diagram.dates[quantity.subject] if quantity.kind == "best" else date.max
    return any(entry.date >= since for entry in ensemble.record)


def _verdict(
    ensemble: Ensemble,
    claim: Claim,
    values: QuantityValues,
    converged: Bool[np.ndarray, " draw"],
    cut: date | None,
) -> TestedClaim:
    known = converged.copy()
    for value in values.values():
        known &= (value.codes >= 0) if isinstance(value, CodedWords) else np.isfinite(value)
    n = ensemble.n_draws
    holds = np.broadcast_to(evaluate(claim.test.expression, values), (n,))
    weights = ensemble.weights * known
    if not (weights > 0).any():
        return TestedClaim(
            claim=claim,
            verdict=Verdict.OPEN,
            support=np.nan,
            prior_support=np.nan,
            sides=None,
            difference=None,
            hinges_on=None,
            left_out=1.0,
            support_bounds=(np.nan, np.nan),
            verdicts=(Verdict.OPEN,),
            cut=cut,
        )
    support = float(mean(holds, weights))
    prior_support = float(holds[known].mean())
    sides = _sides(claim.test.expression, values, n)
    gap = None if sides is None else sides[0] - sides[1]
    left_out = float(1.0 - converged.mean())
    ends = bounded(support, left_out)
    priors = bounded(prior_support, left_out)
    verdict = grade(support, prior_support)
    verdicts = [grade(*shares) for shares in zip(ends, priors, strict=True)]
    if gap is not None and float(mean(np.abs(gap), weights)) <= claim.margin:
        verdict = Verdict.NO_DIFFERENCE
        widest = max(1.0, float(np.abs(gap[weights > 0]).max()))
        if bounded(mean(np.abs(gap), weights), left_out, most=widest)[1] <= claim.margin:
            verdicts = []
    return TestedClaim(
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
        hinges_on=strongest_assumption(
            rank_assumptions(terms_of(ensemble, weights), holds if gap is None else gap)
        ),
        left_out=left_out,
        support_bounds=(float(ends[0]), float(ends[1])),
        verdicts=tuple(some for some in Verdict if some in {verdict, *verdicts}),
        cut=cut,
    )


def quantity_intervention(
    quantity: Quantity, named: Mapping[str, Intervention]
) -> Intervention | None:
    """Combine all that a quantity of a test changes into one intervention; `None` for no change."""
    chosen = [named[name] for name in quantity.interventions]
    if quantity.do:
        chosen.append(Intervention(do=quantity.do))
    return reduce(combine_interventions, chosen) if chosen else None


def claim_worlds(claims: Sequence[Claim], named: Mapping[str, Intervention]) -> list[Intervention]:
    """The interventions behind the changed worlds that the tests of some claims use."""
    all_changes = [
        quantity_intervention(q, named) for claim in claims for q in claim.test.quantities
    ]
    return [change for change in all_changes if change is not None]


def _sides(
    expression: Expression, values: Mapping[str, CodedWords | np.ndarray], n_draws: int
) -> tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]] | None:
    """Evaluate both sides of a test that compares two numbers, in every draw."""
    tree = expression.tree
    if tree.op not in {"<", "<=", ">", ">=", "==", "!="}:
        return None
    if any(_is_words(part, values) for part in tree.parts):
        return None
    left, right = (
        np.broadcast_to(evaluate(Expression(part), values), (n_draws,)) for part in tree.parts
    )
    return left, right


def _is_words(tree: Tree, values: Mapping[str, CodedWords | np.ndarray]) -> bool:
    return tree.op == "text" or isinstance(values.get(str(tree.value)), CodedWords)


def worlds(lowered: Lowered) -> list[Intervention]:
    """The interventions behind the changed worlds that the tests of the case's claims use."""
    return claim_worlds(lowered.claims, lowered.interventions)


def ask(case: SolvedCase, earlier: Mapping[str, Any]) -> Claims:
    """Test every claim of the case, for a run; the changed worlds are solved already."""
    del earlier
    named = case.lowered.interventions
    tested = answer_each(
        "claim",
        ((claim.name, claim) for claim in case.lowered.claims),
        lambda claim: judge(case.ensemble, claim, named),
    )
    missing = [claim for claim in tested if isinstance(claim, Unanswered)]
    return Claims(answered(tested), missing)


def judge_case(case: SolvedCase) -> Claims:
    """Test every claim of a case; first solve all changed worlds that the tests need, together."""
    case.prepare(worlds(case.lowered))
    return Claims(judge_claims(case.ensemble, case.lowered.claims, case.lowered.interventions))
