"""`information: public` in a case file: who sees what, and what is said of mistakes."""

from __future__ import annotations

import pytest

from backchannel.case.lower.lower import lower
from backchannel.case.lower.numbers import CaseNumbers
from backchannel.case.lower.user_intervention import read_intervention
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CaseError, CommandError

CASE = """\
case: Talks
utility_unit: worth
as_of: 2030-01-01
%(head)s
players:
  home: {name: Home, precision: 4, why: {judgement: mine}}
  away: {name: Away, precision: 4, why: {judgement: mine}}
nodes:
  mood: {chance: true, domain: [good, bad], odds: {good: 1, bad: 1}, at: 2030-01-05%(hidden)s}
  weather: {chance: true, domain: [fair, foul], odds: {fair: 1, foul: 1}, at: 2030-01-06}
  offer: {player: home, domain: [large, small], at: 2030-01-10}
  reply: {player: away, domain: [takes, leaves], at: 2030-02-01%(reply)s}
interests:
  gain: {player: home, worth: "(reply == 'takes') * (0.5 if offer == 'large' else 1)"}
  deal: {player: away, worth: "(reply == 'takes') * ((offer == 'large') - 0.4 * (mood == 'bad'))"}
%(more)s"""


def _lowered(*, public: bool = True, hidden: str = "", reply: str = "", more: str = ""):
    head = "information: public" if public else "question: none"
    text = CASE % {"head": head, "hidden": hidden, "reply": reply, "more": more}
    return lower(*read_case_text(text))


def _sees(lowered, name: str) -> set[str]:
    return set(lowered.diagram.node[name].sees)


def test_what_is_public_and_can_matter_is_seen():
    """Not the weather, in which nobody is interested."""
    lowered = _lowered()
    assert _sees(lowered, "offer") == {"mood"}
    assert _sees(lowered, "reply") == {"mood", "offer"}
    assert lowered.diagram.node["reply"].unneeded == ("weather",)
    assert lowered.warnings == ()


def test_without_the_key_nothing_is_seen_that_is_not_listed():
    """Old files mean what they meant."""
    lowered = _lowered(public=False)
    assert _sees(lowered, "reply") == set()


def test_what_is_hidden_is_not_seen():
    """By the player that is named, and by no other."""
    lowered = _lowered(hidden=", hidden_from: home")
    assert _sees(lowered, "offer") == set()
    assert _sees(lowered, "reply") == {"mood", "offer"}


def test_a_list_of_what_is_seen_is_taken_as_it_is():
    """`sees` says otherwise."""
    lowered = _lowered(reply=", sees: [offer]")
    assert _sees(lowered, "reply") == {"offer"}


SHADE = """\
  shade: {derived: "'dark' if mood == 'bad' else 'light'", domain: [light, dark]}
"""


def test_an_observation_is_kept_that_an_intervention_of_the_case_makes_useful():
    """A second view of the mood is not needed, unless somebody may be kept from the first."""
    text = CASE % {"head": "information: public", "hidden": "", "reply": "", "more": ""}
    text = text.replace("interests:\n", SHADE + "interests:\n")
    without = lower(*read_case_text(text))
    blind = "causes:\n  blind: {sees: {reply: {drop: [mood]}}}\n"
    with_cause = lower(*read_case_text(text + blind))
    assert "shade" in without.diagram.node["reply"].unneeded
    assert _sees(with_cause, "reply") >= {"mood", "shade", "offer"}


def test_a_deal_makes_every_promise_matter():
    """What bears on whether the other keeps its promise is kept."""
    deal = (
        "deals:\n  swap: {parties: [home, away], steps: [{do: {offer: large}}, {do: {reply: takes}}], "
        "breach: {home: 0.1, away: 0.1}, why: {judgement: mine}}\n"
    )
    assert "mood" in _sees(_lowered(more=deal), "offer")


def test_a_change_from_outside_that_makes_a_dropped_node_useful_is_refused():
    """Its rule would have to be another one from the start."""
    text = CASE % {"head": "information: public", "hidden": "", "reply": "", "more": ""}
    lowered = lower(*read_case_text(text.replace("interests:\n", SHADE + "interests:\n")))
    numbers = CaseNumbers(dict(lowered.priors))

    def drop(name: str):
        change = {"sees": {"reply": {"drop": [name]}}}
        return read_intervention(lowered.case, lowered.diagram, numbers, change)

    assert drop("weather").sees_removed == {"reply": ("weather",)}
    with pytest.raises(CommandError, match=r"could use shade.*under `causes`"):
        drop("mood")


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"hidden": ", hidden_from: hame"}, "no player is called 'hame'. Did you mean 'home'"),
        ({"hidden": ", hidden_from: home", "public": False}, "only where information is public"),
        ({"reply": ", hidden_from: away"}, "away decides this node"),
        (
            {"reply": ", when: \"mood == 'bad'\"", "hidden": ", hidden_from: away"},
            "mood is hidden from away",
        ),
    ],
)
def test_what_cannot_be_is_told(how, told):
    """With the remedy."""
    with pytest.raises(CaseError, match=told):
        _lowered(**how)


def test_a_condition_may_name_whatever_is_public():
    """And keeps it."""
    lowered = _lowered(reply=", when: \"weather == 'fair'\"")
    assert "weather" in _sees(lowered, "reply")


def test_a_player_without_a_precision_has_the_default_and_is_told():
    """4 to 16, as an assumption that is named as such."""
    text = CASE % {"head": "information: public", "hidden": "", "reply": "", "more": ""}
    lowered = lower(*read_case_text(text.replace("precision: 4, ", "", 1)))
    prior = lowered.priors["home.precision"]
    assert [round(prior.at(share), 6) for share in (0.05, 0.95)] == [4, 16]
    [warning] = lowered.warnings
    assert "precision: {between: [4, 16]}" in str(warning)


def test_in_rounds_a_bare_name_of_an_intervention_is_that_of_the_same_round():
    """The shade tells of the mood, so it is kept where a cause hides the mood in every round."""
    rounds = """\
rounds:
  n: 2
  every: month
  nodes:
    temper: {chance: true, domain: [good, bad], odds: {good: 1, bad: 1}, day: 1}
    shade: {derived: "'dark' if temper == 'bad' else 'light'", domain: [light, dark], day: 2}
    trade: {player: away, domain: [yes_, no_], day: 9}
  interests:
    profit: {player: away, worth: "(trade == 'yes_') * ((temper == 'good') - 0.5)", last: 0}
"""
    blind = "causes:\n  blind: {sees: {trade: {drop: [temper]}}}\n"
    plain, with_cause = _lowered(more=rounds), _lowered(more=rounds + blind)
    assert _sees(plain, "trade@2") == {"temper@2"}
    assert _sees(with_cause, "trade@2") == {"temper@2", "shade@2"}
