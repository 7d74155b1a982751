"""Months in a case file: what they mean, what is unclear, and how they are shown."""

from __future__ import annotations

import json
import pickle
from datetime import date

import pytest

from backchannel.case.starter import starter
from backchannel.language.days import Month, day, read_date, read_month_or_day
from backchannel.language.errors import CaseError
from backchannel.study import Study


def _problems(*changes: tuple[str, str]) -> list[str]:
    with pytest.raises(CaseError) as error:
        Study.load(_changed(*changes))
    return [str(problem) for problem in error.value.problems]


def _changed(*changes: tuple[str, str]) -> str:
    text = starter()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def test_a_month_counts_as_its_last_day():
    """It equals that day wherever dates are compared, and still knows that it has no day."""
    month = read_date("2025-02")
    assert month == date(2025, 2, 28)
    assert date(2025, 2, 27) < month < date(2025, 3, 1)
    assert (str(month), day(month)) == ("2025-02", "February 2025")
    assert pickle.loads(pickle.dumps(month)) == month
    assert isinstance(pickle.loads(pickle.dumps(month)), Month)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2025-13", "there is no 2025-13"),
        ("July 2025", "Write 2025-07 for July 2025."),
        ("7/2025", "Write 2025-07 for July 2025."),
        ("2025-7", "Write 2025-07 for July 2025."),
    ],
)
def test_a_month_in_another_form_is_met_with_what_to_write(written, told):
    """As for days."""
    with pytest.raises(ValueError, match=told):
        read_date(written)


def test_a_case_may_date_what_happens_by_months():
    """In the file, in every view of it, and in the document, which keeps ISO 8601."""
    text = _changed(("at: 2030-04-01", "at: 2030-04"), ("date: 2030-03-11", "date: 2030-02"))
    study = Study.load(text, draws=32)
    answers = study.answers()
    [reply] = [f for f in answers.forecasts if f.node == "reply"]
    assert isinstance(reply.date, Month)
    assert [f["date"] for f in json.loads(answers.model_dump_json())["forecasts"]][-1] == "2030-04"
    assert (
        type(answers).model_validate_json(answers.model_dump_json()).forecasts[-1].date
        == reply.date
    )
    assert "April 2030" in study.brief().figure.title or day(reply.date) == "April 2030"


def test_the_order_of_a_month_and_a_day_within_it_must_be_known():
    """The file does not say whether the offer of March came before the day of the case."""
    told = _problems(("at: 2030-03-10", "at: 2030-03"))
    assert any(
        "nodes.offer.at: 2030-03 has no day, and the day of the case (`as_of`) is on 2030-03-15"
        in problem
        for problem in told
    ), told


def test_the_order_is_known_where_one_depends_on_the_other():
    """What sees a node comes after it, and a month counts as its last day."""
    text = _changed(
        ("at: 2030-04-01", "at: 2030-03"), ("as_of: 2030-03-15", "as_of: 2030-02-15"),
        ("date: 2030-03-10", "date: 2030-02-10"), ("at: 2030-03-10", "at: 2030-02-10"),
    )  # fmt: skip
    assert Study.load(text).lowered.diagram.dates["reply"] == Month.of(2030, 3)
    # The other way round, the day would come before the month that it follows.
    told = _problems(
        ("at: 2030-03-01", "at: 2030-04"), ("at: 2030-04-01", "at: 2030-04-10"),
    )  # fmt: skip
    assert any(
        "nodes.pressed.at: 2030-04 has no day, and reply is on 2030-04-10" in one for one in told
    ), told


def test_an_observation_in_a_month_is_no_later_than_the_day_of_the_case():
    """March is not over on 15 March."""
    told = _problems(("date: 2030-03-10", "date: 2030-03"))
    assert any(
        "record[1].date: 2030-03 has no day" in one or "record[0].date: 2030-03 has no day" in one
        for one in told
    ), told


def test_a_month_since_when_a_good_is_sanctioned_counts_from_its_first_day():
    """`since: 2022-03` is the first month under sanctions, so it begins with its first day."""
    assert read_month_or_day("2022-03") == date(2022, 3, 1)
    assert read_month_or_day("2022-03-15") == date(2022, 3, 15)
