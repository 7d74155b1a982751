"""Compose what moved between two states of a case, for `update` and `diff`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from backchannel.answers.document import ClaimFinding
from backchannel.case.compare import Difference
from backchannel.ensemble.ensemble import Ensemble
from backchannel.questions.forecast.ask import forecast
from backchannel.questions.update.ask import Moved as NodeMove
from backchannel.questions.update.ask import Shift, Surprise
from backchannel.questions.update.document import (
    AssumptionMoved,
    CaseDifference,
    ClaimMoved,
    Moved,
    NodeMoved,
    SurpriseAtNews,
    ValueMoved,
)
from backchannel.wording.pieces import cleaned
from backchannel.wording.words import Wording, counted, estimative_word, percent

HARDLY = 0.02
"""Total variation below which a forecast has hardly moved."""


def compose_moved(
    wording: Wording,
    before: Ensemble,
    after: Ensemble,
    claims: tuple[Sequence[ClaimFinding], Sequence[ClaimFinding]],
    *,
    question: str,
    shifts: Sequence[Shift] = (),
    surprises: Sequence[Surprise] = (),
    news: Sequence[dict[str, Any]] = (),
    differences: Sequence[Difference] = (),
) -> Moved:
    """Say what moved, and why.

    Args:
        wording: The words of the later state.
        before: The solved case before.
        after: The solved case after.
        claims: Verdicts before and after.
        question: The node that the case's first question is about.
        shifts: Assumptions that look different.
        surprises: How likely the news was, to whom.
        news: New entries of the record, as mappings.
        differences: What differs in the text of the case.
    """
    moves = _moves(before, after)
    nodes = [_node(wording, after, move) for move in moves]
    assumptions = [_assumption(wording, shift) for shift in shifts]
    changed = _claims(*claims)
    told = {str(entry["node"]) for entry in news}
    return Moved(
        case=wording.lowered.case.case,
        headline=_headline(wording, nodes, assumptions, changed, surprises, question, told),
        news=[dict(entry) for entry in news],
        differences=[
            CaseDifference(kind=d.kind, where=d.where, before=d.before, after=d.after)
            for d in differences
        ],
        forecasts=nodes,
        assumptions=assumptions,
        claims=changed,
        surprises=[_surprise(wording, one) for one in surprises],
        draws=after.n_draws,
        effective_before=before.effective_draws,
        effective_after=after.effective_draws,
        left_out_before=round(before.left_out, 10),
        left_out=round(after.left_out, 10),
        caption=(
            "Forecasts, assumptions and verdicts before, over "
            f"{counted(before.n_draws, before.effective_draws, before.left_out)}, and after, over "
            f"{counted(after.n_draws, after.effective_draws, after.left_out)}. Another prior, or a "
            "lower reliability of an entry, would change them."
        ),
    )


def _moves(before: Ensemble, after: Ensemble) -> list[NodeMove]:
    known = {entry.node for entry in after.record if entry.reliability == 1.0}
    found = [
        NodeMove(node, forecast(before, node), forecast(after, node))
        for node in after.diagram.order
        if node not in known
        and node in before.diagram.domains
        and before.diagram.domains[node] == after.diagram.domains[node]
    ]
    return sorted(found, key=lambda move: -move.distance)


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


def _claims(before: Sequence[ClaimFinding], after: Sequence[ClaimFinding]) -> list[ClaimMoved]:
    earlier = {claim.id: claim for claim in before}
    return [
        ClaimMoved(
            id=claim.id,
            says=claim.says,
            before=earlier[claim.id].verdict,
            after=claim.verdict,
            support_before=earlier[claim.id].support,
            support_after=claim.support,
        )
        for claim in after
        if claim.id in earlier and earlier[claim.id].verdict != claim.verdict
    ]


def _surprise(wording: Wording, one: Surprise) -> SurpriseAtNews:
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
    surprises: Sequence[Surprise],
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
