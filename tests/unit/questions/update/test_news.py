"""News: what follows from another entry in the record, by two roads that must meet."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backchannel import Study
from backchannel.case.compare import compare_cases
from backchannel.case.read.case_file import as_case
from backchannel.case.read.document import Document
from backchannel.language.errors import BackchannelError, CaseError, CommandError
from tests.helpers import CANAL

TALK = {"node": "parley", "value": "talk", "date": "2031-05-01", "source": "gazette"}


@pytest.fixture(scope="module")
def updated(canal):
    return canal.update(TALK)


def test_news_weighs_the_draws_as_a_run_from_the_start_would(canal, updated):
    """Play does not depend on the record, so nothing need be solved anew."""
    text = CANAL.read_text().replace("as_of: 2031-04-02", "as_of: 2031-05-01")
    entry = "{node: parley, value: talk, date: 2031-05-01, source: gazette}"
    text = text.replace("\ncauses:", f"  - {entry}\n\ncauses:")
    fresh = Study.load(text, draws=256, seed=1)
    assert updated.study.ensemble.play is canal.ensemble.play
    for node in ("resolve", "reply"):
        np.testing.assert_allclose(
            updated.study.forecast(node).mean, fresh.forecast(node).mean, atol=1e-9
        )
    assert [c.verdict for c in updated.study.claims().document()] == [
        c.verdict for c in fresh.claims().document()
    ]


def test_what_a_watched_event_would_do_is_what_it_then_does(canal, updated):
    """The indicator's "if it happens" is the forecast after an update with it."""
    (parley,) = [
        one for one in canal.watch("resolve").document().indicators if one.node == "parley"
    ]
    talk = next(value for value in parley.values if value.value == "talk")
    np.testing.assert_allclose(talk.if_seen, updated.study.forecast("resolve").mean, atol=1e-9)
    np.testing.assert_allclose(
        sum(v.probability * np.array(v.if_seen) for v in parley.values),
        canal.forecast("resolve").mean,
        atol=1e-9,
    )


def test_what_an_event_teaches_is_mutual_information_worked_out_by_hand(canal):
    """Σ p log p / (p q) over the table that conditioning on each value gives."""
    (parley,) = canal.watch("resolve").document().indicators
    before = canal.forecast("resolve").mean
    bits = 0.0
    for value in parley.values:
        for after, prior in zip(value.if_seen, before, strict=True):
            bits += value.probability * after * math.log2(after / prior)
    assert parley.teaches == pytest.approx(bits, abs=1e-9)


def test_the_news_was_as_likely_as_it_had_been_forecast(canal, updated):
    """The same to whoever does not err; and a player's own move is no news to it."""
    surprises = {one.player: one for one in updated.document().surprises}
    chance = canal.forecast("parley").probability("talk")
    assert surprises[None].probability == pytest.approx(chance, abs=1e-9)
    assert surprises[None].bits == pytest.approx(-math.log2(chance), abs=1e-6)
    assert surprises["borland"].probability == pytest.approx(chance, abs=1e-9)
    assert "aria" not in surprises


def test_news_that_came_early_is_that_of_a_case_planned_for_that_day(canal):
    """From Python, as from the command line."""
    early = canal.update({**TALK, "date": "2031-04-20"}).study
    text = CANAL.read_text().replace("as_of: 2031-04-02", "as_of: 2031-04-20")
    text = text.replace("at: 2031-05-01", "at: 2031-04-20")
    entry = "{node: parley, value: talk, date: 2031-04-20, source: gazette}"
    fresh = Study.load(text.replace("\ncauses:", f"  - {entry}\n\ncauses:"), draws=256, seed=1)
    for node in ("resolve", "reply"):
        np.testing.assert_allclose(early.forecast(node).mean, fresh.forecast(node).mean, atol=1e-12)


def test_a_day_that_follows_from_others_cannot_be_moved():
    """A round's day follows from its number."""
    quarry = Study.load("tests/cases/quarry.yaml", draws=16)
    node = next(node for node in quarry.lowered.ahead if "@" in node)
    value = quarry.lowered.diagram.domains[node][0]
    entry = {"node": node, "value": value, "date": "1900-01-01", "source": "x"}
    with pytest.raises(CommandError, match="follow from `rounds`"):
        quarry.update(entry)


REPLY = "  - {node: reply, value: fight, date: 2031-04-01, source: gazette, reliability: 0.95}\n"
FIGHT = {"node": "reply", "value": "fight", "date": "2031-04-01", "source": "gazette"}


