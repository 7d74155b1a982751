"""Put the whole answers document together."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from backchannel.answers import background
from backchannel.answers.composer import Composer, asked_outcomes
from backchannel.answers.document import Answers, CaseHead, Certificate, Run
from backchannel.answers.draws_compose import compose_draws
from backchannel.answers.layout.layout import compose_layout
from backchannel.case.lower.named import repeated
from backchannel.ensemble.certificate import Evidence, certify_ensemble, how_found, spot_check
from backchannel.ensemble.change import Changed
from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.claims.ask import Finding
from backchannel.questions.deals.document import DealView
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.rounds.compose import fans
from backchannel.questions.rounds.document import EXPECTED
from backchannel.questions.sensitivity.ask import what_decides, what_would_it_take
from backchannel.questions.sensitivity.compose import compose_inverse, compose_sensitivity
from backchannel.questions.surprise.ask import surprise
from backchannel.questions.surprise.compose import compose_surprise
from backchannel.questions.watch.ask import watch
from backchannel.questions.watch.compose import compose_watch
from backchannel.questions.what_if.ask import what_if
from backchannel.questions.why.document import Why
from backchannel.wording.words import Wording, left_out_warning

FEW_EFFECTIVE = 100
"""Effective draws below which ranges are rough (half of the draws, if fewer were asked for)."""


def compose_answers(
    wording: Wording,
    ensemble: Ensemble,
    claims: Sequence[Finding],
    changed: Sequence[Changed],
    *,
    whys: Sequence[Why] = (),
    deals: Sequence[DealView] = (),
    name: str,
    draws_asked: int,
    seed: int,
    began: float,
) -> Answers:
    """Say everything that a solved case has to say.

    Args:
        wording: The case's words.
        ensemble: The solved case.
        claims: The verdicts.
        changed: The changed worlds that were solved, for the certificate.
        whys: The explanations, in the document's words.
        deals: The deals, in the document's words.
        name: What the case is called.
        draws_asked: Draws that the user asked for.
        seed: Where the draws began.
        began: When the run began, by `time.perf_counter`.
    """
    lowered = wording.lowered
    composer = Composer(lowered, ensemble, wording)
    foreseen = {
        node: (forecast(ensemble, node), composer.prior(node)) for node in lowered.diagram.order
    }
    forecasts = {node: composer.forecast(*sides) for node, sides in foreseen.items()}
    over_time = fans(lowered, ensemble, repeated(lowered.case))
    what_ifs, comparisons = {}, {}
    for intervention, nodes in asked_outcomes(lowered.questions).items():
        made = lowered.interventions[intervention]
        compared = [what_if(ensemble, made, node) for node in nodes]
        what_ifs[intervention] = composer.what_if(intervention, compared)
        comparisons[intervention] = compared
    explained = {why.name: why for why in whys}
    evidence = certify_ensemble(ensemble)
    spot_check(evidence, changed)
    first = forecasts[lowered.first_question]
    likeliest, *others = sorted(first.values, key=lambda value: -value.probability)
    matter_most, matter_for = first.assumptions, f"{first.title}: {likeliest.label}"
    counted = [
        fan for fan in over_time if fan.kind == "number" and fan.points[-1].node == first.node
    ]
    for fan in counted:
        matter_most, matter_for = fan.assumptions, f"{first.title}: {EXPECTED}"
    decided = what_decides(ensemble, first.node, likeliest.value)
    it_takes = None
    if others and decided.silent is None:
        it_takes = what_would_it_take(ensemble, first.node, others[0].value)
    indicators = watch(ensemble, first.node, after=lowered.case.as_of)
    case = lowered.case
    nodes = background.nodes(lowered, wording)
    interests = background.interests(lowered, ensemble)
    return Answers(
        case=CaseHead(
            name=name,
            title=case.case,
            question=case.question,
            about=case.about,
            utility_unit=case.utility_unit,
            as_of=case.as_of,
        ),
        run=Run(
            draws=ensemble.n_draws,
            draws_asked=draws_asked,
            seed=seed,
            seconds=round(time.perf_counter() - began, 3),
            versions={package: _version(package) for package in ("backchannel", "jax", "numpy")},
        ),
        certificate=_certificate(ensemble, evidence, changed, draws_asked, began),
        answers=[
            composer.answer(q, forecasts, what_ifs, explained, deals, over_time)
            for q in lowered.questions
        ],
        forecasts=list(forecasts.values()),
        rounds=over_time,
        what_ifs=list(what_ifs.values()),
        whys=list(whys),
        claims=[composer.claim(finding) for finding in claims],
        deals=list(deals),
        surprise=compose_surprise(wording, surprise(ensemble)) if ensemble.beliefs else None,
        watch=compose_watch(wording, ensemble, first.node, indicators),
        assumptions=background.assumptions(lowered, ensemble, wording),
        matter_most=matter_most,
        matter_for=matter_for,
        sensitivity=compose_sensitivity(wording, decided),
        what_it_would_take=compose_inverse(wording, it_takes) if it_takes else None,
        players=background.players(lowered, ensemble, wording),
        nodes=nodes,
        interests=interests,
        rules=background.rules(ensemble),
        timeline=background.timeline(lowered, wording),
        sources=background.sources(lowered),
        warnings=[str(warning) for warning in lowered.warnings],
        draws=compose_draws(lowered, ensemble, comparisons, foreseen),
        layout=compose_layout(nodes, interests),
    )


def _certificate(
    ensemble: Ensemble,
    evidence: Evidence,
    changed: Sequence[Changed],
    draws_asked: int,
    began: float,
) -> Certificate:
    n = ensemble.n_draws
    converged = int(ensemble.converged.sum())
    left_out = 1 - converged / n
    models = 1 + len(ensemble.play.models.distinct)
    equilibria = n * models * (1 + len(changed))
    effective = ensemble.effective_draws
    parts = [
        f"{n:,} draws, {'all' if converged == n else f'{converged:,}'} converged",
        f"worst residual {evidence.worst_residual:.0e}, worst regret {evidence.worst_regret:.0e}, "
        "recomputed independently",
    ]
    followed, folds = how_found(ensemble)
    if followed:
        parts.append(
            f"in {followed:,} a sweep was in doubt and the branch was followed ({folds:,} fold)"
        )
    if changed:
        parts.append(
            f"{len(changed)} changed worlds, each checked on {evidence.spot_checked} draws"
        )
    parts.append(f"effective sample size given the record {effective:,.0f}")
    parts.append(f"{equilibria:,} equilibria in {time.perf_counter() - began:.0f} s")
    line = "; ".join(parts) + "."
    worst = max([left_out, *(1 - float(one.converged.mean()) for one in changed)])
    worst = max(worst, ensemble.worst_left_out)
    if warning := left_out_warning(worst):
        line += f" {warning}"
    if n > draws_asked:
        line += f" The record was unlikely, so {n:,} draws were taken instead of {draws_asked:,}."
    if effective < min(FEW_EFFECTIVE, draws_asked / 2):
        line += " WARNING: so few draws speak for the record that the ranges are rough."
    if ensemble.surprised:
        line += f" In {ensemble.surprised:,} draws the record is impossible in some player's model."
    return Certificate(
        line=line,
        draws=n,
        converged=converged,
        left_out=left_out,
        worst_left_out=worst,
        worst_residual=evidence.worst_residual,
        worst_regret=evidence.worst_regret,
        loss=evidence.loss,
        effective_draws=effective,
        surprised=int(ensemble.surprised),
        worlds=len(changed),
        equilibria=equilibria,
        followed=followed,
        folds=folds,
        spot_checked=evidence.spot_checked,
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
