"""Every problem at once: what is wrong in one place hides nothing elsewhere, and brings no problems of its own."""

from __future__ import annotations

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError
from tests.unit.case.small_case import CASE, FORMS, problems

NAMES = {
    "sees: [offer, pressed]": ("sees: [ofer, pressed]", "no node is called 'ofer'"),
    "(offer == 'full')\"}\n  relief": ("(offer == 'ful')\"}\n  relief", "offer cannot be 'ful'"),
    "2030-03-10, source: wire}": ("2030-03-10, source: wires}", "no source is called 'wires'"),
    "P(reply == 'frees', do": ("P(replly == 'frees', do", "quantity or parameter 'replly'"),
    "forecast: reply": ("forecast: relpy", "no node is called 'relpy'"),
    "between: [0.2, 0.6]": ("between: [0.6, 0.2]", "put the lower end first"),
}
"""Six mistakes of meaning, all in one file, each with its message."""


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
