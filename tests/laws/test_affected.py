"""Rules that a change cannot reach are held: solved again they would have come out the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backchannel.ensemble.change import change
from backchannel.equilibrium.beliefs import replan
from backchannel.study import Study

CASES = Path(__file__).parent.parent / "cases"
CHANGES = {
    "quarry.yaml": [
        {"do": {"fee@2": "high"}},
        {"do": {"slide@3": "yes"}},
        {"parameters": {"rent": 0.3}},
        {"parameters": {"mason.discount": 0.5}},
        {"parameters": {"p_slide": 0.5}, "announced": "2031-02-05"},
        {"remove": {"dig@3": ["much"]}, "announced": "start"},
    ],
    "canal.yaml": [
        {"do": {"demand": 10}},
        {"do": {"reply": "fight"}, "announced": "start"},
        {"parameters": {"war_cost": 0.5}},
        {"beliefs": {"aria": "true_case"}},
        {"remove": {"demand": [50]}},
    ],
}


@pytest.mark.parametrize("case", CHANGES)
def test_holding_what_a_change_cannot_reach_changes_no_rule(case, monkeypatch):
    """And it is not for nothing: of some changes most rules are held."""
    study = Study.load(CASES / case, draws=16)
    ensemble = study.ensemble
    interventions = [study.intervention(raw) for raw in CHANGES[case]]
    held = []
    reach = replan.affected

    def watched(*args, **kwargs):
        found = reach(*args, **kwargs)
        held.append(len(ensemble.diagram.decisions) - len(found))
        return found

    monkeypatch.setattr(replan, "affected", watched)
    quick = [change(ensemble, one).world.tables for one in interventions]
    ensemble.cache.clear()
    everyone = frozenset(decision.name for decision in ensemble.diagram.decisions)
    monkeypatch.setattr(replan, "affected", lambda *args, **kwargs: everyone)
    full = [change(ensemble, one).world.tables for one in interventions]
    for raw, one, other in zip(CHANGES[case], quick, full, strict=True):
        for name in everyone:
            np.testing.assert_allclose(
                np.broadcast_to(one[name], other[name].shape), other[name],
                rtol=0, atol=1e-8, err_msg=f"{raw}: {name}",
            )  # fmt: skip
    assert max(held) >= len(everyone) / 2
