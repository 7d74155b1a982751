"""Every problem at once: what is wrong in one place hides nothing elsewhere, and brings no problems of its own."""

from __future__ import annotations

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError

CASE = """\
case: A swap
utility_unit: u
as_of: 2030-03-15
sources:
  wire: {title: Wire, date: 2030-03-11, grade: B2}
players:
  home: {name: Home, precision: 4, why: {judgement: me}}
  away: {name: Away, precision: {between: [4, 16]}, why: {judgement: me}}
parameters:
  p: {prior: likely, unit: probability, why: {source: wire}}
  cost: {prior: {between: [0.2, 0.6]}, unit: u, why: {judgement: me}}
nodes:
  pressed: {chance: true, domain: ["yes", "no"], probability: {"yes": p, "no": rest}, at: 2030-03-01}
  offer: {player: home, domain: [full, token], at: 2030-03-10}
  reply: {player: away, domain: [frees, refuses], sees: [offer, pressed], at: 2030-04-01}
interests:
  gain: {player: home, worth: "(reply == 'frees') - cost * (offer == 'full')"}
  relief: {player: away, worth: "(reply == 'frees') * (offer == 'full') - 0.3 * (pressed == 'no')"}
record:
  - {node: offer, value: token, date: 2030-03-10, source: wire}
causes:
  full: {title: t, do: {offer: full}}
questions:
  next: {asks: Will they, forecast: reply}
  blame: {asks: Why, why: {offer: token}, causes: [free]}
  if_full: {asks: What if, what_if: full, outcome: reply}
claims:
  - {says: s, source: wire, test: "P(reply == 'frees', do={'offer': 'full'}) > 0.9"}
"""
CASE = CASE.replace("causes: [free]", "causes: [cheap]").replace(
    "causes:\n", "causes:\n  cheap: {title: t, parameters: {cost: 0}}\n"
)

NAMES = {
    "sees: [offer, pressed]": ("sees: [ofer, pressed]", "no node is called 'ofer'"),
    "(offer == 'full')\"}\n  relief": ("(offer == 'ful')\"}\n  relief", "offer cannot be 'ful'"),
    "2030-03-10, source: wire}": ("2030-03-10, source: wires}", "no source is called 'wires'"),
    "P(reply == 'frees', do": ("P(replly == 'frees', do", "quantity or parameter 'replly'"),
    "forecast: reply": ("forecast: relpy", "no node is called 'relpy'"),
    "between: [0.2, 0.6]": ("between: [0.6, 0.2]", "put the lower end first"),
}
"""Six mistakes of meaning, all in one file, each with its message."""

FORMS = {
    "a word as precision": ("precision: 4", "precision: high", "number of at least 0, not 'high'"),
    "no unit": ("unit: probability, ", "", "parameters.p has no `unit`"),
    "an unknown key": ("grade: B2", "grad: B2", "has no key 'grad'. Did you mean 'grade'?"),
    "a key that is none": ("grade: B2", "colour: red", "has no key 'colour'. There are: title"),
    "a date of another form": ("at: 2030-04-01", "at: 01.04.2030", "Write 2030-04-01"),
    "no day at all": (", at: 2030-04-01", "", "needs its day"),
    "two kinds of node": ("{player: away, d", "{chance: true, player: away, d", "exactly one of"),
    "a text as why": ("why: {source: wire}", "why: my view", "{judgement: my view}"),
    "no domain": ("domain: [frees, refuses], ", "", "nodes.reply has no `domain`"),
    "a text as domain": (
        "domain: [frees, refuses]",
        "domain: frees",
        "a list in brackets: [frees]",
    ),
    "a name with a meaning of its own": ("reply", "min", "'min' has a meaning of its own"),
    "a name that is an operator": ("reply", "if", "'if' has a meaning of its own"),
    "a name with a hyphen": ("reply", "the-reply", "Write the_reply, for example"),
    "a Cyrillic name": ("reply", "ответ", "It is written in Cyrillic letters"),
    "a list for a text": ("title: Wire", "title: [Wire]", "should be one text, not a list"),
    "no title of the unit": ("utility_unit: u\n", "", "The case has no `utility_unit`"),
    "no day of the case": ("as_of: 2030-03-15\n", "", "The case has no `as_of`"),
    "a wrong day of the case": ("as_of: 2030-03-15", "as_of: March", "as_of should be a day"),
    "a whole entry that is text": (
        "{title: t, do: {offer: full}}",
        "x",
        "causes.full should hold keys",
    ),
    "a question of two kinds": ("forecast: reply", "forecast: reply, deal: x", "exactly one of"),
    "a key twice": ("  wire: {", "  wire: {title: x}\n  wire: {", "is repeated"),
    "a tab": ("  offer: {player", "\toffer: {player", "A tab stands"),
    "a colon": ("case: A swap", "case: A swap: two", "holds a colon"),
    "a bracket": ("[frees, refuses]", "[frees, refuses", "The bracket [ is not closed"),
}


def problems(text: str) -> list[str]:
    with pytest.raises(CaseError) as caught:
        lower(*read_case_text(text))
    return [str(problem) for problem in caught.value.problems]


def test_the_case_itself_is_fine():
    assert lower(*read_case_text(CASE)).warnings == ()


