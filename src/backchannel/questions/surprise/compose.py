"""Compose the surprise table: whose expectations, of what, beside what is so."""

from __future__ import annotations

from datetime import date

import numpy as np

from backchannel.diagram.beliefs import Observation, Viewpoint
from backchannel.diagram.diagram import Diagram
from backchannel.questions.surprise.ask import Expectation, Reception, Surprise, nearest_view
from backchannel.questions.surprise.document import (
    ExpectationView,
    ExpectedValue,
    HeatRow,
    ReceptionView,
    SurpriseView,
    Viewer,
)
from backchannel.wording.pieces import Facts, clean
from backchannel.wording.words import Wording, counted


def compose_surprise(wording: Wording, found: Surprise) -> SurpriseView:
    """Put everyone's expectations into words."""
    diagram = wording.lowered.diagram
    gaps = {(one.view, one.node): round(one.gap, 10) for one in found.expectations}
    nodes = [name for name in diagram.order if any((v, name) in gaps for v in found.views)]
    return SurpriseView(
        case=wording.lowered.case.case,
        viewers=[
            Viewer(view=list(view), title=wording.view(view), beside=_beside(wording, view, found))
            for view in found.views
        ],
        unerring=[wording.player(name) for name in found.unerring],
        heat=[
            HeatRow(
                node=name,
                title=wording.node(name),
                gaps=[gaps.get((view, name)) for view in found.views],
            )
            for name in nodes
        ],
        expectations=[
            _expectation(wording, diagram, one, found.record) for one in found.expectations
        ],
        receptions=[
            _reception(wording, one, found.record[one.entry])
            for one in sorted(found.receptions, key=lambda one: one.entry)
        ],
        facts=_facts(found),
    )


def _beside(wording: Wording, view: Viewpoint, found: Surprise) -> str:
    if len(view) == 1:
        return "what is so"
    real = nearest_view(view[1:], found.views)
    if real and real != view[1:]:
        return f"what {wording.view(real)} expects"
    return f"what {wording.view(view[1:])} really expects"


def _expectation(
    wording: Wording, diagram: Diagram, one: Expectation, record: tuple[Observation, ...]
) -> ExpectationView:
    when = diagram.dates[one.node]
    low, high = one.range
    pairs = {value: one.mean_of(value) for value in one.domain}
    return ExpectationView(
        view=list(one.view),
        node=one.node,
        title=wording.node(one.node),
        date=None if when == date.min else when,
        record_before=None if one.entry is None else record[one.entry].date,
        gap=clean(one.gap),
        low=clean(low),
        high=clean(high),
        bits=clean(one.divergence),
        values=[
            ExpectedValue(
                value=value,
                label=wording.value(one.node, value),
                expects=clean(expects),
                is_so=clean(is_so),
            )
            for value, (expects, is_so) in pairs.items()
        ],
    )


def _reception(wording: Wording, one: Reception, entry: Observation) -> ReceptionView:
    return ReceptionView(
        view=list(one.view),
        node=entry.node,
        title=wording.node(entry.node),
        value=entry.value,
        label=wording.value(entry.node, entry.value),
        date=entry.date,
        bits=clean(one.bits) if np.isfinite(one.bits) else None,
        due=clean(one.due) if np.isfinite(one.due) else None,
        impossible=clean(one.impossible),
    )


def _facts(found: Surprise) -> Facts:
    return Facts(
        shows=(
            "each player's forecast in its own model of the others' moves and of chance, beside what "
            "is so, both given the public record (a node on record: as it looked just before)"
        ),
        rests_on=(
            f"means over {counted(found.n_draws, found.effective_draws, found.left_out)}; the "
            "gap is the total variation, compared draw by draw"
        ),
        would_change=(
            "another belief under `beliefs`, or more on record; what a player alone has seen is not "
            "used"
        ),
    )
