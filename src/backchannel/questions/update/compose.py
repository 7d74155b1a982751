"""Compose what moved between two states of a case, for `update` and `diff`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.claims.verdicts import Claims
from backchannel.questions.update.ask import NewsSurprise, NodeMove, Shift
from backchannel.questions.update.compare import Update
from backchannel.questions.update.document import (
    AssumptionMoved,
    CaseDifference,
    ClaimMoved,
    NodeMoved,
    SurpriseAtNews,
    UpdateReport,
    ValueMoved,
)
from backchannel.wording.pieces import clean, clean_or_none, cleaned
from backchannel.wording.words import HARDLY, Wording, counted, estimative_word, percent


def compose_update(update: Update) -> UpdateReport:
    """Say what moved, and why."""
    wording = Wording(update.study.lowered)
    before, after = update.earlier.ensemble, update.study.ensemble
    nodes = [_node(wording, after, move) for move in update.moves]
    assumptions = [_assumption(wording, shift) for shift in update.shifts]
    changed = _claims(*update.claims)
    told = {str(entry["node"]) for entry in update.news}
    question = update.study.lowered.first_question
    return UpdateReport(
        case=wording.lowered.case.case,
        headline=_headline(wording, nodes, assumptions, changed, update.surprises, question, told),
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
            "Forecasts, assumptions and verdicts before, over "
            f"{counted(before.n_draws, before.effective_draws, before.left_out)}, and after, over "
            f"{counted(after.n_draws, after.effective_draws, after.left_out)}. Another prior, or a "
            "lower reliability of an entry, would change them."
        ),
    )


def _node(wording: Wording, after: Ensemble, move: NodeMove) -> NodeMoved:
    when = after.diagram.dates[move.node]
    return NodeMoved(
        node=move.node,
        title=wording.node(move.node),
        date=None if when.year == 1 else when,
        distance=round(move.distance, 10),
        values=[
            ValueMoved(
                value=value,
                label=wording.value(move.node, value),
                before=round(float(move.before.mean[i]), 10),
                after=round(float(move.after.mean[i]), 10),
                word_before=estimative_word(float(move.before.mean[i])),
                word_after=estimative_word(float(move.after.mean[i])),
                low=round(float(move.after.low[i]), 10),
                high=round(float(move.after.high[i]), 10),
                bounds_before=cleaned((move.before.bounds[0][i], move.before.bounds[1][i])),
                bounds=cleaned((move.after.bounds[0][i], move.after.bounds[1][i])),
            )
            for i, value in enumerate(move.after.domain)
        ],
    )


def _assumption(wording: Wording, shift: Shift) -> AssumptionMoved:
    return AssumptionMoved(
        parameter=shift.parameter,
        label=wording.parameter(shift.parameter),
        before=shift.before[0],
        after=shift.after[0],
        low=shift.after[1],
        high=shift.after[2],
        in_sds=round(shift.in_sds, 6),
    )


def _claims(before: Claims, after: Claims) -> list[ClaimMoved]:
    earlier = {finding.claim.name: finding for finding in before}
    pairs = [(earlier.get(finding.claim.name), finding) for finding in after]
    return [
        ClaimMoved(
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


def _surprise(wording: Wording, one: NewsSurprise) -> SurpriseAtNews:
    possible = one.probability > 0
    return SurpriseAtNews(
        player=one.player,
        title=wording.player(one.player) if one.player else "whoever knows the case as it is",
        probability=one.probability if possible else 0.0,
        bits=round(one.bits, 6) + 0.0 if possible else None,
    )


def _headline(
    wording: Wording,
    nodes: Sequence[NodeMoved],
    assumptions: Sequence[AssumptionMoved],
    claims: Sequence[ClaimMoved],
    surprises: Sequence[NewsSurprise],
    question: str | None,
    told: Collection[str],
) -> list[str]:
    sentences = []
    expected = next((s for s in surprises if s.player is None), None)
    if expected:
        word = estimative_word(expected.probability)
        sentences.append(
            f"What happened had a chance of {percent(expected.probability)} ({word}) by what was "
            "known before."
        )
        wrong = [s for s in surprises if s.player and s.probability < expected.probability / 1.5]
        for one in wrong:
            name = wording.player(one.player or "")
            sentences.append(
                f"To {name} it was less likely: {percent(one.probability)} in its own model."
            )
    asked = next((node for node in nodes if node.node == question), None)
    far = [node for node in nodes if node.distance >= HARDLY]
    if asked:
        sentences.append(_about(asked))
    others = [node for node in far if node is not asked and node.node not in told][:2]
    sentences += [_about(node) for node in others]
    if not far:
        other = "other " if asked else ""
        sentences.append(f"No {other}forecast moves by 2 points or more.")
    if assumptions:
        first = assumptions[0]
        turn = "higher" if first.in_sds > 0 else "lower"
        sentences.append(
            f"Of the assumptions, “{first.label}” moves most: it is now thought {turn}, "
            f"{first.after:.3g} instead of {first.before:.3g}."
        )
    if claims:
        one = len(claims) == 1
        sentences.append(
            "One claim changes its verdict."
            if one
            else f"{len(claims)} claims change their verdict."
        )
    return sentences


def _about(node: NodeMoved) -> str:
    value = max(node.values, key=lambda v: abs(v.after - v.before))
    what = f"“{node.title}: {value.label}”"
    if node.distance < HARDLY:
        return f"{what} hardly moves: {percent(value.after)} ({value.word_after})."
    turn = "likelier" if value.after > value.before else "less likely"
    return (
        f"{what} becomes {turn}: {percent(value.before)} ({value.word_before}) before, "
        f"{percent(value.after)} ({value.word_after}) now."
    )
