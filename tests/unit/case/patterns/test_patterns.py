"""Patterns: each runs by itself and shows the behaviour that is known of it; several make one case."""

from __future__ import annotations

import pytest

from backchannel import Study
from backchannel.case.lower.lower import lower
from backchannel.case.patterns.compose import compose_case, open_roles
from backchannel.case.patterns.pattern import pattern_library
from backchannel.case.read.case_file import read_case_text
from backchannel.language.errors import CommandError
from tests.helpers import quick_but

DRAWS = 32


def _study(*names: str, **given: str) -> Study:
    return Study.load(compose_case("A test", names, given), draws=DRAWS)


def _chance(study: Study, outcome: str, value: str, **changes) -> float:
    """The chance of a value after a change."""
    return study.what_if(outcome=outcome, **changes).after.probability(value)


KNOWN = {
    "threat": ("answer", "complies", {"parameters": {"p_audience": 0.9}}, {"parameters": {"p_audience": 0.0}}),
    "ransom": ("release", "frees", {"do": {"payment": "pays"}}, {"do": {"payment": "refuses"}}),
    "two-levels": ("offer", "large", {"parameters": {"p_claim": 0.7}}, {"parameters": {"p_claim": 0.1}}),
    "mediator": ("first_answer", "agrees", {"do": {"mediation": "payment"}}, {"do": {"mediation": "messages"}}),
    "spoiler": ("talks", "agrees", {"do": {"strike": "refrains"}}, {"do": {"strike": "strikes"}}),
    "salami": ("resistance@1", "resists", {"do": {"slice@1": "thick"}}, {"do": {"slice@1": "thin"}}),
    "third-party-promise": (
        "reward", "pays",
        {"do": {"gift": "gives", "voice": "keeps silent"}}, {"do": {"gift": "gives", "voice": "speaks"}},
    ),
    "rival-offers": (
        "attention", "to the suitor", {"parameters": {"p_rival": 0.2}}, {"parameters": {"p_rival": 1.4}},
    ),
    "rerouted-sanctions": (
        "concession", "yields",
        {"do": {"sanction": "sanctions", "route": "closed"}}, {"do": {"sanction": "sanctions", "route": "open"}},
    ),
    "alliance": ("bond", "discards", {"do": {"course": "courts"}}, {"do": {"course": "loyal"}}),
}  # fmt: skip
"""By pattern, an outcome and two changes: it must be clearly likelier after the first than after the second."""


@pytest.mark.parametrize("name", quick_but(["mediator", "salami"], KNOWN))
def test_a_pattern_shows_what_is_known_of_it(name):
    """The direction that its source gives, by more than the ranges of its numbers would blur: 5 points."""
    outcome, value, more, less = KNOWN[name]
    study = _study(name)
    assert _chance(study, outcome, value, **more) > _chance(study, outcome, value, **less) + 0.05


def test_more_agree_at_a_deadline_than_early():
    """Of those who waited, against those who accepted early (Roth, Murnighan & Schoumaker 1988)."""
    study = _study("deadline")
    at_the_end = study.what_if(do={"early": "waits"}, outcome="late").after.probability("accepts")
    assert at_the_end > study.forecast("early").probability("accepts") + 0.05


def test_a_costly_step_tells_of_resolve_and_makes_the_receiver_yield():
    """A step that is observed; one that is set by hand would tell nothing (Fearon 1997)."""
    text = compose_case("A test", ["costly-signal"], {}).replace(
        "as_of: 2029-12-31", "as_of: 2030-01-20"
    )
    record = "record:\n  - {node: signal, value: %s, date: 2030-01-15, source: fearon_1997}\n"
    steps, waits = (Study.load(text + record % value, draws=DRAWS) for value in ("steps", "waits"))
    resolved = steps.forecast("resolve").probability("resolved")
    assert resolved > waits.forecast("resolve").probability("resolved") + 0.05
    yields = steps.forecast("response").probability("yields")
    assert yields > waits.forecast("response").probability("yields") + 0.05


def test_every_pattern_is_tested():
    """So that a new one comes with its known behaviour."""
    assert {*KNOWN, "deadline", "costly-signal"} == set(pattern_library())


@pytest.mark.parametrize("name", pattern_library())
def test_a_pattern_is_a_case_without_a_warning(name):
    """As it stands, with its own names."""
    assert lower(*read_case_text(compose_case("A test", [name], {}))).warnings == ()


def test_patterns_share_players_and_are_tied_by_an_event():
    """The spoiler of an exchange of prisoners: one player with two roles, and no talks of its own."""
    given = {
        "deal": "release == 'frees'",
        "maker": "Minsk",
        "captor": "Minsk",
        "payer": "Washington",
    }
    text = compose_case("Exchange", ["ransom", "spoiler"], given)
    diagram = lower(*read_case_text(text)).diagram
    assert set(diagram.players) == {"minsk", "washington", "spoiler"}
    assert "talks" not in diagram.node
    assert "strike" in diagram.parents("release")


def test_a_pattern_that_stands_twice_has_names_of_its_own_each_time():
    """Numbered, in expressions too."""
    text = compose_case("Two", ["alliance", "alliance"], {})
    diagram = lower(*read_case_text(text)).diagram
    assert {"course", "course_2", "bond", "bond_2"} <= set(diagram.node)
    assert len(diagram.players) == 3


def test_names_of_all_languages_become_names_for_expressions():
    """Accents are dropped; another script becomes a number."""
    text = compose_case(
        "N", ["alliance"], {"client": "Côte d'Ivoire", "patron": "Минск", "other": "if"}
    )
    diagram = lower(*read_case_text(text)).diagram
    assert diagram.players == ("cote_d_ivoire", "player", "player_if")


@pytest.mark.parametrize(
    ("names", "given", "told"),
    [
        (["ransome"], {}, "No pattern is called 'ransome'. Did you mean 'ransom'"),
        (["ransom"], {"captr": "Minsk"}, "No role is called 'captr'"),
        (["ransom"], {"captor": "Minsk: the city"}, "cannot be the name of a player"),
        (["ransom", "spoiler"], {"deal": "releas == 'frees'"}, "there is no node"),
        (["spoiler"], {"maker": "the spoiler"}, None),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_written(names, given, told):
    """In the words of the user; one player may hold two roles."""
    if told is None:
        compose_case("A test", names, given)
        return
    with pytest.raises(CommandError, match=told):
        compose_case("A test", names, given)


def test_roles_that_are_open_are_listed_with_their_question():
    """A role may be given for one pattern or for all."""
    keys = [q.key for q in open_roles(["ransom", "spoiler"], {"captor": "Minsk"})]
    assert keys == ["ransom.payer", "spoiler.spoiler", "spoiler.maker"]
