"""The case file: reading, limits, and writing it back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backchannel.case.catalog import catalog, find_case
from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case, read_case_text
from backchannel.case.read.document import MAX_BYTES, parse_document, read_document
from backchannel.case.schema.json_schema import case_schema
from backchannel.case.starter import starter
from backchannel.case.write import write_case
from backchannel.diagram.tables import worth_terms
from backchannel.language.errors import CaseError, CommandError
from tests.helpers import CANAL

CASES = [*map(find_case, catalog()), CANAL]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_writing_and_reading_a_case_gives_the_same_case(path):
    """Nothing is lost, and nothing is added."""
    case, _ = read_case(path)
    again, _ = read_case_text(write_case(case))
    assert again == case


words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\x85\u2028\u2029\ufeff"),
    max_size=30,
)


@given(title=words, about=words, low=st.floats(0.1, 1), reliability=st.floats(0.01, 1))
def test_any_words_and_numbers_survive_the_round_trip(title, about, low, reliability):
    """Quotes, colons, the country code NO, numbers written as words."""
    case, _ = read_case(CANAL)
    record = [entry.model_copy(update={"reliability": reliability}) for entry in case.record]
    changed = case.model_copy(update={"case": title, "about": about, "record": record})
    changed.model_fields_set.add("about")
    players = dict(changed.players)
    players["aria"] = players["aria"].model_copy(update={"precision": {"between": [low, 2.5]}})
    changed = changed.model_copy(update={"players": players})
    again, _ = read_case_text(write_case(changed))
    assert again.model_dump() == changed.model_dump()


def test_yaml_1_2_keeps_words_words():
    """NO is Norway, and a day is text until it is asked for."""
    data = parse_document("a: [NO, yes, on, 010, 1.5, 2031-01-01, '1', ~]").data
    assert data["a"] == ["NO", "yes", "on", 10, 1.5, "2031-01-01", "1", None]


def test_a_question_mark_in_a_flow_mapping_is_read():
    """The fast parser stumbles over it; the one for YAML 1.2 does not."""
    assert parse_document("a: {asks: Will it?, next: b}").data == {
        "a": {"asks": "Will it?", "next": "b"}
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty"),
        ("a: 1\na: 2", "is repeated; it was first given at line 1"),
        ("a: &x [*x]", "contains itself"),
        ("a: !!python/object:os.system x", "The type mark .* is not supported"),
        ("<<: {a: 1}", "The key << is not supported"),
        ("? [a]\n: b", "A key must be a word or a number"),
        ("a: [1", "The bracket \\[ is not closed"),
        ("\t- a", "A tab stands at the start of this line"),
        ("[" * 60 + "]" * 60, "nested too deeply"),
    ],
)
def test_what_is_no_document_is_refused(text, message):
    """With a place and a reason."""
    with pytest.raises(CaseError, match=message):
        parse_document(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    """Whatever is in the file, there is no other failure."""
    try:
        parse_document(text)
    except CaseError as error:
        assert error.problems


def test_a_file_that_is_too_large_is_refused_unread(tmp_path):
    """Two megabytes are a thousand pages."""
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: " + b"x" * MAX_BYTES)
    with pytest.raises(CaseError, match="at most 2,000,000"):
        read_document(path)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    """A picture, say."""
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(CaseError, match="not UTF-8"):
        read_document(path)


def test_a_missing_file_names_the_catalog():
    """And the nearest name in it."""
    with pytest.raises(CommandError, match="Did you mean 'belarus-2025'"):
        find_case("belarus-2024")


def test_the_schema_is_json_and_knows_every_key():
    """Editors complete by it."""
    schema = json.loads(json.dumps(case_schema()))
    assert set(schema["properties"]) >= {"case", "nodes", "interests", "claims", "beliefs"}
    assert schema["additionalProperties"] is False
    mixture = schema["$defs"]["ReasoningEntry"]["properties"]["mixture"]
    assert {"equilibrium", "level 1"} <= mixture["properties"].keys()


def test_the_starter_is_a_case_without_warnings():
    """A newcomer's first file."""
    assert lower(*read_case_text(starter())).warnings == ()


def _warnings(text: str) -> str:
    return "\n".join(str(warning) for warning in lower(*read_case_text(text)).warnings)


def test_forgetting_what_matters_is_warned_of():
    """Aria that does not recall its demand could still use it."""
    text = CANAL.read_text().replace("sees: [demand, reply], domain", "sees: [reply], domain")
    text = text.replace("0.05 * (parley == 'talk')", "0.01 * demand * (parley == 'talk')")
    assert "aria knew demand earlier and could still use it, but does not see it here" in _warnings(
        text
    )
    assert "knew" not in _warnings(CANAL.read_text())


def test_actions_that_nothing_tells_apart_are_warned_of():
    """Splitting an option raises its share."""
    text = CANAL.read_text().replace("domain: [talk, wait]", "domain: [talk, wait, sleep]")
    text = text.replace("wait: -0.01, n/a: 0", "wait: -0.01, sleep: -0.01, n/a: 0")
    assert "no interest and no mechanism distinguishes 'wait' and 'sleep'" in _warnings(text)


