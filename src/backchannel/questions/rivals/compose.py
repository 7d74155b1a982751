"""Put rivals into the document's words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from backchannel.diagram.rivals import Rival
from backchannel.language.names import NodeName, Value
from backchannel.questions.composing import Composing
from backchannel.questions.rivals.document import (
    MixedForecast,
    RivalsPart,
    RivalsView,
    RivalView,
    StructureForecast,
    UnsolvedRival,
)
from backchannel.questions.rivals.results import LeftOutRival, Rivals, SolvedRival
from backchannel.questions.rivals.sentences import (
    evidence_in_words,
    factor_text,
    rivals_sentences,
    value_most_changed,
)
from backchannel.wording.interventions import describe
from backchannel.wording.percents import HARDLY
from backchannel.wording.pieces import Facts, clean
from backchannel.wording.words import Wording, plain_name

LARGEST_LOG = 700.0
"""Logarithms of Bayes factors beyond this would not fit a number."""


def compose(composing: Composing, rivals: Rivals | None) -> RivalsPart:
    """Put the rivals of a run into words."""
    return RivalsPart(rivals=compose_rivals(composing, rivals) if rivals is not None else None)


def compose_rivals(composing: Composing, rivals: Rivals) -> RivalsView:
    """Put rivals into words."""
    wording = composing.wording
    weights = [clean(weight) for weight in rivals.weights]
    solved = (rivals.case, *rivals.solved)
    structures = [
        _structure(wording, rivals.node, rivals.domain, one, one is rivals.case, weight)
        for one, weight in zip(solved, weights, strict=True)
    ]
    labels = [wording.value(rivals.node, value) for value in rivals.domain]
    mean, low, high = rivals.mean, rivals.at(0.05), rivals.at(0.95)
    over = [
        MixedForecast(
            value=value,
            label=labels[i],
            probability=clean(mean[i]),
            low=clean(low[i]),
            high=clean(high[i]),
        )
        for i, value in enumerate(rivals.domain)
    ]
    when = composing.ensemble.diagram.dates[rivals.node]
    hinge = rivals.hinge
    return RivalsView(
        node=rivals.node,
        title=wording.node(rivals.node),
        date=None if when == date.min else when,
        structures=structures,
        over_structures=over,
        unchanged=[rival_title(wording, rival) for rival in rivals.unchanged],
        left_out=[
            UnsolvedRival(title=rival_title(wording, missing.rival), reason=missing.reason)
            for missing in rivals.left_out
        ],
        not_tried=rivals.not_tried,
        sentences=rivals_sentences(
            wording.node(rivals.node),
            structures,
            over,
            hinge=next((s for s in structures if hinge and s.name == hinge.rival.name), None),
        ),
        caption=Facts(
            shows="forecasts of the case and of structures that differ from it in one assumption; for each the "
            "logarithm of its marginal likelihood ± the standard error, and the Bayes factor against the case with "
            "the numbers two standard errors below and above",
            rests_on=f"the same {rivals.n_draws:,} draws for every structure; {len(rivals.solved)} rivals that "
            f"change something, {len(rivals.unchanged)} that change nothing, {len(rivals.left_out)} left out",
            would_change="other rivals, other priors, or more of the record: every structure counts as equally "
            "likely before it",
        ),
    )


def rival_line(
    wording: Wording, node: NodeName, case: SolvedRival, result: SolvedRival | LeftOutRival
) -> str:
    """Say in a line what a rival has shown: its Bayes factor, and the outcome that changes most."""
    title = rival_title(wording, result.rival)
    if isinstance(result, LeftOutRival):
        return f"Left out: if {title}. {result.reason}"
    if result.changes_nothing:
        return f"If {title}: nothing changes."
    domain = wording.lowered.diagram.domains[node]
    own, there = (
        _structure(wording, node, domain, one, one is case, 0.0) for one in (case, result)
    )
    factor = f"Bayes factor {factor_text(there.bayes_factor)}"
    if result.distance < HARDLY:
        return f"If {title}: the forecast hardly changes; {factor}."
    return f"If {title}: {value_most_changed(own, there)}; {factor}."


def rival_title(wording: Wording, rival: Rival) -> str:
    """A rival as a clause that follows "if"."""
    names = rival.names
    case = wording.lowered.case
    if rival.kind == "written":
        written = next(w for w in wording.lowered.rivals if w.name == names[0])
        changed = describe(wording, written.change)
        parts = [changed] if changed else []
        parts += [f"{' came before '.join(written.order)}"] if written.order else []
        parts += [
            f"nobody had the interest “{wording.interest(name)}”" for name in written.drop_interest
        ]
        return written.title or " and ".join(parts)
    if rival.kind == "belief":
        return f"{wording.player(names[0])} had true beliefs"
    if rival.kind == "reasoning":
        is_other = names[0] in wording.lowered.diagram.thinking.of_player
        how = "knew how the others play" if is_other else "thought one step ahead (level 1)"
        return f"{wording.player(names[0])} {how}"
    if rival.kind == "order":
        return f"“{wording.node(names[0])}” came before “{wording.node(names[1])}”"
    if rival.kind == "interest":
        entry = case.interests.get(names[0]) or case.interests.get(f"{names[0]}@1")
        if entry is None:
            return f"the interest “{plain_name(names[0])}” did not count"
        about = entry.about or plain_name(names[0])
        return f"“{about}” did not count for {wording.player(entry.player)}"
    verb = "did not see" if rival.kind == "sees less" else "saw"
    decision, seen = wording.node(names[0]), wording.node(names[1])
    player = wording.player(case.nodes[names[0]].player or "")
    return f"{player} {verb} “{seen}” at “{decision}”"


def _structure(
    wording: Wording,
    node: NodeName,
    domain: Sequence[Value],
    one: SolvedRival,
    is_case: bool,
    weight: float,
) -> RivalView:
    spread = 2 * one.bayes_error
    return RivalView(
        name="" if is_case else one.rival.name,
        title="the case as it is written" if is_case else rival_title(wording, one.rival),
        kind="case" if is_case else one.rival.kind,
        log_marginal=clean(one.marginal.log),
        log_marginal_error=clean(one.marginal.error),
        bayes_factor=_factor(one.bayes_log),
        bayes_range=(_factor(one.bayes_log - spread), _factor(one.bayes_log + spread)),
        evidence="" if is_case else evidence_in_words(one.bayes_log),
        weight=weight,
        values=[
            StructureForecast(
                value=value,
                label=wording.value(node, value),
                probability=clean(one.chances[i]),
                low=clean(one.low[i]),
                high=clean(one.high[i]),
            )
            for i, value in enumerate(domain)
        ],
        distance=clean(one.distance),
        stands_out=not is_case and one.stands_out,
        left_out=clean(one.left_out),
    )


def _factor(logarithm: float) -> float:
    return clean(math.exp(min(max(logarithm, -LARGEST_LOG), LARGEST_LOG)))
