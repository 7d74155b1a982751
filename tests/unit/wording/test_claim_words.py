"""Claims say in words what their tests say in code."""

from __future__ import annotations

from pathlib import Path

import pytest

from backchannel.diagram.claim_tests import Claim
from backchannel.study import Study
from backchannel.wording.claim_words import claim_words
from backchannel.wording.words import Wording
from tests.grammar import faults

CASES = Path(__file__).parent.parent.parent / "cases"
CLAIM = {"id": "it", "says": "So it is", "source": "wire"}
IN_WORDS = {
    "P(reply == 'frees') > 0.5": "“The reply: frees” is more likely than not.",
    "0.2 >= P(reply == 'frees')": "The probability of “The reply: frees” is at most 20%.",
    "P(reply != 'frees', undo='misread') < P(reply == 'refuses')": (
        "“The reply: refuses” would be less likely if the home side had known the odds."
    ),
    "P(reply == 'frees') < P(reply == 'frees', undo=['misread', 'dearness'])": (
        "“The reply: frees” is less likely than it would be if the home side had known the odds and a full offer "
        "had cost nothing."
    ),
    "P(reply == 'frees', do={'offer': 'full'}) >= P(reply == 'frees', do={'offer': 'token'}) + 0.1": (
        "“The reply: frees” would be at least as likely with “The offer: a full offer” as with “The offer: a "
        "token”, by at least 10 points."
    ),
    "P(reply == 'frees', do={'offer': 'full', 'pressed': 'yes'}) > "
    "P(reply == 'frees', do={'offer': 'full', 'pressed': 'no'})": (
        "With “The offer: a full offer”, “The reply: frees” would be more likely with “Pressure on the other side: "
        "yes” than with “Pressure on the other side: no”."
    ),
    "P(reply == 'frees', given=pressed == 'yes') > P(reply == 'frees', given=pressed == 'no')": (
        "“The reply: frees” is more likely given “Pressure on the other side: yes” than given “Pressure on the "
        "other side: no”."
    ),
    "P(reply == 'frees' and offer in ['full', 'token']) < 0.3": (
        "The probability of “The reply: frees”, together with “The offer: a full offer or a token” is below 30%."
    ),
    "P(not reply == 'frees') > P(offer == 'full')": (
        "The absence of “The reply: frees” is more likely than “The offer: a full offer”."
    ),
    "E(home) > E(home, undo='stinginess')": (
        "The home side can expect more than it could if the offer had been full."
    ),
    "E(swap, do={'offer': 'full'}) < E(swap) - 0.05": (
        "The expected worth of “swap” would be smaller with “The offer: a full offer”, by more than 0.05."
    ),
    "E(home) + E(away) > 1": (
        "The sum of what the home side can expect and what the other side can expect is above 1."
    ),
    "E(home) > E(away) * 2": (
        "What the home side can expect is larger than the product of what the other side can expect and 2."
    ),
    "max(E(home), E(away)) < 2": (
        "The largest of what the home side can expect and what the other side can expect is below 2."
    ),
    "best(reply) == 'frees'": "The best choice at “The reply” is “frees”.",
    "best(reply, do={'offer': 'full'}) != best(reply)": (
        "The best choice at “The reply”, with “The offer: a full offer”, is not the same as the best choice at "
        "“The reply”."
    ),
    "P(reply == 'frees') > 0.5 and not E(home) < 0": (
        "“The reply: frees” is more likely than not, and it is false that what the home side can expect is below 0."
    ),
    "P(reply == 'frees') > 0.9 or P(reply == 'frees') < 0.1": (
        "Either the probability of “The reply: frees” is above 90%, or the probability of “The reply: frees” is "
        "below 10%."
    ),
}


def _words(test: str, **more: str) -> str:
    from backchannel.case.starter import FILE

    text = FILE.read_text()
    text = text[: text.index("\nclaims:\n") + 1]
    entry = {**CLAIM, **more, "test": test}
    study = Study.load(text + f"claims:\n  - {entry!r}\n")
    [claim] = study.lowered.claims
    assert isinstance(claim, Claim)
    return claim_words(Wording(study.lowered), claim)


@pytest.mark.parametrize("test", IN_WORDS)
def test_a_test_is_told_in_words(test):
    """Every form of the language of tests, with the case's own words for nodes, values, causes and players."""
    told = _words(test)
    assert told == IN_WORDS[test]
    assert not faults(told, is_sentence=True)


def test_a_view_from_before_is_told():
    """The test looks at what was known then."""
    told = _words("P(reply == 'frees', do={'offer': 'full'}) > P(reply == 'frees')", view="before")
    assert told.endswith(", all as it looked before the change.")


@pytest.mark.parametrize(
    "test",
    [
        "log(E(home)) > 0",
        "E(home) ** 2 > 1",
        "(E(home) if E(away) > 0 else 1) > 0",
        "P(reply == 'frees', given=(reply == 'frees') + (offer == 'full') > 1) > 0",
    ],
)
def test_what_has_no_words_keeps_its_code(test):
    """No words are better than wrong ones."""
    assert _words(test) == ""


def test_a_long_test_is_told_in_several_sentences():
    """Both numbers are named before they are compared."""
    both = "do={'offer': 'full'}, undo=['misread', 'dearness'], given=pressed == 'yes'"
    told = _words(f"P(reply == 'frees', {both}) > P(offer == 'token', {both}) + 0.1")
    assert told.startswith(
        "Two numbers are compared. The first is the probability of “The reply: frees”"
    )
    assert told.endswith("The first is larger, by more than 10 points.")
    assert not faults(told, is_sentence=True)
