"""Surgery: what an intervention changes in a diagram, and from which day on it matters."""

from __future__ import annotations

from datetime import date

import pytest

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.diagram.surgery import (
    Intervention,
    ReasoningChange,
    first_change,
    with_node,
    with_sees,
)
from backchannel.language.expressions import parse

MARCH, MAY = date(2030, 3, 1), date(2030, 5, 1)
STORM = Chance("storm", ("yes", "no"), {"yes": parse("p"), "no": parse("1 - p")}, date=MARCH)
SAIL = Decision("sail", ("go", "stay"), "captain", MARCH, sees=("storm",))
PAY = Decision("pay", ("all", "half"), "owner", MAY, sees=("storm", "sail"))
DIAGRAM = Diagram(
    ("captain", "owner"), (STORM, SAIL, PAY), (Interest("purse", "owner", parse("2")),)
)


def test_a_decision_sees_less_and_more_in_one_intervention():
    """What is added comes last, and nothing is seen twice."""
    change = Intervention(
        sees_removed={"pay": ("storm",), "sail": ("storm",)}, sees_added={"pay": ("sail", "storm")}
    )
    changed = with_sees(DIAGRAM, change)
    # pay saw (storm, sail): storm goes, sail is there already, storm is added at the end.
    assert changed.node["pay"].sees == ("sail", "storm")
    assert changed.node["sail"].sees == ()
    assert changed.node["storm"] is STORM
    assert DIAGRAM.node["pay"].sees == ("storm", "sail")


def test_another_mechanism_takes_a_nodes_place():
    """In the same place of the order, and without the old parents."""
    calm = Chance("storm", ("yes", "no"), {"yes": parse("0"), "no": parse("1")}, date=MARCH)
    changed = with_node(DIAGRAM, calm)
    assert changed.nodes == (calm, SAIL, PAY)
    assert changed.parameters == frozenset()
    assert DIAGRAM.parameters == {"p"}


@pytest.mark.parametrize(
    ("intervention", "day"),
    [
        (Intervention(do={"pay": "all"}), MAY),
        (Intervention(do={"pay": "all"}, remove={"sail": ("stay",)}), MARCH),
        (Intervention(sees_added={"pay": ("sail",)}), MAY),
        (Intervention(sees_removed={"sail": ("storm",)}), MARCH),
        (Intervention(mechanisms={"storm": STORM}), MARCH),
        (Intervention(do={"pay": "all"}, parameters={"p": 0.5}), date.min),
        (Intervention(do={"pay": "all"}, corrects=("owner",)), date.min),
        (Intervention(reasoning={"owner": ReasoningChange(level=1)}), date.min),
        (Intervention(), date.max),
    ],
)
def test_the_first_change_is_the_day_of_the_earliest_node_that_is_touched(intervention, day):
    """Numbers, beliefs and reasoning matter from the start; a change of nothing never does."""
    assert first_change(DIAGRAM, intervention) == day
