"""An older record: all of it is entered or nothing, nothing twice, and every problem is told with its line."""

from __future__ import annotations

import math
from datetime import date

import pytest

from backchannel.language.errors import CommandError
from backchannel.ledger.compose import compose_ledger
from backchannel.ledger.derivation_text import Derivation
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.ledger.imported import import_csv, import_text
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.scores import score

HEAD = "case,node,value,probability,as_of,logged,inside,outside,outcome,outcome_date,source\n"
RECORD = f"""{HEAD}old,deal,yes,0.7,2020-01-01,2020-01-02,0.8,0.6,yes,2020-03-01,wire
old,deal,no,0.3,2020-01-01,2020-01-02,0.2,0.4,yes,2020-03-01,wire
old,count,1,0.25,2020-01-01,2020-01-02,,,,,
old,count,2,0.75,2020-01-01,2020-01-02,,,,,
"""
DEAL = "old,deal,{value},{chance},{day},,,,{outcome}\n"
EVEN = (0.5, 0.5)


@pytest.fixture
def book(tmp_path):
    return tmp_path / "team.ledger"


@pytest.fixture
def enter(tmp_path, book):
    """Import a text, by default from the same file into the same ledger."""

    def enter(text: str, name: str = "old.csv"):
        (tmp_path / name).write_bytes(text.encode())
        return import_csv(book, tmp_path / name)

    return enter


@pytest.fixture
def refused(enter):
    """What is told of a text that is not entered."""

    def refused(text: str) -> str:
        with pytest.raises(CommandError) as caught:
            enter(text)
        assert str(caught.value).endswith("Nothing was written.")
        return str(caught.value)

    return refused


def deal(outcomes: list[str], *, day: str = "2020-01-01", values=("yes", "no")) -> str:
    """Two rows of one forecast, at even chances, each with its last three cells."""
    return "".join(
        DEAL.format(value=value, chance=0.5, day=day, outcome=outcome)
        for value, outcome in zip(values, outcomes, strict=True)
    )


def outcomes_in(book) -> dict[str, object]:
    return {known.node: known.value for known in Ledger(book).outcomes()}


def test_an_older_record_counts_as_of_the_days_that_it_names(enter, book):
    done = enter(RECORD)
    assert (done.runs, done.forecasts, done.outcomes) == (1, 2, 1)
    ledger = Ledger(book)
    report = score(ledger)
    assert (report.total.nodes, report.unresolved) == (1, 1)
    assert report.total.log == pytest.approx(-math.log2(0.7))
    assert report.views.scores[0].log == pytest.approx(-math.log2(0.8))
    assert ledger.runs()[0]["logged_at"].startswith("2020-01-02")
    assert ledger.forecasted("old")[0].values == ("yes", "no")


def test_every_problem_is_told_with_its_line_and_no_ledger_is_created(refused, book):
    """Also several of one row; what only follows from another problem is not told."""
    wrong = RECORD.replace("no,0.3", "no,0.4").replace("1,0.25,2020-01-01", "1,x,1 May")
    told = refused(wrong.replace("0.8,0.6,yes", "0.8,,maybe")).splitlines()
    assert told[0] == "line 2: `inside` and `outside` belong together; one is empty."
    assert "line 2: deal cannot be 'maybe'. It can be: yes, no." in told
    assert any(
        "line 2: the probabilities of deal sum to 1.1 instead of 1." in line for line in told
    )
    assert any(
        "line 3: `outcome` of deal is 'yes' here and 'maybe' in line 2." in line for line in told
    )
    assert "line 4: `as_of` should be a day, YYYY-MM-DD, not '1 May'." in told
    assert "line 4: `probability` should be a probability from 0 to 1, not 'x'." in told
    assert len(told) == 7
    assert not book.exists()


def test_what_one_row_of_a_node_leaves_empty_another_can_say(enter, book):
    """The source stands in one row only, the day in the other."""
    assert enter(HEAD + deal(["yes,2020-03-01,", "yes,,wire"])).outcomes == 1
    (known,) = Ledger(book).outcomes()
    assert (known.value, known.date, known.source) == ("yes", date(2020, 3, 1), "wire")


