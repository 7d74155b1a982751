"""Put an explanation into the document's words."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing
from backchannel.questions.forecast.outside_compose import carried_text
from backchannel.questions.unanswered import Unanswered, answered
from backchannel.questions.why.decomposition import CHANCE_MEMBER, Decomposition
from backchannel.questions.why.document import (
    CauseApart,
    CausePart,
    Reading,
    Through,
    Why,
    WhyPart,
)
from backchannel.questions.why.estimate import CoupledEstimate
from backchannel.questions.why.explain import WhyAnswer
from backchannel.questions.why.results import Explanation
from backchannel.questions.why.sentences import decomposition_sentence, why_sentences
from backchannel.questions.why.why_question import WhyQuestion
from backchannel.wording.interventions import if_clause, what_happened
from backchannel.wording.left_out import counted
from backchannel.wording.pieces import Facts
from backchannel.wording.words import Wording

SHARE_DIGITS = 6
"""Decimal places of sampled numbers."""


def compose(composing: Composing, answers: Sequence[WhyAnswer | Unanswered]) -> WhyPart:
    """Compose every `why` of the case's questions that has an answer."""
    return WhyPart(whys=[compose_why(composing.wording, why) for why in answered(answers)])


def answer(composing: Composing, question: CaseQuestion) -> tuple[list[str], list[str]]:
    """Answer a question of the case that asks why, in sentences."""
    whys = composing.parts["why"].whys
    return next(why for why in whys if why.name == question.name).sentences, []


def compose_why(wording: Wording, why_answer: WhyAnswer) -> Why:
    """Put an explanation into the document's words."""
    explanation, asked = why_answer.explanation, why_answer.question
    titles = {cause: if_clause(wording, cause, change) for cause, change in asked.causes.items()}
    causes = [
        CausePart(
            cause=finding.name,
            title=titles[finding.name],
            happened=what_happened(wording, finding.name),
            share=reading(finding.share, explanation.bounds_of(finding.share, least=-1.0)),
            necessity=reading(finding.necessity, explanation.bounds_of(finding.necessity)),
            sufficiency=reading(finding.sufficiency, explanation.bounds_of(finding.sufficiency)),
            bounds=finding.bounds and (_clean(finding.bounds[0]), _clean(finding.bounds[1])),
        )
        for finding in sorted(explanation.causes, key=lambda finding: -finding.share.mean)
    ]
    title, label = (
        wording.node(explanation.node),
        wording.value(explanation.node, explanation.value),
    )
    total = reading(explanation.total, explanation.bounds_of(explanation.total))
    base_rates = carried_text(wording.lowered, wording, explanation.carried)
    return Why(
        name=asked.name,
        asks=asked.asks or f"Why “{title}: {label}”?",
        node=explanation.node,
        title=title,
        value=explanation.value,
        label=label,
        total=total,
        causes=causes,
        apart=[compose_decomposition(wording, part, asked) for part in why_answer.decompositions],
        draws=explanation.n_draws,
        worlds=explanation.n_worlds,
        sets=explanation.n_sets,
        exact=explanation.is_exact,
        effective_draws=_clean(explanation.effective_draws),
        left_out=_clean(explanation.left_out),
        sentences=[
            *why_sentences(f"{title}: {label}", total, causes, explanation.left_out),
            *([f"({base_rates[:1].upper()}{base_rates[1:]}.)"] if base_rates else []),
        ],
        caption=_caption(explanation, f"{title}: {label}", causes),
    )


def reading(measured: CoupledEstimate, bounds: tuple[float, float]) -> Reading:
    """Round an estimate to the document's form."""
    shared, independent = measured.shared, measured.independent
    return Reading(
        mean=_clean(shared.mean),
        low=_clean(shared.low),
        high=_clean(shared.high),
        error=_clean(shared.error),
        independent=_clean(independent.mean),
        independent_low=_clean(independent.low),
        independent_high=_clean(independent.high),
        bounds=(_clean(bounds[0]), _clean(bounds[1])),
    )


def compose_decomposition(
    wording: Wording, decomposition: Decomposition, asked: WhyQuestion
) -> CauseApart:
    """Put the decomposition of one cause into the document's words."""
    title = if_clause(wording, decomposition.cause, asked.causes[decomposition.cause])
    node, value = asked.outcome
    outcome = f"{wording.node(node)}: {wording.value(node, value)}"
    parts = [
        Through(
            through="",
            label="direct effect",
            effect=reading(decomposition.alone, decomposition.bounds_of(decomposition.alone)),
        )
    ]
    parts += [
        Through(
            through=member,
            label="chance" if member == CHANCE_MEMBER else wording.player(member),
            effect=reading(measured, decomposition.bounds_of(measured)),
        )
        for member, measured in decomposition.parts.items()
    ]
    total = reading(decomposition.total, decomposition.bounds_of(decomposition.total))
    return CauseApart(
        cause=decomposition.cause,
        title=title,
        total=total,
        parts=parts,
        sentence=decomposition_sentence(title, outcome, total, parts),
    )


def _caption(explanation: Explanation, outcome: str, causes: Sequence[CausePart]) -> Facts:
    worst = max(cause.share.error for cause in causes)
    how = "every set of causes" if explanation.is_exact else "sets of causes along random orders"
    return Facts(
        shows=(
            f"each cause's share (Shapley value) of the probability that “{outcome}” would not have happened. "
            "Bars are means, and lines 5–95% ranges over draws. A mark shows the mean with independent shocks in "
            "every context"
        ),
        rests_on=(
            f"{counted(explanation.n_draws, explanation.effective_draws, explanation.left_out)} with "
            f"{explanation.n_worlds} worlds each; {how} undone ({explanation.n_sets}); standard error of a share "
            f"{'below 0.1' if worst < 0.001 else f'at most {100 * worst:.1f}'} points"
        ),
        would_change=(
            "another list of causes (the shares divide the joint effect of these causes), another "
            "assumption about the shocks, and other assumptions behind the draws"
        ),
    )


def _clean(number: float) -> float:
    return round(float(number), SHARE_DIGITS) + 0.0