@pytest.mark.parametrize(
    ("precision", "message"),
    [
        ("{between: [0.001, 0.002]}", "every choice is a coin toss"),
        ("5000", "probability 0, 1 or is a coin toss"),
    ],
)
def test_play_that_is_all_or_nothing_is_warned_of(precision, message):
    """A precision that makes every choice certain, or none."""
    text = CANAL.read_text().replace("{between: [2, 8]}", precision)
    assert message in _warnings(text)


def test_actions_that_nothing_tells_apart_are_told_as_one_group():
    """Three alike are one warning, not three; the one that counts is not among them."""
    text = LONELY.replace("[stays, goes]", "[stays, goes, waits, rests]")
    warnings = [str(w) for w in lower(*read_case_text(text)).warnings if "distinguishes" in str(w)]
    assert len(warnings) == 1
    assert "distinguishes 'goes', 'waits' and 'rests'" in warnings[0]


LONELY = """\
case: A
utility_unit: u
as_of: 2030-01-03
players:
  a: {name: a, precision: 1}
nodes:
  t: {player: a, sees: [], domain: [stays, goes], at: 2030-01-02}
interests:
  i: {player: a, worth: "t == 'stays'"}
"""


def test_a_hundred_problems_are_listed_and_the_rest_counted():
    """Misspelt keys and names; nobody reads more."""
    many = LONELY + "".join(f"kase{i}: 1\n" for i in range(300))
    with pytest.raises(CaseError, match="300 problems; 100 are listed") as caught:
        read_case_text(many)
    assert len(caught.value.problems) == 100
    more = "".join(f"  i{i}: {{player: a, worth: \"tt{i} == 'stays'\"}}\n" for i in range(300))
    with pytest.raises(CaseError, match="300 problems; 100 are listed"):
        lower(*read_case_text(LONELY + more))


def test_a_ring_of_quantities_is_told_at_each_of_them():
    """And those that only lead into it are not blamed."""
    ring = "quantities:\n  p: q\n  q: r + 1\n  r: s\n  s: q\n"
    with pytest.raises(CaseError) as caught:
        lower(*read_case_text(LONELY + ring))
    told = [str(problem).split(": ", 1)[1] for problem in caught.value.problems]
    assert told == [
        "quantities.q: it is defined in terms of itself: q → r → s → q.",
        "quantities.r: it is defined in terms of itself: r → s → q → r.",
        "quantities.s: it is defined in terms of itself: s → q → r → s.",
    ]


def test_keys_of_a_table_may_hold_commas():
    """A value with a comma in it takes as many parts of the key as it has."""
    nodes = (
        "  w: {chance: true, domain: ['a, b', c], odds: {'a, b': 1, c: 1}, at: 2030-01-01}\n"
        "interests:\n  j: {player: a, worth: {table: [w, t], 'a, b, stays': 1, 'c,goes': 2, else: 3}}\n"
    )
    diagram = lower(*read_case_text(LONELY.replace("interests:\n", nodes))).diagram
    ((scope, table),) = worth_terms(diagram, diagram.interests[0], {})
    assert scope == ("w", "t")
    assert table[..., 0].tolist() == [[1.0, 3.0], [3.0, 2.0]]


def test_actions_that_open_different_moves_of_others_are_distinct():
    """A challenge pays nothing itself, but only after it can the other resist."""
    text = LONELY_MOVE.format(when="when: \"challenge == 'challenge'\", ")
    assert "distinguishes" not in _warnings(text)
    assert "'challenge' and 'quiet'" in _warnings(LONELY_MOVE.format(when=""))


LONELY_MOVE = """
case: A move that only opens another
utility_unit: one
as_of: 2030-01-01
players:
  ann: {{name: Ann, precision: 1}}
  bob: {{name: Bob, precision: 1}}
nodes:
  challenge: {{player: ann, domain: [challenge, quiet], at: 2030-01-02}}
  reply: {{player: bob, domain: [resist, concede], {when}sees: [challenge], at: 2030-01-03}}
interests:
  a: {{player: ann, worth: "(reply == 'concede') - 2 * (reply == 'resist')"}}
  b: {{player: bob, worth: "reply == 'resist'"}}
"""


def test_actions_that_are_equal_at_the_medians_alone_are_distinct():
    """Acting gains 0.1 less a cost whose median is 0.1, so it matters in every draw."""
    text = """
case: A tie at the median
utility_unit: one
as_of: 2030-01-01
players: {ann: {name: Ann, precision: 10, why: {judgement: mine}}}
parameters:
  cost: {prior: {uniform: [0, 0.2]}, unit: one, about: cost, why: {judgement: mine}}
nodes:
  move: {player: ann, domain: [acts, waits], at: 2030-02-01}
interests:
  gain: {player: ann, worth: "(0.1 - cost) * (move == 'acts')"}
"""
    assert "distinguishes" not in _warnings(text)
    assert "distinguishes" in _warnings(text.replace("0.1 - cost", "cost - cost"))