def test_rows_of_one_node_that_differ_are_named(refused, book):
    """In the day and in the source of one outcome, in two runs."""
    later = deal(["yes,2020-03-02,radio", ",,"], day="2020-02-01")
    told = refused(HEAD + deal(["yes,2020-03-01,wire", ",,"]) + later)
    assert "line 4: `outcome_date` of deal is '2020-03-02' here and '2020-03-01' in line 2." in told
    assert "line 4: `source` of deal is 'radio' here and 'wire' in line 2." in told
    assert not book.exists()


def test_an_outcome_needs_its_day_and_a_day_its_outcome(refused):
    assert "line 2: `outcome_date` of deal is empty." in refused(HEAD + deal(["yes,,", ",,"]))
    told = refused(HEAD + deal([",,", ",2020-03-01,"]))
    assert "line 3: deal has an `outcome_date` and no `outcome`." in told


def test_an_outcome_may_be_a_value_of_an_earlier_run_only(enter, refused, book):
    """The later form of the node no longer had it, so its forecast does not count; one that none had is refused."""
    later = deal([",,"] * 2, day="2020-02-01", values=("no", "never"))
    text = HEAD + deal(["yes,2020-03-01,", ",,"]) + later
    told = refused(text.replace("yes,2020", "perhaps,2020"))
    assert "line 2: deal cannot be 'perhaps'. It can be: yes, no, never." in told
    enter(text)
    report = score(Ledger(book))
    assert (report.total.forecasts, report.of_other_values) == (1, 1)


def logged(node: str, values=("yes", "no"), **more) -> Logged:
    return Logged(node, node, None, "", values, EVEN, EVEN, EVEN, **more)


def with_derived_node(book) -> Ledger:
    """`same` is yes where a and b agree; it is resolved."""
    ledger = Ledger(book)
    same = Derivation(("a", "b"), ((0,), (1,), (1,), (0,)))
    run = RunEntry("old", "Old", "hash", date(2021, 1, 1), 8, 8.0, 0, "1")
    ledger.log(run, [logged("a"), logged("b"), logged("same", derivation=same)])
    ledger.resolve("old", {"same": "yes"}, on=date(2020, 3, 1), source="s")
    return ledger


def test_outcomes_that_contradict_a_derivation_are_told_with_the_other_problems(refused, book):
    """Before any run is entered, although the imported forecasts know nothing of the derivation."""
    ledger = with_derived_node(book)
    rows = "old,{node},yes,1,2020-01-01,,,,{was},2020-03-01,\nold,{node},no,0,2020-01-01,,,,,,\n"
    told = refused(
        HEAD
        + rows.format(node="a", was="yes")
        + rows.format(node="b", was="no")
        + rows.format(node="same", was="no")
    )
    assert "line 2: same = yes contradicts its parts: same is derived from a, b" in told
    assert "line 6: same was no on 2020-03-01 here, and yes on 2020-03-01 in the ledger." in told
    assert len(ledger.runs()) == 1
    assert outcomes_in(book) == {"same": "yes"}


def test_an_import_does_not_hide_the_forecasts_that_were_made_later(enter, book):
    """The ledger's own forecast is younger: its values, tests and derivation stand."""
    ledger = with_derived_node(book)
    enter(HEAD + "old,same,x,1,2019-01-01,,,,,,\n")
    values = {one.node: one.values for one in ledger.forecasted("old")}
    assert values["same"] == ("yes", "no")
    tracks = {track.node: track.values for track in compose_ledger(book, "old").tracks}
    assert tracks["same"] == ["yes", "no"]
    ledger.resolve("old", {"a": "yes"}, on=date(2020, 3, 1), source="s")
    with pytest.raises(CommandError, match="same = yes contradicts its parts"):
        ledger.resolve("old", {"b": "no"}, on=date(2020, 3, 1), source="s")


def test_a_file_that_is_imported_again_adds_nothing_and_says_so(enter, book):
    """Nor under another name; rows that are new are entered."""
    enter(RECORD)
    again = enter(RECORD)
    assert (again.runs, again.held_forecasts, again.held_outcomes) == (0, 2, 1)
    said = import_text(again, "team.ledger")
    assert said == (
        "Nothing is new: team.ledger holds the 2 forecasts and 1 outcome already. Nothing was written."
    )
    more = enter(RECORD + "old,new,on,1,2020-01-01,2020-01-02,,,,,\n", name="copy.csv")
    assert (more.runs, more.forecasts, more.outcomes) == (1, 1, 0)
    assert import_text(more, "team.ledger") == (
        "Entered 1 forecast of 1 run and 0 outcomes in team.ledger. 2 forecasts and 1 outcome were there already and "
        "were not entered again."
    )
    assert len(Ledger(book).runs()) == 2


