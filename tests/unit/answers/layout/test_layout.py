"""The diagram's picture: nothing overlaps, time runs to the right, no arrow is missing or hidden."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest

from backchannel.answers.background_document import DiagramInterest, DiagramNode
from backchannel.answers.layout import place as layout_place
from backchannel.answers.layout.columns import assign_columns, drawn_of
from backchannel.answers.layout.document import Layout
from backchannel.answers.layout.layout import compose_layout
from backchannel.answers.layout.order import Spot

TITLES = [
    "Talks",
    "The envoy's terms",
    "Does the base reward a deal that was made in June?",
    "n" * 40,
]
Diagram = tuple[list[DiagramNode], list[DiagramInterest]]


def _node(name: str, parents=(), when: date | None = None, title="", kind="chance") -> DiagramNode:
    return DiagramNode(
        name=name, title=title or name, about="", kind=kind, date=when, domain=[0, 1],
        player="a" if kind == "decision" else None, parents=list(parents), conditional=False, reasons=[],
    )  # fmt: skip


def _interest(name: str, parents) -> DiagramInterest:
    return DiagramInterest(
        name=name, player="a", about="what it gets", worth="", parents=list(parents), expected=0
    )


def _random(seed: int, size: int) -> Diagram:
    """Any diagram: dates that rise, some shared, some missing."""
    dice = random.Random(seed)
    when, nodes, dated = date(2030, 1, 1), [], False
    for i in range(size):
        when += timedelta(days=dice.choice([0, 0, 1, 5, 60]))
        earlier = [node.name for node in nodes]
        parents = dice.sample(earlier, min(len(earlier), dice.choice([0, 1, 1, 2, 3, 6])))
        kind = dice.choice(["chance", "decision", "derived"])
        dated = dated or kind == "decision"
        own = when if kind == "decision" or dice.random() < 0.7 else None
        nodes.append(_node(f"n{i}", parents, own, dice.choice(TITLES), kind))
    names = [node.name for node in nodes]
    sizes = [dice.randint(0, min(4, size)) for _ in range(size // 2)]
    return nodes, [_interest(f"i{k}", dice.sample(names, n)) for k, n in enumerate(sizes)]


DIAGRAMS = [_random(seed, size) for seed, size in enumerate([1, 2, 5, 9, 14, 20, 30, 45, 60, 60])]


@pytest.fixture(params=range(len(DIAGRAMS)))
def diagram(request) -> Diagram:
    return DIAGRAMS[request.param]


@pytest.fixture
def layout(diagram) -> Layout:
    return compose_layout(*diagram)


def test_no_two_boxes_overlap(layout):
    """And all of them lie inside the picture."""
    for one, other in combinations(layout.nodes, 2):
        apart = one.x + one.width <= other.x or other.x + other.width <= one.x
        apart |= one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart, (one, other)
    for box in layout.nodes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= layout.width
        assert box.y + box.height <= layout.height


def test_every_parent_has_one_arrow_of_its_kind(diagram, layout):
    """Information where the child is a decision."""
    nodes, interests = diagram
    expected = {
        (p, n.name): "information" if n.kind == "decision" else "cause"
        for n in nodes
        for p in n.parents
    }
    expected |= {(p, i.name): "interest" for i in interests for p in i.parents}
    assert {(e.source, e.target): e.kind for e in layout.edges} == expected
    assert len(layout.edges) == len(expected)


def test_arrows_run_to_the_right_from_box_to_box(layout):
    """They start at one's right edge and end at the other's left side."""
    boxes = {box.name: box for box in layout.nodes}
    for edge in layout.edges:
        source, target = boxes[edge.source], boxes[edge.target]
        assert source.column < target.column
        xs = [x for x, _ in edge.points]
        assert xs == sorted(xs)
        assert edge.points[0][0] == source.x + source.width
        assert target.x <= edge.points[-1][0] < target.x + target.width / 3
        assert target.y < edge.points[-1][1] < target.y + target.height


def test_columns_are_in_order_of_time(layout):
    """No dated node stands right of a later one."""
    dated = [column for column in layout.columns if column.first]
    assert all(one.last <= other.first for one, other in pairwise(dated))


def test_no_arrow_runs_through_a_box(layout):
    """Curves as they are drawn, point by point."""
    for edge in layout.edges:
        others = [box for box in layout.nodes if box.name not in (edge.source, edge.target)]
        for (x0, y0), (x1, y1) in pairwise(edge.points):
            for t in (k / 16 for k in range(17)):
                x = x0 + (x1 - x0) * (1.5 * t * (1 - t) + t**3)
                y = y0 + (y1 - y0) * (3 * t**2 - 2 * t**3)
                hit = [b for b in others if _inside(b, x, y)]
                assert not hit, (edge, hit)


def _inside(box, x: float, y: float) -> bool:
    return box.x < x < box.x + box.width and box.y < y < box.y + box.height


def test_the_same_diagram_gives_the_same_picture(diagram, layout):
    """Printed or on a screen."""
    assert compose_layout(*diagram) == layout


def test_interests_lie_below(layout):
    """What happens above, what each gets from it below."""
    for box in layout.nodes:
        if box.shape == "interest":
            assert box.y >= layout.interests_from
        else:
            assert box.y + box.height <= layout.interests_from


def test_what_has_no_date_stands_beside_what_depends_on_it():
    """Not at the far left, with an arrow through the whole picture."""
    start = date(2030, 1, 1)
    nodes = [_node("a", (), start), _node("b", ["a"], start), _node("c", ["b"], start)]
    nodes += [_node("late"), _node("d", ["c", "late"], start)]
    drawn, _ = drawn_of(nodes, [_interest("i", ["a"])])
    assert assign_columns(drawn) == {"a": 0, "b": 1, "c": 2, "late": 2, "d": 3, "i": 1}


def test_independent_nodes_share_a_column_if_they_are_close_in_time():
    """Days apart they do, years apart they do not."""
    days = [date(2030, 1, 1), date(2030, 1, 9), date(2031, 6, 1)]
    drawn, _ = drawn_of([_node(f"n{i}", (), day) for i, day in enumerate(days)], [])
    assert assign_columns(drawn) == {"n0": 0, "n1": 0, "n2": 1}


def test_of_many_rounds_the_first_are_drawn():
    """The others repeat them; what depends on a later one is tied to the last that is drawn."""
    start = date(2030, 1, 1)
    nodes = [_node("x@0")]
    nodes += [_node(f"x@{i}", [f"x@{i - 1}"], start + timedelta(30 * i)) for i in range(1, 9)]
    nodes.append(_node("end", ["x@8"], date(2031, 1, 1)))
    interests = [
        _interest("i@after", ["x@8"]),
        _interest("i@5", ["x@5"]),
        _interest("i@2", ["x@2"]),
    ]
    layout = compose_layout(nodes, interests)
    assert {box.name for box in layout.nodes} == {"x@0", "x@1", "x@2", "end", "i@2"}
    assert ("x@2", "end") in {(edge.source, edge.target) for edge in layout.edges}
    assert "The last 6 rounds are not drawn" in layout.caption
    few = compose_layout(nodes[:4], [])
    assert {box.name for box in few.nodes} == {"x@0", "x@1", "x@2", "x@3"}


def test_long_edges_run_straight_where_they_can():
    """Nothing is in the way, so there is no bend."""
    start = date(2030, 1, 1)
    nodes = [_node("a", (), start)]
    nodes += [_node(f"n{i}", [f"n{i - 1}"] if i else ["a"], start) for i in range(5)]
    nodes.append(_node("end", ["n4", "a"], start))
    edge = next(e for e in compose_layout(nodes, []).edges if (e.source, e.target) == ("a", "end"))
    assert len(edge.points) == 4


def test_a_long_edge_keeps_its_height_where_there_is_room():
    """A bend of a few pixels looks like a mistake."""
    one, other, box = Spot("e", 1, False), Spot("e", 2, False), Spot("box", 2)
    links = {one: [other], other: [one]}
    for room, expected in ((40.0, 0.0), (2.0, 7.0)):
        height = {one: 0.0, other: 7.0, box: room}
        layout_place._straighten([[one], [other, box]], links, lambda *_: 20.0, height)
        assert height[other] == expected


def test_heights_rise_as_near_to_what_is_wanted_as_they_can():
    """Pools of neighbours that want to pass each other meet at their weighted mean."""
    assert layout_place._rising([(1, 1), (5, 1), (2, 3), (9, 1)]) == [1, 2.75, 2.75, 9]


def test_an_empty_diagram_is_an_empty_picture():
    """A document made by hand may hold none."""
    layout = compose_layout([], [])
    assert layout.nodes == layout.edges == layout.columns == []
