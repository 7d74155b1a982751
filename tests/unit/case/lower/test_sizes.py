"""Sizes: `check` tells tables that would be too large, and takes no memory to do so."""

import tracemalloc

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError
from tests.large import bounded, chance, wide, written


def problems(text):
    case, document = read_case_text(text)
    with pytest.raises(CaseError) as caught:
        lower(case, document)
    return [str(problem) for problem in caught.value.problems]


CLAIM = 'claims:\n  - {{says: s, source: s, test: "{}"}}\n'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (wide(worth="(d == 'p') * x * y * z"), "interests.i.worth: the worth depends jointly on x"),
        (wide(more=CLAIM.format("P(x + y + z > 100) > 0.5")), "claims[1].test: P(...) depends"),
        (wide(more=CLAIM.format("P(x + y > 9, given=(z + w > 3)) > 0.5")), "claims[1].test: P("),
        (wide(more=CLAIM.format("E(a, given=(x + y + z > 3)) > 0.5")), "claims[1].test: E(...)"),
        (wide(more=CLAIM.format("best(d, given=(x + y + z > 3)) == 'p'")), "claims[1].test: best"),
        (
            wide(more="causes:\n  c: {title: t, sees: {d: {add: [x, y, z]}}}\n"),
            "causes.c.sees.d: the decision depends jointly on x",
        ),
        (
            wide(more="causes:\n  c: {title: t, do: {x: 1}}\n").replace(
                "forecast: d", "what_if: {sees: {d: {add: [x, y, z]}}}, outcome: d"
            ),
            "questions.q.sees.d: the decision depends jointly on x",
        ),
        (
            wide(3).replace(chance("x", 3), chance("x", 10_001)),
            "nodes.x.domain: it has 10,001 values",
        ),
    ],
)
def test_a_table_that_would_be_too_large_is_refused_at_its_place(text, told, tmp_path):
    """Two gigabytes hold Python and its libraries, and none of these tables."""
    done = bounded("check", written(tmp_path, text), gigabytes=2, seconds=30)
    assert done.returncode == 1, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_the_number_of_cells_is_told_with_the_nodes_that_make_it():
    """8,000,000 cells are 200 values of each of three nodes."""
    (only,) = problems(wide(more=CLAIM.format("P(x + y + z > 100) > 0.5")))
    assert "x (200), y (200), z (200); its table would have 8,000,000 cells" in only
    assert "more than 1,000,000. Replace some of" in only


def test_all_that_is_too_large_is_told_at_once():
    text = wide(worth="x * y * z", more=CLAIM.format("P(x + y + z > 100) > 0.5"))
    assert len(problems(text)) == 2


def test_sums_of_small_parts_are_fine_however_many_nodes_they_name():
    """Each part is worked out by itself, so that only its own nodes count."""
    case, document = read_case_text(wide(worth="x + y * z + w"))
    assert lower(case, document).diagram.interests


def test_many_tables_that_are_large_together_are_refused():
    """Sixty tables of a million cells are sixty million, though each by itself would do."""
    terms = " + ".join(f"(x * y * {k}) * (x != {k})" for k in range(3))
    parents = "".join(
        f'  m{k}: {{chance: true, domain: [0, 1], odds: {{0: "1 + x * y * (z > {k})", 1: 1}}, '
        "at: 2030-02-02, why: {judgement: me}}\n"
        for k in range(60)
    )
    text = wide(70, worth=terms).replace("  d: {player", parents + "  d: {player", 1)
    (only,) = problems(text)
    assert "all tables together would have" in only
    assert "m0" in only


def test_corners_are_worked_out_a_bounded_table_at_a_time():
    """The same problems are found in as many corners, but not all corners at once."""
    many = "".join(
        f"  u{k}: {{prior: {{uniform: [0, 1]}}, unit: u, why: {{judgement: me}}}}\n"
        for k in range(40)
    )
    names = " + ".join(f"u{k}" for k in range(40))
    odds = f'odds: {{0: "1 + x * y * ({names})", 1: 1}}'
    node = (
        f"  m: {{chance: true, domain: [0, 1], {odds}, at: 2030-02-02, why: {{judgement: me}}}}\n"
    )
    text = wide(200).replace("nodes:\n", many + "nodes:\n", 1)
    text = text.replace("  d: {player", node + "  d: {player", 1)
    case, document = read_case_text(text)
    tracemalloc.start()
    lower(case, document)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # 80,000 cells in 105 corners are 67 MB, and working them out takes several times as much.
    assert peak < 150e6


def test_a_problem_in_the_last_corner_is_found(monkeypatch):
    """Where one number alone is at its end, and tables are filled in one corner at a time."""
    monkeypatch.setattr("backchannel.case.lower.corners.TOGETHER", 1)
    many = "".join(
        f"  u{k}: {{prior: {{uniform: [0, 1]}}, unit: u, why: {{judgement: me}}}}\n"
        for k in range(8)
    )
    odds = 'odds: {0: "0.9 - u7 + u0", 1: "0"}'
    node = (
        f"  m: {{chance: true, domain: [0, 1], {odds}, at: 2030-02-02, why: {{judgement: me}}}}\n"
    )
    text = wide(3).replace("nodes:\n", many + "nodes:\n", 1)
    text = text.replace("  d: {player", node + "  d: {player", 1)
    found = problems(text)
    assert any("nodes.m" in one and "u7 = 0.999" in one for one in found)
