"""What beginners write: each slip is met with what to write instead, in words that are no parser's."""

from __future__ import annotations

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from tests.unit.case.small_case import CASE, FORMS, problems


@pytest.mark.parametrize("kind", ["probability", "odds"])
def test_a_table_under_one_value_says_where_it_belongs(kind):
    text = CASE.replace(
        'probability: {"yes": p, "no": rest}',
        kind + ': {"yes": {table: offer, full: 0.6, token: 0.3}, "no": 0.4}',
    )
    (only,) = problems(text)
    assert f"Put `table` first, and under each of its keys a {kind} for every value" in only


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("precision: 4", "precision: likely", "should be a number of at least 0, not 'likely'"),
        ("precision: 4", "precision: low", "{between: [4, 16]}"),
        ("precision: 4", 'precision: "3"', "Write 3 without quotes"),
        ("precision: 4", "precision: 4,5", "Write the number with a point: 4.5"),
        ("prior: likely", "prior: 30%", "Write 0.3 for 30%"),
        ("prior: likely", "prior: 30 %", "Write 0.3 for 30 %"),
        ("prior: likely", "prior: 30", "Write 0.3 for 30%"),
        ("prior: likely", "prior: 0,3", "Write the number with a point: 0.3"),
        ("prior: likely", 'prior: "0.3"', "Write 0.3 without quotes"),
        ("[0.2, 0.6]", "[0,2, 0,6]", "[0.2, 0.6]"),
        ("[0.2, 0.6]", "[20%, 60%]", "Write 0.2 for 20%"),
        ("[0.2, 0.6]", "[0.2]", "There is 1"),
        ("why: {source: wire}", 'why: "Smith: 3"', '{judgement: "Smith: 3"}'),
        ("why: {source: wire}", "why: [a, b]", "{judgement: a}"),
        ("why: {source: wire}", "why:", "is empty. Write {judgement: my estimate}"),
        ("causes: [cheap]}", "causes: [cheap], why: x}", "is repeated"),
        ("why: {offer: token}", "why: offer", "should name one outcome, such as {reply: fight}"),
        ("date: 2030-03-11", "date: 3/15/2030", "Write 2030-03-15"),
        ("date: 2030-03-11", "date: 02/03/2030", "2030-03-02 for 2 March 2030, or 2030-02-03"),
        ("date: 2030-03-11", "date: 'March 2, 2030'", "Write 2030-03-02"),
        ("date: 2030-03-11", "date: 20300302", "Write 2030-03-02"),
        ("date: 2030-03-11", "date: 2030-02-30", "there is no 2030-02-30"),
        ("date: 2030-03-11", "date: 86400", "should be a day"),
        ("title: Wire", "title: Wire, late", 'Put the text in quotes: "Wire, late"'),
        ("title: Wire", "title:Wire", "A space is missing after the colon"),
        ("case: A swap", "case: # A swap", "Put the text in quotes".lower()),
        ("offer: {player: home", "оffer: {player: home", "the Cyrillic letter 'о'"),
        ("sees: [offer", "sees: [οffer", "the Greek letter 'ο', which looks like the Latin 'o'"),
        ("sees: [offer, pressed]", "sees: [offer，pressed]", "the wide character '，'"),
        ("sees: [offer, pressed]", "sees: [offer pressed]", "A comma is missing between the names"),
        ("sees: [offer, pressed]", "sees: (offer, pressed)", "in brackets: [offer, pressed]"),
        ("domain: [frees, refuses]", "domain: [“frees”, refuses]", "Write 'frees'"),
        ("prior: likely", "prior: 0.6-0.8", "Write {between: [0.6, 0.8]}"),
        ("precision: 4", "precision: between 4 and 16", "Write {between: [4, 16]}"),
        ("precision: 4", "precision: [4, 16]", "write {between: [4, 16]}"),
        ("sees: [offer, pressed]", "sees: offer", "should be a list in brackets: [offer]"),
    ],
)  # fmt: skip
def test_what_beginners_write_is_told_with_what_to_write_instead(old, new, told):
    """In plain words, with the value that was meant."""
    assert old in CASE
    found = problems(CASE.replace(old, new, 1))
    assert any(told in problem for problem in found), found


WORDS_OF_PARSERS = (
    "YAML", "mapping", "scalar", "block", "token", "anchor", "alias", "flow", "syntax", "stream", "sequence",
)  # fmt: skip


@pytest.mark.parametrize("change", FORMS.values(), ids=FORMS)
def test_no_message_uses_the_terms_of_a_parser(change):
    for problem in problems(CASE.replace(change[0], change[1])):
        text = problem.replace("token", "") if "offer" in problem else problem
        assert not [word for word in WORDS_OF_PARSERS if word in text]


