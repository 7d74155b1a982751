"""Put the players' expectations into the document's words."""

from __future__ import annotations

from datetime import date

import numpy as np

from backchannel.diagram.beliefs import Observation, Viewpoint
from backchannel.diagram.diagram import Diagram
from backchannel.questions.composing import Composing
from backchannel.questions.surprise.ask import resolve_view
from backchannel.questions.surprise.document import (
    ExpectationView,
    ExpectedValue,
    HeatRow,
    ReceptionView,
    SurprisePart,
    SurpriseView,
    Viewer,
)
from backchannel.questions.surprise.expectations import Expectation, RecordSurprise, Surprise
from backchannel.wording.left_out import counted
from backchannel.wording.pieces import Facts, clean
from backchannel.wording.words import Wording


def compose(composing: Composing, surprise: Surprise | None) -> SurprisePart:
    """Compose what players with wrong beliefs expect."""
    return SurprisePart(surprise=surprise and compose_surprise(composing.wording, surprise))


def compose_surprise(wording: Wording, surprise: Surprise) -> SurpriseView:
    """Put all players' expectations into the document's words."""
    diagram = wording.lowered.diagram
    gaps = {(e.view, e.node): round(e.gap, 10) for e in surprise.expectations}
    nodes = [name for name in diagram.order if any((v, name) in gaps for v in surprise.views)]
    return SurpriseView(
        case=wording.lowered.case.case,
        viewers=[
            Viewer(
                view=list(view), title=wording.view(view), beside=_beside(wording, view, surprise)
            )
            for view in surprise.views
        ],
        unerring=[wording.player(name) for name in surprise.unerring],
        heat=[
            HeatRow(
                node=name,
                title=wording.node(name),
                gaps=[gaps.get((view, name)) for view in surprise.views],
            )
            for name in nodes
        ],
        expectations=[
            _expectation(wording, diagram, e, surprise.record) for e in surprise.expectations
        ],
        receptions=[
            _record_surprise(wording, s, surprise.record[s.entry])
            for s in sorted(surprise.record_surprises, key=lambda s: s.entry)
        ],
        facts=_facts(surprise),
    )


def _beside(wording: Wording, view: Viewpoint, surprise: Surprise) -> str:
    if len(view) == 1:
        return "what the forecast says"
    real = resolve_view(view[1:], surprise.views)
    if real and real != view[1:]:
        return f"what {wording.view(real)} expects"
    return f"what {wording.view(view[1:])} really expects"


def _expectation(
    wording: Wording, diagram: Diagram, expectation: Expectation, record: tuple[Observation, ...]
) -> ExpectationView:
    when = diagram.dates[expectation.node]
    low, high = expectation.range
    pairs = {value: expectation.mean_of(value) for value in expectation.domain}
    return ExpectationView(
        view=list(expectation.view),
        node=expectation.node,
        title=wording.node(expectation.node),
        date=None if when == date.min else when,
        record_before=None if expectation.entry is None else record[expectation.entry].date,
        gap=clean(expectation.gap),
        low=clean(low),
        high=clean(high),
        bits=clean(expectation.divergence),
        values=[
            ExpectedValue(
                value=value,
                label=wording.value(expectation.node, value),
                expects=clean(expects),
                is_so=clean(actual),
            )
            for value, (expects, actual) in pairs.items()
        ],
    )


def _record_surprise(
    wording: Wording, surprise: RecordSurprise, entry: Observation
) -> ReceptionView:
    return ReceptionView(
        view=list(surprise.view),
        node=entry.node,
        title=wording.node(entry.node),
        value=entry.value,
        label=wording.value(entry.node, entry.value),
        date=entry.date,
        bits=clean(surprise.bits) if np.isfinite(surprise.bits) else None,
        due=clean(surprise.unavoidable) if np.isfinite(surprise.unavoidable) else None,
        impossible=clean(surprise.impossible),
    )


def _facts(surprise: Surprise) -> Facts:
    return Facts(
        shows=(
            "each player's forecast of the others' decisions and of chance in its own model, beside "
            "the actual forecast; both given the public record (for a node on record: just before "
            "its entry)"
        ),
        rests_on=(
            f"means over {counted(surprise.n_draws, surprise.effective_draws, surprise.left_out)}; the "
            "gap is the total variation, compared draw by draw"
        ),
        would_change=(
            "other beliefs under `beliefs`, or a longer record; private observations are not used"
        ),
    )
