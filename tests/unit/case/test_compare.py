"""Two versions of a case compared: every difference once, at the keys that lead to it."""

from __future__ import annotations

from datetime import date

import pytest

from backchannel.case.compare import Difference, compare_cases
from backchannel.case.read.case_file import read_case_text
from tests.helpers import CANAL

TEXT = CANAL.read_text("utf-8")
SOURCE = "  gazette: {title: Canal Gazette, date: 2031-04-01, grade: A1}\n"
REPORT = {"node": "reply", "value": "fight", "date": date(2031, 4, 1), "source": "gazette"}


def differences(*changes: tuple[str, str]) -> list[Difference]:
    """What a version with some replaced texts has otherwise."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return compare_cases(read_case_text(TEXT)[0], read_case_text(text)[0])


def test_comments_and_layout_are_no_difference():
    """Nor is another way to write the same value."""
    spelling = ("{prior: likely, unit", '{prior: "likely",   unit')
    assert differences(("question: ", "# asked\nquestion: "), spelling) == []


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        (
            "case: Canal tolls",
            "case: Tolls",
            Difference("changed", ("case",), "Canal tolls", "Tolls"),
        ),
        (
            "prior: likely",
            "prior: unlikely",
            Difference("changed", ("parameters", "p_high", "prior"), "likely", "unlikely"),
        ),
        (
            "{title: Canal Gazette, date",
            "{title: Canal Gazette, author: Canal Office, date",
            Difference("changed", ("sources", "gazette", "author"), None, "Canal Office"),
        ),
        (
            SOURCE,
            "",
            Difference(
                "removed",
                ("sources", "gazette"),
                {"title": "Canal Gazette", "date": date(2031, 4, 1), "grade": "A1"},
            ),
        ),
        (
            SOURCE,
            f"{SOURCE}  envoy: {{title: A letter}}\n",
            Difference("added", ("sources", "envoy"), after={"title": "A letter"}),
        ),
    ],
)
def test_each_difference_is_told_at_its_keys(old, new, difference):
    """With what stands there in either version; `None` where nothing does."""
    assert differences((old, new)) == [difference]


def test_an_entry_of_a_list_that_changed_is_removed_and_added():
    """Entries of the record have no name by which one could be found in the other version."""
    assert differences(("reliability: 0.95", "reliability: 0.9")) == [
        Difference("removed", ("record",), before=REPORT | {"reliability": 0.95}),
        Difference("added", ("record",), after=REPORT | {"reliability": 0.9}),
    ]


def test_an_entry_with_another_name_is_removed_and_added_and_all_come_in_the_order_of_the_file():
    """Players stand before parameters, and these before quantities."""
    several = differences(
        ("  revenue: ", "  revenues: "),
        ("prior: likely", "prior: unlikely"),
        ("name: Aria", "name: A"),
    )
    assert [(difference.kind, difference.where) for difference in several] == [
        ("changed", "players.aria.name"),
        ("changed", "parameters.p_high.prior"),
        ("removed", "quantities.revenue"),
        ("added", "quantities.revenues"),
    ]
