"""The quarry with other ways of reasoning, for laws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from backchannel import Study
from backchannel.ensemble.ensemble import Ensemble
from tests.helpers import CANAL, TOL

QUARRY = CANAL.with_name("quarry.yaml")
DRAWS = 16
EVEN = {
    "demand": {"odds": {10: 1, 30: 1, 50: 1}},
    "reply": {"odds": {"pay": 1, "fight": 1}},
    "parley": {"odds": {"talk": 1, "wait": 1}},
}
"""Chances that take a decision's place in a belief: all actions alike."""


def changed_case(**changes: Any) -> dict[str, Any]:
    """The canal case without its wrong belief, with ways of reasoning by player and other changes."""
    case = YAML(typ="safe", pure=True).load(CANAL.read_text())
    for player in ("aria", "borland"):
        if player in changes:
            case["players"][player]["reasoning"] = changes.pop(player)
    case |= {"beliefs": {}, "causes": {}, "questions": {}, "claims": []}
    return {**case, **changes}


def changed_study(**changes: Any) -> Study:
    return Study.load(changed_case(**changes), draws=DRAWS)


def changed_ensemble(**changes: Any) -> Ensemble:
    ensemble = changed_study(**changes).ensemble
    assert ensemble.converged.all()
    return ensemble


def same_rules(one: Ensemble, other: Ensemble, names: tuple[str, ...]) -> Iterator[None]:
    for name in names:
        a, b = one.play.policies[name], other.play.policies[name]
        np.testing.assert_allclose(a, b, **TOL, err_msg=name)
        yield


OF_BORLAND = ("reply",)
OF_ARIA = ("demand", "parley")
ALL = (*OF_ARIA, *OF_BORLAND)