def test_other_numbers_for_an_imported_forecast_are_refused_until_its_run_is_withdrawn(
    enter, refused, book
):
    enter(RECORD)
    changed = RECORD.replace("1,0.25", "1,0.5").replace("2,0.75", "2,0.5")
    told = refused(changed)
    assert "line 4: run 1 of the ledger has other numbers for count as of 2020-01-01" in told
    assert "--withdraw 1 --why TEXT" in told
    Ledger(book).withdraw(1, why="typing error")
    done = enter(changed)
    assert (done.forecasts, done.held_outcomes) == (2, 1)


def test_an_outcome_that_the_ledger_holds_otherwise_is_refused(enter, refused, book):
    """In its value or its day; another run of the node is not entered either."""
    enter(HEAD + deal(["yes,2020-03-01,", ",,"]))
    later = deal(["no,2020-03-01,", ",,"], day="2020-02-01")
    assert "line 2: deal was no on 2020-03-01 here, and yes on 2020-03-01" in refused(HEAD + later)
    moved = later.replace("no,2020-03-01", "yes,2020-03-05")
    assert "line 2: deal was yes on 2020-03-05 here" in refused(HEAD + moved)
    assert len(Ledger(book).runs()) == 1


def test_nothing_is_entered_where_the_import_is_cut_off(enter, book, monkeypatch):
    """Runs and outcomes are one transaction: a failure at its end leaves neither."""
    ledger = Ledger(book)

    def fail(*_given):
        raise CommandError("cut off")

    monkeypatch.setattr("backchannel.ledger.imported.check_entries", fail)
    with pytest.raises(CommandError, match="cut off"):
        enter(RECORD)
    monkeypatch.undo()
    assert ledger.runs() == []
    assert outcomes_in(book) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty. Its first line names the columns: case, node, value, probability, as_of;"),
        ("\n\n", "is empty."),
        (HEAD, "has no row below its first line."),
        (HEAD + "old,deal,yes,1\n", "line 2: it has 4 cells, and the first line names 11 columns."),
        (RECORD + "\n\nold,new,on,1,2020-01-01,,,,,,,,\n", "line 8: it has 13 cells"),
        (HEAD + 'old,"deal,yes,1,2020-01-01,,,,,,\n', "line 2: from here on the file is no CSV"),
        ("case,node,value,chance,as_of\n", "the column 'probability' is missing"),
        ("case;node;value;probability;as_of\n", "its columns are not separated by commas."),
        ("case,case,node,value,probability,as_of\n", "2 columns are called 'case'."),
        (HEAD + "old,deal,,1,2020-01-01,,,,,,\n", "line 2: `value` is empty."),
        (HEAD + ",,yes,1,2020-01-01,,,,,,\n", "line 2: `case` is empty.\nline 2: `node` is empty."),
        (HEAD + f"old,{'x' * 501},yes,1,2020-01-01,,,,,,\n", "line 2: `node` has 501 characters"),
        (RECORD.replace("0.2,0.4", "0.3,0.4"), "line 2: `inside` of deal sum to 1.1"),
        (RECORD.replace("0.2,0.4", ","), "line 2: `inside` and `outside` are given for 1 of 2 values of deal."),
        (RECORD.replace("no,0.3", "yes,0.3"), "line 3: deal has a chance of yes already."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_record_is_met_in_words(refused, book, text, told):
    """Never with an internal error; and no ledger is created."""
    assert told in refused(text)
    assert not book.exists()


def test_values_are_numbers_only_where_a_ledger_can_keep_them(enter, book):
    """`NaN` is a word; a quoted line end and a mark at the beginning of the file are no problem."""
    rows = 'old,"de\nal",NaN,0.5,2020-01-01,,,,,,\nold,"de\nal",1e999,0.5,2020-01-01,,,,,,\n'
    enter("\ufeff" + HEAD + rows)
    assert Ledger(book).forecasted("old")[0].values == ("NaN", "1e999")
