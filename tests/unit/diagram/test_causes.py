"""Obstacles: why an outcome has no explanation by some causes, told for each cause."""

from __future__ import annotations

from datetime import date

import pytest

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.causes import MOST_CAUSES, find_obstacles
from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision
from backchannel.diagram.surgery import Intervention
from backchannel.language.expressions import parse

DAY = date(2030, 3, 1)
DIAGRAM = Diagram(
    ("captain", "owner"),
    (
        Chance("storm", ("yes", "no"), {"yes": parse("0.3"), "no": parse("0.7")}),
        Decision("sail", ("go", "stay"), "captain", DAY, sees=("storm",)),
        Decision("pay", ("all", "half"), "owner", DAY, sees=("sail",)),
    ),
    (),
)
RECORD = [
    Observation("storm", "yes", DAY),
    Observation("sail", "go", DAY),
    Observation("pay", "half", DAY),
]


def told(causes: dict[str, Intervention], outcome=("pay", "half"), record=RECORD):
    obstacles = find_obstacles(outcome, causes, record, DIAGRAM)
    return [(obstacle.cause, obstacle.message) for obstacle in obstacles]


def test_an_outcome_on_record_is_explained_by_what_led_to_it():
    """A cause that changes what happened meets no obstacle."""
    causes = {"calm": Intervention(do={"storm": "no"}), "port": Intervention(do={"sail": "stay"})}
    assert told(causes) == []


def test_an_outcome_that_did_not_happen_has_no_explanation():
    """The record does not say, or says otherwise."""
    assert "does not say what pay was" in told({}, record=RECORD[:2])[0][1]
    assert told({}, outcome=("pay", "all")) == [
        (
            "",
            "the record says that pay was half (2030-03-01), so pay = all did not happen. Ask why pay was "
            "half, or correct the record.",
        )
    ]


def test_a_report_that_may_be_wrong_denies_no_outcome_that_another_reports():
    """One uncertain report against another: the outcome may have happened."""
    reports = [
        Observation("pay", "half", DAY, reliability=0.8),
        Observation("pay", "all", DAY, reliability=0.8),
    ]
    assert told({}, record=reports) == []
    assert len(told({}, outcome=("pay", "all"), record=reports[:1])) == 1


def test_a_cause_is_neither_the_outcome_nor_what_happened_anyway():
    """To set a node to what it was undoes nothing, unless something else changes with it."""
    assert told({"itself": Intervention(do={"pay": "all"})}) == [
        ("itself", "it changes the outcome itself, pay. Name what led to it.")
    ]
    assert told({"banned": Intervention(remove={"pay": ("half",)})})[0][0] == "banned"
    assert told({"other": Intervention(remove={"pay": ("all",)})}) == []
    assert told({"idle": Intervention(do={"storm": "yes"})}) == [
        (
            "idle",
            "it undoes nothing: by the record, storm was yes already (2030-03-01). Set it to a value that "
            "did not happen.",
        )
    ]
    assert told({"more": Intervention(do={"storm": "yes"}, parameters={"p": 0.1})}) == []


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ({"do": {"storm": "no"}}, {"do": {"storm": "yes"}}, "storm cannot be both no and yes."),
        ({"parameters": {"p": 0.25}}, {"parameters": {"p": 1.0}}, "p cannot be both 0.25 and 1."),
        (
            {"remove": {"sail": ("stay",)}},
            {"do": {"sail": "stay"}},
            "sail cannot be stay if that action is removed.",
        ),
        (
            {"remove": {"sail": ("stay",)}},
            {"remove": {"sail": ("go",)}},
            "together they leave sail no action.",
        ),
        (
            {"sees_removed": {"sail": ("storm",)}},
            {"sees_added": {"sail": ("storm",)}},
            "sail cannot both see storm and not see it.",
        ),
    ],
)
def test_of_two_causes_that_contradict_each_other_the_second_is_told(first, second, message):
    """With the name of the first."""
    # Something else is changed as well, so that neither is a change of nothing.
    causes = {
        "a": Intervention(corrects=("owner",), **first),
        "b": Intervention(corrects=("owner",), **second),
    }
    assert told(causes) == [("b", f"it contradicts the cause 'a': {message}")]


def test_more_causes_than_can_be_combined_are_refused():
    """Every set of causes is a world of its own."""
    causes = {f"c{i}": Intervention(parameters={f"p{i}": 0.0}) for i in range(MOST_CAUSES + 1)}
    assert told(causes) == [("", "13 causes are too many for one question. Name at most 12.")]
