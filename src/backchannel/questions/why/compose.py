"""Compose the answers document's part on why from an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lowered import CaseQuestion
from backchannel.questions.composing import Composing
from backchannel.questions.why.ask import Explanation
from backchannel.questions.why.asked import Asked
from backchannel.questions.why.decomposition import CHANCE, Decomposition
from backchannel.questions.why.document import (
    CauseApart,
    CausePart,
    Reading,
    Through,
    Why,
    WhyCaption,
    WhyPart,
)
from backchannel.questions.why.estimate import Measured
from backchannel.questions.why.explain import Explained
from backchannel.questions.why.sentences import apart_sentence, why_sentences
from backchannel.wording.words import Wording, counted

DIGITS = 6


def compose(composing: Composing, found: Sequence[Explained]) -> WhyPart:
    """Every `why` of the case's questions."""
    return WhyPart(whys=[compose_why(composing.wording, explained) for explained in found])


def answer(composing: Composing, question: CaseQuestion) -> tuple[list[str], list[str]]:
    """Answer a question of the case that asks why."""
    whys = composing.parts["why"].whys
    return next(why for why in whys if why.name == question.name).sentences, []


def compose_why(wording: Wording, explained: Explained) -> Why:
    """Put an explanation into the document's words."""
    found, asked = explained.explanation, explained.asked
    titles = {cause: wording.intervention(cause, made) for cause, made in asked.causes.items()}
    causes = [
        CausePart(
            cause=finding.name,
            title=titles[finding.name],
            share=reading(finding.share, found.bounds_of(finding.share, least=-1.0)),
            necessity=reading(finding.necessity, found.bounds_of(finding.necessity)),
            sufficiency=reading(finding.sufficiency, found.bounds_of(finding.sufficiency)),
            bounds=finding.bounds and (_clean(finding.bounds[0]), _clean(finding.bounds[1])),
        )
        for finding in sorted(found.causes, key=lambda finding: -finding.share.mean)
    ]
    title, label = wording.node(found.node), wording.value(found.node, found.value)
    total = reading(found.total, found.bounds_of(found.total))
    return Why(
        name=asked.name,
        asks=asked.asks or f"Why {title}: {label}?",
        node=found.node,
        title=title,
        value=found.value,
        label=label,
        total=total,
        causes=causes,
        apart=[compose_decomposition(wording, part, asked) for part in explained.decompositions],
        draws=found.n_draws,
        worlds=found.n_worlds,
        sets=found.n_sets,
        exact=found.is_exact,
        effective_draws=_clean(found.effective_draws),
        left_out=_clean(found.left_out),
        sentences=why_sentences(f"{title}: {label}", total, causes, found.left_out),
        caption=_caption(found, f"{title}: {label}", causes),
    )


def reading(measured: Measured, bounds: tuple[float, float]) -> Reading:
    """A measured number in the document's form."""
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


def compose_decomposition(wording: Wording, found: Decomposition, asked: Asked) -> CauseApart:
    """Put one cause that was taken apart into the document's words."""
    title = wording.intervention(found.cause, asked.causes[found.cause])
    node, value = asked.outcome
    outcome = f"{wording.node(node)}: {wording.value(node, value)}"
    parts = [
        Through(
            through="", label="by itself", effect=reading(found.alone, found.bounds_of(found.alone))
        )
    ]
    parts += [
        Through(
            through=member,
            label="chance" if member == CHANCE else wording.player(member),
            effect=reading(measured, found.bounds_of(measured)),
        )
        for member, measured in found.parts.items()
    ]
    total = reading(found.total, found.bounds_of(found.total))
    return CauseApart(
        cause=found.cause,
        title=title,
        total=total,
        parts=parts,
        sentence=apart_sentence(title, outcome, total, parts),
    )


def _caption(found: Explanation, outcome: str, causes: Sequence[CausePart]) -> WhyCaption:
    worst = max(cause.share.error for cause in causes)
    how = "every set of causes" if found.is_exact else "sets of causes along random orders"
    return WhyCaption(
        shows=(
            f"each cause's share (Shapley value) of the probability that “{outcome}” would not have "
            "happened: mean and 5–95% over draws, with a mark where shocks are independent in "
            "every context"
        ),
        rests_on=(
            f"{counted(found.n_draws, found.effective_draws, found.left_out)} with "
            f"{found.n_worlds} worlds each, {how} undone ({found.n_sets}); standard error of a share "
            f"{'below 0.1' if worst < 0.001 else f'at most {100 * worst:.1f}'} points"
        ),
        would_change=(
            "another list of causes (shares divide what these causes do together), what shocks are "
            "taken to share, and the assumptions behind the draws"
        ),
    )


def _clean(number: float) -> float:
    return round(float(number), DIGITS) + 0.0