NUMBERS = {
    "reliability": ("source: wire}\ncauses", "source: wire, reliability: {}}}\ncauses"),
    "margin": ("> 0.9\"}", "> 0.9\", margin: {}}}"),
    "parameters.cost": ("parameters: {cost: 0}", "parameters: {{cost: {}}}"),
    "worth": ("worth: \"(reply == 'frees') - cost * (offer == 'full')\"", "worth: {}"),
    "probability": ('"yes": p', '"yes": {}'),
}  # fmt: skip
"""Keys that hold a number, and where they stand."""


@pytest.mark.parametrize("value", ["nan", ".nan", "-.inf", "true", "high", "null", "[1]", "{a: 1}"])
@pytest.mark.parametrize("key", NUMBERS)
def test_what_is_no_number_is_told_in_plain_words(key, value):
    """One problem, at the key, without a word of Python; true is not 1."""
    old, new = NUMBERS[key]
    assert old in CASE
    told = problems(CASE.replace(old, new.format(value)))
    about = [problem for problem in told if key.split(".")[0] in problem]
    assert len(about) == 1, told
    for foreign in (
        "None",
        "True",
        "less than",
        "greater than",
        "float",
        "int ",
        "Input",
        "valid dict",
    ):
        assert foreign not in about[0]


@pytest.mark.parametrize("key", ["reliability", "margin"])
def test_infinite_numbers_are_refused_where_they_mean_nothing(key):
    old, new = NUMBERS[key]
    (told,) = problems(CASE.replace(old, new.format("inf")))
    assert f"{key} should be a" in told
    assert "not 'inf'" in told


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("March 2030", "2030-03 for March 2030"),
        ("2030", "2030-12, or 2030-12-31, for the end of 2030"),
        ("Q1 2030", "2030-03, or 2030-03-31, for the end of Q1 2030"),
        ("2028/02", "2028-02 for February 2028"),
    ],
)
def test_a_month_a_quarter_or_a_year_is_met_with_its_last_day(written, day):
    """A day is needed; the last one is when it is over."""
    (told,) = problems(CASE.replace("at: 2030-03-10}", f"at: {written}}}"))
    assert f"Write {day}." in told


@pytest.mark.parametrize("text", ["“{}", "{}”"])
def test_one_typographic_quotation_mark_is_one_problem(text):
    worth = "(reply == 'frees') - cost * (offer == 'full')"
    (told,) = problems(CASE.replace(f'"{worth}"', text.format(worth)))
    assert "quotation mark" in told


def test_a_quoted_name_in_best_is_met_with_what_to_write():
    text = CASE.replace("P(reply == 'frees', do={'offer': 'full'}) > 0.9", "best('reply') == 1")
    assert any("Write reply without quotes." in problem for problem in problems(text))


@pytest.mark.parametrize(
    ("old", "new", "letter", "at"),
    [
        ("domain: [frees, refuses]", "domain: [fr\u0435es, refuses]", "letter '\u0435'", "nodes.reply.domain[1]"),
        ("domain: [full, token]", "domain: [full, t\u03bfken]", "Greek letter '\u03bf'", "nodes.offer.domain[2]"),
    ],
)  # fmt: skip
def test_a_letter_that_looks_latin_is_told_where_the_value_is_listed(old, new, letter, at):
    """Once, and not at each use."""
    (told,) = problems(CASE.replace(old, new))
    assert letter in told
    assert at in told


def test_a_value_of_another_script_is_no_mistake():
    """All of its letters are Cyrillic, although some look Latin."""
    text = CASE.replace("frees", "\u0441\u043e\u0430")
    assert lower(*read_case_text(text)).warnings == ()


@pytest.mark.parametrize("value", ["A #swap", "A swap #now or never"])
def test_a_text_that_a_hash_may_have_cut_is_warned_of(value):
    """With its place, and the text in quotes."""
    text = CASE.replace("case: A swap", f"case: {value}")
    (warning,) = map(str, lower(*read_case_text(text)).warnings)
    assert "case.yaml:1:1" in warning
    assert f'"{value}"' in warning


@pytest.mark.parametrize(
    "line", ["case: A swap # now", "case: A#swap", 'case: "A #swap"', "case: A swap #", "case: A swap ##"]
)  # fmt: skip
def test_an_ordinary_comment_is_not_warned_of(line):
    assert lower(*read_case_text(CASE.replace("case: A swap", line))).warnings == ()
