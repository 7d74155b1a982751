"""What a run says about how the players reason, checked against Bayes' rule by hand."""

from __future__ import annotations

from math import exp

import pytest
from rich.console import Console
from ruamel.yaml import YAML

from backchannel import Study
from backchannel.questions.reasoning.document import ReasoningView
from backchannel.questions.reasoning.terminal import show
from tests.helpers import CANAL

DRAWS = 64


def _study(**record: object) -> Study:
    """Aria at level 0; Borland at level 0 or 1, alike. All other numbers are known."""
    case = YAML(typ="safe", pure=True).load(CANAL.read_text())
    case["players"] = {
        "aria": {"name": "Aria", "precision": 10, "reasoning": {"level": 0}},
        "borland": {
            "name": "Borland",
            "precision": 10,
            "reasoning": {"mixture": {"level 0": 0.5, "level 1": 0.5}},
        },
    }
    case["parameters"]["war_cost"]["prior"] = 0.2
    case["parameters"]["p_high"]["prior"] = 0.5
    entries = [
        {"node": node, "value": value, "date": "2031-04-01", "source": "gazette"}
        for node, value in record.items()
    ]
    case |= {"record": entries, "beliefs": {}, "causes": {}, "questions": {}, "claims": []}
    return Study.load(case, draws=DRAWS)


def _level_0_given_a_fight() -> float:
    """A war costs 0.2 or 0.4, a toll of 10 costs 0.1; level 1 takes parley for a coin toss: 0.005."""
    fights = [1 / (1 + exp(10 * (cost - 0.005 - 0.1))) for cost in (0.2, 0.4)]
    return 0.5 / (0.5 + sum(fights) / 2)


def test_the_record_moves_types_by_bayes_rule():
    """Level 0 fights in half of the cases, level 1 rarely."""
    study = _study(demand=10, reply="fight")
    (shares,) = study.reasoning().of_player.values()
    after = {share.type: share.after for share in shares}
    assert after[0.0] == pytest.approx(_level_0_given_a_fight(), abs=1e-9)
    assert [share.before for share in shares] == [0.5, 0.5]
    assert all(share.is_moved for share in shares)


def test_a_run_says_what_moved_and_the_document_has_every_type():
    """In the terminal a sentence; in the document the numbers behind it."""
    study = _study(demand=10, reply="fight")
    document = study.reasoning().document()
    assert isinstance(document, ReasoningView)
    (player,) = document.players
    likely = f"{100 * _level_0_given_a_fight():.0f}%"
    rare = f"{100 * (1 - _level_0_given_a_fight()):.0f}%"
    expected = (
        f"The record moves how Borland reasons: level 0 from 50% to {likely} and level 1 from 50% "
        f"to {rare}."
    )
    assert player.sentence == expected
    out = Console(record=True, width=200, file=None, quiet=False)
    with out.capture() as shown:
        show(study.answers(), out)
    assert expected in " ".join(shown.get().split())


def test_without_a_record_nothing_moves_and_nothing_is_said():
    """Both shares are those of the prior."""
    (player,) = _study().reasoning().document().players
    assert player.sentence == ""
    assert [kind.after for kind in player.types] == [0.5, 0.5]


def test_a_report_writes_out_every_way_of_reasoning(tmp_path):
    """Priors of types are tables of words, not only of shares; −1 is explained where it can come about."""
    case = YAML(typ="safe", pure=True).load(CANAL.read_text())
    case["players"]["aria"]["reasoning"] = {"hierarchy": {"between": [0.8, 2.5]}, "max_level": 3}
    case["players"]["borland"]["reasoning"] = {"mixture": {"equilibrium": 0.6, "level 2": 0.4}}
    case |= {"questions": {}, "claims": [], "causes": {}}
    study = Study.load(case, draws=DRAWS)
    page = study.report(tmp_path / "report.html").read_text()
    assert "hierarchy between 0.8 to 2.5; max_level 3" in page
    assert "mixture equilibrium: 0.6, level 2: 0.4" in page
    assert "level; −1 is equilibrium" in page
