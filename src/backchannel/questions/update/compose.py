"""Compose what changed between two states of a case, for `update` and `diff`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.claims.ask import Claims
from backchannel.questions.update.ask import NewsSurprise, NodeChange, UpdatedAssumption
from backchannel.questions.update.compare import Update
from backchannel.questions.update.document import (
    AssumptionUpdate,
    CaseDifference,
    ClaimUpdate,
    NewsSurpriseView,
    NodeUpdate,
    UpdateReport,
    ValueUpdate,
)
from backchannel.wording.left_out import counted
from backchannel.wording.percents import HARDLY, estimative_word, said, said_apart, told_apart
from backchannel.wording.pieces import clean, clean_or_none, cleaned
from backchannel.wording.prose import in_points
from backchannel.wording.words import Wording, most_changed


def compose_update(update: Update) -> UpdateReport:
    """Put what changed, and why, into words."""
    wording = Wording(update.study.lowered)
    before, after = update.earlier.ensemble, update.study.ensemble
    nodes = [_node(wording, after, change) for change in update.changes]
    assumptions = [_assumption(wording, shift) for shift in update.shifts]
    changed = _claims(*update.claims)
    known = {str(entry["node"]) for entry in update.news}
    question = update.study.lowered.first_question
    return UpdateReport(
        case=wording.lowered.case.case,
        headline=_headline(wording, nodes, assumptions, changed, update.surprises, question, known),
        news=[dict(entry) for entry in update.news],
        differences=[
            CaseDifference(kind=d.kind, where=d.where, before=d.before, after=d.after)
            for d in update.differences
        ],
        forecasts=nodes,
        assumptions=assumptions,
        claims=changed,
        surprises=[_surprise(wording, surprise) for surprise in update.surprises],
        draws=after.n_draws,
        effective_before=before.effective_draws,
        effective_after=after.effective_draws,
        left_out_before=clean(before.left_out),
        left_out=clean(after.left_out),
        caption=(
            "Forecasts, assumptions and verdicts before and after. Before: "
            f"{counted(before.n_draws, before.effective_draws, before.left_out)}. After: "
            f"{counted(after.n_draws, after.effective_draws, after.left_out)}. Other priors, or a lower "
            "reliability of an entry, would change them."
        ),
    )


def _node(wording: Wording, after: Ensemble, change: NodeChange) -> NodeUpdate:
    when = after.diagram.dates[change.node]
    return NodeUpdate(
        node=change.node,
        title=wording.node(change.node),
        date=None if when.year == 1 else when,
        distance=clean(change.distance),
        values=[
            ValueUpdate(
                value=value,
                label=wording.value(change.node, value),
                before=clean(change.before.mean[i]),
                after=clean(change.after.mean[i]),
                word_before=estimative_word(float(change.before.mean[i])),
                word_after=estimative_word(float(change.after.mean[i])),
                low=clean(change.after.low[i]),
                high=clean(change.after.high[i]),
                bounds_before=cleaned((change.before.bounds[0][i], change.before.bounds[1][i])),
                bounds=cleaned((change.after.bounds[0][i], change.after.bounds[1][i])),
            )
            for i, value in enumerate(change.after.domain)
        ],
    )


def _assumption(wording: Wording, shift: UpdatedAssumption) -> AssumptionUpdate:
    return AssumptionUpdate(
        parameter=shift.parameter,
        label=wording.parameter(shift.parameter),
        before=shift.before[0],
        after=shift.after[0],
        low=shift.after[1],
        high=shift.after[2],
        in_sds=round(shift.in_sds, 6),
    )


def _claims(before: Claims, after: Claims) -> list[ClaimUpdate]:
    earlier = {finding.claim.name: finding for finding in before}
    pairs = [(earlier.get(finding.claim.name), finding) for finding in after]
    return [
        ClaimUpdate(
            id=then.claim.name,
            says=then.claim.says,
            before=was.verdict.value,
            after=then.verdict.value,
            support_before=clean_or_none(was.support),
            support_after=clean_or_none(then.support),
        )
        for was, then in pairs
        if was and was.verdict != then.verdict
    ]


def _surprise(wording: Wording, surprise: NewsSurprise) -> NewsSurpriseView:
    possible = surprise.probability > 0
    return NewsSurpriseView(
        player=surprise.player,
        title=wording.player(surprise.player)
        if surprise.player
        else "a reader who knows the true case",
        probability=surprise.probability if possible else 0.0,
        bits=round(surprise.bits, 6) + 0.0 if possible else None,
    )


def _headline(
    wording: Wording,
    nodes: Sequence[NodeUpdate],
    assumptions: Sequence[AssumptionUpdate],
    claims: Sequence[ClaimUpdate],
    surprises: Sequence[NewsSurprise],
    question: str | None,
    known: Collection[str],
) -> list[str]:
    sentences = []
    expected = next((s for s in surprises if s.player is None), None)
    if expected:
        sentences.append(
            f"Before it happened, the news had a probability of {said(expected.probability)}."
        )
        wrong = [s for s in surprises if s.player and s.probability < expected.probability / 1.5]
        for surprise in wrong:
            name = wording.player(surprise.player or "")
            sentences.append(
                f"It was less likely in the own model of {name}: {said(surprise.probability)}."
            )
    asked = next((node for node in nodes if node.node == question), None)
    changed = [node for node in nodes if node.distance >= HARDLY]
    if asked:
        sentences.append(_about(asked))
    others = [node for node in changed if node is not asked and node.node not in known][:2]
    sentences += [_about(node) for node in others]
    if not changed:
        other = "other " if asked else ""
        sentences.append(f"No {other}forecast changes by {in_points(HARDLY)} or more.")
    if assumptions:
        first = assumptions[0]
        direction = "higher" if first.in_sds > 0 else "lower"
        after, before = told_apart(first.after, first.before)
        sentences.append(
            f"The assumption that changes most is “{first.label}”: its mean is {direction} now, "
            f"{after} instead of {before}."
        )
    if claims:
        several = f"The verdicts of {len(claims)} claims change."
        sentences.append("The verdict of one claim changes." if len(claims) == 1 else several)
    return sentences


def _about(node: NodeUpdate) -> str:
    value = most_changed(node.values, lambda v: v.after - v.before)
    what = f"“{node.title}: {value.label}”"
    if abs(value.after - value.before) < HARDLY:
        return f"{what} is about as likely as before: {said(value.after)}."
    direction = "more likely" if value.after > value.before else "less likely"
    after, before = said_apart(value.after, value.before)
    return f"{what} is {direction} now: {after} instead of {before}."
