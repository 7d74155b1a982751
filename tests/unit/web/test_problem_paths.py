"""Problems of a text know which value they are about, so that a field can show them."""

from __future__ import annotations

from backchannel.web.checking import check_text
from tests.helpers import CANAL


def paths_of(before: str, after: str) -> list[list[str | int]]:
    text = CANAL.read_text("utf-8")
    assert before in text
    checked, _ = check_text(text.replace(before, after, 1), file="canal.yaml", revision=1)
    return [problem.path for problem in checked.problems]


def test_a_wrong_value_is_found_by_its_keys():
    assert paths_of("at: 2031-05-01", "at: soon") == [["nodes", "parley", "at"]]


def test_a_problem_inside_an_expression_belongs_to_the_expression():
    assert ["quantities", "revenue"] in paths_of("demand / 100", "demands / 100")


def test_an_item_of_a_list_is_found_by_its_position():
    assert ["nodes", "parley", "sees", 1] in paths_of(
        "sees: [demand, reply]", "sees: [demand, replies]"
    )


def test_what_is_missing_belongs_to_what_lacks_it():
    assert ["nodes", "reply"] in paths_of(
        "domain: [pay, fight], at: 2031-04-01", "domain: [pay, fight]"
    )


def test_a_text_that_cannot_be_read_has_problems_without_a_path():
    checked, _ = check_text("- a list\n", file="canal.yaml", revision=1)
    assert [problem.path for problem in checked.problems] == [[]]


def test_warnings_are_placed_too():
    text = CANAL.read_text("utf-8").replace(", precision: {between: [2, 8]}", "", 1)
    checked, _ = check_text(text, file="canal.yaml", revision=1)
    assert all(warning.path[0] in ("players", "nodes", "interests") for warning in checked.warnings)
