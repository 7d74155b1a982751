"""A cause has two names: what happened, and its absence."""

from __future__ import annotations

import pytest

from backchannel.case.starter import starter
from backchannel.language.errors import CaseError
from backchannel.study import Study
from backchannel.wording.interventions import if_clause, what_happened
from backchannel.wording.words import Wording

TWO = "stinginess: {title: the offer was a token, undone: the offer had been full,"


def _named(text: str) -> tuple[str, str]:
    lowered = Study.load(text).lowered
    wording, made = Wording(lowered), lowered.causes["stinginess"]
    return what_happened(wording, "stinginess"), if_clause(wording, "stinginess", made)


def test_why_uses_both_names():
    """Because the offer was a token; had it been full."""
    assert _named(starter()) == ("the offer was a token", "the offer had been full")


def test_a_single_name_is_the_absence():
    """Cases that were written before have one name, which followed "if"."""
    old = starter().replace(TWO, "stinginess: {title: the offer had been full,")
    assert _named(old) == ("", "the offer had been full")
    assert _named(starter().replace(TWO, "stinginess: {")) == (
        "",
        "“The offer: a full offer” holds",
    )


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("undone: the offer had been full", "has `undone` and no `title`"),
        ("title: it was so, undone: it was so", "has the same `title` and `undone`"),
        (
            "title: it was so, undone: if it had been full",
            "begins with “if”. Leave the word out: it had been full.",
        ),
    ],
)
def test_names_that_do_not_fit_are_met_with_what_to_write(names, told):
    """Each is a clause of its own."""
    with pytest.raises(CaseError) as error:
        Study.load(starter().replace(TWO, f"stinginess: {{{names},"))
    assert told in str(error.value)


def test_only_a_cause_has_two_names():
    """The intervention of a question has a title, which follows "if"."""
    text = starter().replace(
        "what_if: stinginess", "what_if: {title: a, undone: b, do: {offer: full}}"
    )
    with pytest.raises(CaseError) as error:
        Study.load(text)
    assert "undone" in str(error.value)