def test_six_mistakes_of_meaning_are_six_problems():
    """Without any mistake of form, for comparison."""
    text = CASE
    for old, (new, _) in NAMES.items():
        assert old in text
        text = text.replace(old, new, 1)
    told = problems(text)
    assert len(told) == len(NAMES)
    for _, message in NAMES.values():
        assert any(message in problem for problem in told), message


@pytest.mark.parametrize("change", FORMS.values(), ids=FORMS)
def test_a_mistake_of_form_is_one_problem(change):
    """And nothing is said about what only follows from it."""
    old, new, message = change
    (only,) = problems(CASE.replace(old, new))
    assert message in only


@pytest.mark.parametrize("change", FORMS.values(), ids=FORMS)
def test_a_mistake_of_form_hides_no_mistake_of_meaning(change):
    """Each of them with two unknown names elsewhere, in the record and in a cause."""
    old, new, message = change
    text = CASE.replace("2030-03-10, source: wire}", "2030-03-10, source: wires}")
    text = text.replace("parameters: {cost: 0}", "parameters: {coast: 0}").replace(old, new)
    told = problems(text)
    assert any(message in problem for problem in told)
    assert any("no source is called 'wires'" in problem for problem in told)
    assert any("no parameter is called 'coast'" in problem for problem in told)
    assert len(told) == 3


@pytest.mark.parametrize(
    ("nodes", "ends"),
    [
        ('n{0}: {{player: q{0}, domain: [a, b], at: 2030-02-01}}', "150 problems; 100 are listed."),
        ('n{0}: {{plaxer: p, domain: [a, b], at: 2030-02-01}}', "300 problems; 100 are listed."),
        ('n{0}: {{player: q{0}, domain: [a, b], at: 2030-02-01, x: 1}}', "300 problems; 100 are listed."),
    ],
)  # fmt: skip
def test_problems_that_are_not_listed_are_counted(nodes, ends):
    """An unknown player; an unknown key and no kind of node; an unknown key and an unknown player: 150 times."""
    many = "".join(f"  {nodes.format(i)}\n" for i in range(150))
    with pytest.raises(CaseError) as error:
        lower(*read_case_text(CASE.replace("nodes:\n", f"nodes:\n{many}", 1)))
    assert f"\n{ends} Nothing was run." in str(error.value)
    assert len(error.value.problems) == 100


def test_a_count_that_ended_early_says_why():
    """Faults that end the reading of the text; and so many problems that nobody needs their number."""
    with pytest.raises(CaseError) as error:
        lower(*read_case_text("case: x\n" + "".join(f"k{i} = 3 @\nl{i}: 'a\n" for i in range(200))))
    assert "At least 100 problems. The rest of the text is checked when these are" in str(
        error.value
    )
    many = "".join(f"k{i}: 1\n" for i in range(2_500))
    with pytest.raises(CaseError) as error:
        lower(*read_case_text(CASE + many))
    end = "At least 2,000 problems; 100 are listed. The check of the case ended there."
    assert end in str(error.value)


def test_many_mistakes_of_form_are_all_told():
    """In different parts of the case."""
    chosen = [
        FORMS[k] for k in ("no unit", "an unknown key", "a text as why", "a date of another form")
    ]
    text = CASE
    for old, new, _ in chosen:
        text = text.replace(old, new)
    told = problems(text)
    assert len(told) == len(chosen)
    assert all(any(message in problem for problem in told) for _, _, message in chosen)


def test_probabilities_that_do_not_sum_are_told_beside_an_unknown_name():
    """Tables of sound nodes are worked out although the case has problems."""
    text = CASE.replace('"no": rest', '"no": 0.9').replace("sees: [offer, ", "sees: [ofer, ")
    told = problems(text)
    assert len(told) == 2
    assert "do not sum to 1" in told[0]


def test_a_circle_of_nodes_hides_nothing():
    text = CASE.replace("{player: home, d", "{player: home, sees: [reply], d")
    text = text.replace("source: wire}\ncauses", "source: wires}\ncauses")
    told = problems(text)
    assert any("in a circle" in problem for problem in told)
    assert any("no source is called 'wires'" in problem for problem in told)


def test_a_wrong_entry_of_the_record_does_not_blame_the_question_about_it():
    (only,) = problems(CASE.replace("value: token", "value: tokn"))
    assert "Did you mean 'token'?" in only


def test_a_condition_that_a_decision_does_not_see_says_what_to_add():
    (only,) = problems(
        CASE.replace("sees: [offer, pressed]", "sees: [offer], when: \"pressed == 'no'\"")
    )
    assert "Add pressed to `sees`." in only


@pytest.mark.parametrize(
    ("added", "name"),
    [
        ("  spare: {prior: 1, unit: u, why: {judgement: me}}\nnodes", "parameters.spare"),
        ("quantities:\n  spare: cost * 2\nnodes", "quantities.spare"),
        ("quantities:\n  spare: cost * 2\n  more: spare\nnodes", "quantities.more"),
    ],
)
def test_what_nothing_uses_is_warned_of(added, name):
    """A number and a quantity, also one that only an unused quantity uses."""
    warnings = [str(w) for w in lower(*read_case_text(CASE.replace("nodes", added, 1))).warnings]
    assert any(f"{name}: nothing uses it" in warning for warning in warnings)


def test_a_number_that_only_a_quantity_uses_is_used():
    text = CASE.replace("cost * (offer", "dear * (offer").replace(
        "nodes", "quantities:\n  dear: 2 * cost\nnodes", 1
    )
    assert lower(*read_case_text(text)).warnings == ()


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