def test_to_a_player_who_errs_the_news_is_as_likely_as_in_its_own_model():
    """Even after an entry that its model ruled out: Aria took Borland's resolve for low."""
    text = (
        CANAL.read_text()
        .replace(REPLY, "")
        .replace("blame: {why: {reply: fight}", "blame: {why: {demand: 30}")
    )
    text = text.replace("causes: [misread, greed]", "causes: [misread]")
    study = Study.load(text, draws=64)
    (expected,) = [
        e.mean_of("fight")[0] for e in study.surprise().expectations if e.node == "reply"
    ]
    surprises = {one.player: one for one in study.update(FIGHT).document().surprises}
    assert surprises["aria"].probability == pytest.approx(expected, abs=1e-9)
    assert surprises["aria"].probability != pytest.approx(surprises[None].probability, abs=1e-4)
    seen = "record:\n  - {node: resolve, value: high, date: 2031-01-02, source: gazette}\n"
    caught = text.replace("{p_high: unlikely}", "{p_high: 0}").replace("record:\n", seen)
    surprises = Study.load(caught, draws=64).update(FIGHT).document().surprises
    (aria,) = [one for one in surprises if one.player == "aria"]
    assert aria.bits is not None
    assert 0 < aria.probability < 1


def test_an_updated_study_keeps_its_name(canal, updated):
    """It is logged under the name of the case that it continues."""
    assert updated.study.name == canal.name


def test_only_assumptions_that_moved_by_more_than_noise_are_named(canal, updated):
    """Aria's parley turns on Aria's precision; nothing else of Aria's is in play by then."""
    assert updated.document().assumptions[0].parameter == "aria.precision"
    assert len(updated.document().assumptions) < len(canal.ensemble.numbers) / 2


def test_news_that_cannot_be_is_refused_in_words():
    """The values of the nodes are told, and what contradicts a certain entry is named."""
    study = Study.load(CANAL, draws=64)
    with pytest.raises(CaseError, match="Did you mean 'talk'"):
        study.update({**TALK, "value": "tlak"})
    with pytest.raises(CaseError, match="no source is called 'gazete'"):
        study.update({**TALK, "source": "gazete"})
    with pytest.raises(CaseError, match="cannot also be '50'"):
        study.update({**TALK, "node": "demand", "value": 50})
    certain = CANAL.read_text().replace("domain: [talk, wait]", "domain: [talk, wait], "
                                        "allowed: {wait: \"demand == 10\"}")  # fmt: skip
    study = Study.load(certain, draws=64)
    with pytest.raises(BackchannelError, match="cannot happen"):
        study.update({**TALK, "value": "wait"})


def test_a_copy_of_a_report_counts_once():
    """An entry from a copy changes no weight, and `check` says so."""
    text = CANAL.read_text().replace(
        "\nplayers:", "\n  wire: {title: Wire, same_as: gazette}\n\nplayers:", 1
    )
    entry = "{node: reply, value: fight, date: 2031-04-01, source: %s, reliability: 0.95}"
    alone = Study.load(text, draws=64)
    twice = Study.load(text.replace("\ncauses:", f"  - {entry % 'wire'}\n\ncauses:"), draws=64)
    other = Study.load(text.replace("\ncauses:", f"  - {entry % 'inquiry'}\n\ncauses:"), draws=64)
    np.testing.assert_array_equal(twice.ensemble.weights, alone.ensemble.weights)
    assert any("counts once" in warning for warning in twice.warnings)
    assert not np.allclose(other.ensemble.weights, alone.ensemble.weights)


def test_two_versions_of_a_case_are_compared_in_the_words_of_the_file(canal):
    """What was changed, and what that did to the forecasts."""
    text = CANAL.read_text().replace("{beta: [2, 8]}", "{beta: [4, 6]}")
    later = Study.load(text, draws=256, seed=1)
    moved = later.diff(canal).document()
    (difference,) = moved.differences
    assert difference.where == "parameters.war_cost.prior"
    assert (difference.before, difference.after) == ({"beta": [2, 8]}, {"beta": [4, 6]})
    assert moved.forecasts[0].distance > 0.01
    assert not moved.surprises
    assert not moved.assumptions


def test_every_named_part_of_a_case_is_compared_entry_by_entry(canal):
    """A changed deal is told as that deal, and not as all deals at once."""
    deal = {"parties": ["aria", "borland"], "at": "2031-04-02",
            "steps": [{"do": {"parley": "talk"}}], "breach": {"aria": "war_cost"}}  # fmt: skip
    plain = canal.case.model_dump(mode="json", exclude_unset=True)
    one, other = (
        as_case(Document("case", {**plain, "deals": {"truce": {**deal, "title": title}}}, {}, {}))
        for title in ("A truce", "The truce")
    )
    assert [d.where for d in compare_cases(one, other)] == ["deals.truce.title"]
