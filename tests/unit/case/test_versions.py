"""Two analysts' versions of one case: what a difference is about, and who changed it."""

from __future__ import annotations

import pytest

from backchannel.case.read.case_file import read_case_text
from backchannel.case.schema.case import Case
from backchannel.case.versions import compare_versions, entries_of, entry_key
from backchannel.language.errors import CommandError
from tests.helpers import CANAL

TEXT = CANAL.read_text("utf-8")


def version(*changes: tuple[str, str]) -> Case:
    """The case with some texts replaced."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_case_text(text)[0]


BASE = version()


@pytest.mark.parametrize(
    ("old", "new", "where", "kind", "moves"),
    [
        ("prior: likely", "prior: unlikely", "parameters.p_high.prior", "numbers", True),
        (
            "probability, why: {judgement: desk estimate}",
            "probability, why: {judgement: a guess}",
            "parameters.p_high.why",
            "words",
            False,
        ),
        ("name: Aria,", "name: A,", "players.aria.name", "words", False),
        ("{between: [2, 8]}", "{between: [2, 9]}", "players.aria.precision", "numbers", True),
        ("domain: [talk, wait]", "domain: [wait, talk]", "nodes.parley.domain", "structure", True),
        (
            "reliability: 0.95",
            "reliability: 0.9",
            "record.reply 2031-04-01.reliability",
            "record",
            True,
        ),
        ("forecast: parley", "forecast: reply", "questions.next.forecast", "questions", False),
        ("as_of: 2031-04-02", "as_of: 2031-04-03", "as_of", "record", True),
    ],
)
def test_a_difference_is_about_structure_numbers_record_questions_or_words(
    old, new, where, kind, moves
):
    """Questions and words move no forecast."""
    versions = compare_versions(BASE, version((old, new)))
    (difference,) = versions.disagreements
    assert (difference.where, difference.kind) == (where, kind)
    assert len(versions.moving()) == moves


def test_with_a_base_it_is_known_who_changed_what():
    """Whoever differs from the base; both, where neither is the base; unknown without one."""
    mine, theirs = (
        version(("prior: likely", "prior: unlikely")),
        version(("prior: likely", "prior: 0.7")),
    )
    pairs = {"first": (mine, BASE), "second": (BASE, theirs), "both": (mine, theirs)}
    for who, (first, second) in pairs.items():
        assert [d.changed_by for d in compare_versions(first, second, BASE).disagreements] == [who]
        assert [d.changed_by for d in compare_versions(first, second).disagreements] == ["unknown"]


def test_what_one_version_lacks_is_there_in_the_other_alone():
    """A difference says on which side something stands."""
    longer = version(
        (
            "  p_high: ",
            "  bonus: {prior: {uniform: [0, 1]}, unit: share of tolls, why: {judgement: Ben}}\n  p_high: ",
        )
    )
    (difference,) = compare_versions(BASE, longer, BASE).disagreements
    assert difference.entry == difference.path == ("parameters", "bonus")
    assert (difference.in_first, difference.in_second) == (False, True)
    assert difference.first is None
    assert difference.base is None
    assert difference.changed_by == "second"


def test_entries_of_lists_are_recognised_by_what_they_are_about():
    """A report by node and date, a claim by its id or else its words; the same report twice gets a mark."""
    twice = TEXT.replace(
        "record:\n", "record:\n  - {node: demand, value: 30, date: 2031-03-10, source: inquiry}\n"
    )
    reports = [path[1] for path in entries_of(read_case_text(twice)[0]) if path[0] == "record"]
    assert reports == ["demand 2031-03-10", "demand 2031-03-10'", "reply 2031-04-01"]
    assert entry_key("claims", {"id": "c1", "says": "so"}) == "c1"
    assert entry_key("claims", {"says": "so"}) == "so"
    assert entry_key("else", {"a": 1}) == '{"a": 1}'


def test_cases_that_share_too_few_nodes_are_no_versions_of_one():
    """The canal has four nodes; another case with one of them has too little in common."""
    text = """\
case: Another
utility_unit: share of tolls
as_of: 2031-04-02
players: {aria: {name: Aria, precision: 2}}
nodes:
  demand: {player: aria, domain: [10, 30, 50], at: 2031-03-10}
  rain: {chance: true, domain: [wet, dry], odds: {wet: 1, dry: 1}}
  wind: {chance: true, domain: [strong, weak], odds: {strong: 1, weak: 1}}
interests: {income: {player: aria, worth: demand}}
"""
    other = read_case_text(text)[0]
    with pytest.raises(CommandError, match="of 4 and 3 nodes they share 1"):
        compare_versions(BASE, other)
    with pytest.raises(CommandError, match="The base and the first file"):
        compare_versions(BASE, BASE, other)
