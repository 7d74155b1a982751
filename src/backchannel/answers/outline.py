"""The outline of a case: the answers document before anything is solved.

It holds what the case says, so that a page can draw the diagram and list the assumptions and claims at once. It needs
no solver, and is composed in a fraction of a second.
"""

from __future__ import annotations

from backchannel.answers import background
from backchannel.answers.document import Answer, Answers, CaseHead, Certificate, Run, answers_model
from backchannel.answers.layout.layout import compose_layout
from backchannel.answers.source_uses import source_uses
from backchannel.answers.vocabulary_compose import compose_vocabulary
from backchannel.case.lowered import Lowered
from backchannel.diagram.claim_tests import Claim
from backchannel.questions.claims.document import ClaimFinding
from backchannel.questions.sensitivity.document import SensitivityView
from backchannel.questions.sensitivity.without_results import view_without_results
from backchannel.questions.watch.without_indicators import watch_without_indicators
from backchannel.wording.claim_words import claim_words
from backchannel.wording.pieces import Facts
from backchannel.wording.words import Wording

NOT_YET = "Not solved yet."
NO_VERDICT = "not solved yet"


def compose_outline(lowered: Lowered, *, name: str) -> Answers:
    """Compose the document of a case in which nothing is solved.

    Args:
        lowered: The case.
        name: Of the case.
    """
    wording = Wording(lowered)
    nodes = background.nodes(lowered, wording)
    interests = background.interests(lowered, None)
    return answers_model()(
        case=compose_head(lowered, name=name),
        run=Run(draws=0, draws_asked=0, seed=0, seconds=0.0, versions={}, solved="nothing"),
        certificate=_no_certificate(),
        answers=[
            Answer(
                name=asked.name,
                asks=asked.asks or asked.name.replace("_", " "),
                kind=asked.kind,
                sentences=[],
                outcomes=[node for node, _ in asked.outcomes],
                what_ifs=[],
            )
            for asked in lowered.questions
        ],
        forecasts=[],
        what_ifs=[],
        whys=[],
        deals=[],
        claims=[_claim(claim, wording) for claim in lowered.claims],
        matter_most=[],
        matter_for="",
        sensitivity=_no_sensitivity(),
        what_it_would_take=None,
        watch=watch_without_indicators(case=name),
        assumptions=background.assumptions(lowered, None, wording),
        players=background.players(lowered, None, wording),
        nodes=nodes,
        interests=interests,
        rules=[],
        timeline=background.timeline(lowered, wording),
        sources=background.source_views(lowered),
        source_uses=source_uses(lowered, wording),
        warnings=[str(warning) for warning in lowered.warnings],
        vocabulary=compose_vocabulary(),
        layout=compose_layout(nodes, interests),
    )


def compose_head(lowered: Lowered, *, name: str) -> CaseHead:
    """Say which case it is."""
    case = lowered.case
    return CaseHead(
        name=name,
        title=case.case,
        question=case.question,
        about=case.about,
        utility_unit=case.utility_unit,
        as_of=case.as_of,
    )


def _claim(claim: Claim, wording: Wording) -> ClaimFinding:
    return ClaimFinding(
        id=claim.name,
        says=claim.says,
        source=claim.source,
        at=claim.at,
        test=claim.test.text,
        test_words=claim_words(wording, claim),
        verdict=NO_VERDICT,
        support=None,
        prior_support=None,
        left=None,
        right=None,
        difference=None,
        low=None,
        high=None,
        margin=claim.margin,
        hinges_on=None,
        record_before=None,
    )


def _no_certificate() -> Certificate:
    return Certificate(
        line=NOT_YET,
        draws=0,
        converged=0,
        left_out=0.0,
        worst_residual=0.0,
        worst_regret=0.0,
        loss={},
        effective_draws=0.0,
        surprised=0,
        worlds=0,
        equilibria=0,
        followed=0,
        folds=0,
        crossed=0,
        spot_checked=0,
    )


def _no_sensitivity() -> SensitivityView:
    nothing = dict.fromkeys(("node", "title", "value", "label"), "")
    outcome = {**nothing, "forecast": 0.0, "draws": 0, "effective_draws": 0.0}
    no_facts = Facts(shows="", rests_on="", would_change="")
    return view_without_results(outcome, silent=NOT_YET, facts=no_facts)
