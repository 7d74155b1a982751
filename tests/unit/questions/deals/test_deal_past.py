"""The past of a deal: what the record has settled does not count, and a deal too large costs itself alone."""

import numpy as np
import pytest

from backchannel import Study
from backchannel.answers.page.report import compose_report
from backchannel.language.errors import CommandError
from backchannel.questions.deals import open_past
from backchannel.questions.deals.ask import solve_deal
from backchannel.questions.deals.model_futures import futures_of
from backchannel.questions.registry import limits
from tests.commands import run

EVENTS = {"heat": 2, "price": 0, "vote": 1, "storm": 2, "strike": 1}
"""Past events and what the record says of them; each can be 0, 1 or 2."""

CASE = """
case: A promise after a long past
question: Will it be kept?
utility_unit: one
as_of: 2030-06-01
sources: {{wire: {{title: Wire, date: 2030-05-30, grade: B2}}}}
players:
  home: {{name: Home, precision: 4, why: {{judgement: mine}}}}
  away: {{name: Away, precision: 4, why: {{judgement: mine}}}}
nodes:
{events}
  aim: {{chance: true, domain: [peace, war], probability: {{peace: 0.6, war: rest}}, at: 2030-05-20}}
  reply: {{player: away, domain: [frees, refuses], sees: [{away_sees}], at: 2030-07-01}}
  relief: {{player: home, domain: [gives, keeps], sees: [{home_sees}], at: 2030-08-01}}
interests:
  h: {{player: home, worth: "(reply == 'frees') - 0.3 * (relief == 'gives') * ({past})"}}
  peace: {{player: home, worth: "0.2 * (aim == 'peace') * (relief == 'gives')"}}
  a: {{player: away, worth: "0.5 * (relief == 'gives') - 0.2 * (reply == 'frees') * ({past})"}}
{record}
deals:
  swap:
    parties: [home, away]
    steps: [{{do: {{reply: frees}}}}, {{do: {{relief: gives}}}}]
    breach: {{home: 0.2, away: 0.1}}
    why: {{judgement: mine}}
  promise: {{parties: [home, away], steps: [{{do: {{relief: gives}}}}], why: {{judgement: mine}}}}
questions:
  q: {{asks: Freed?, forecast: reply}}
  d: {{asks: Would a swap hold?, deal: swap}}
"""


def case(*, unseen: str = "") -> str:
    """The case with its events; `unseen` is an event that home does not see."""
    worth = " + ".join(f"{0.1 * (i + 1):.1f} * {name}" for i, name in enumerate(EVENTS))
    lines, entries = [], ["record:"]
    for i, (name, value) in enumerate(EVENTS.items()):
        chances = "probability: {0: 0.5, 1: 0.3, 2: rest}"
        lines.append(
            f"  {name}: {{chance: true, domain: [0, 1, 2], {chances}, at: 2030-0{i + 1}-01}}"
        )
        entries.append(
            f"  - {{node: {name}, value: {value}, date: 2030-0{i + 1}-01, source: wire}}"
        )
    return CASE.format(
        events="\n".join(lines),
        away_sees=", ".join(EVENTS),
        home_sees=", ".join(["aim", "reply", *(name for name in EVENTS if name != unseen)]),
        past=worth,
        record="\n".join(entries),
    )


def case_by_hand() -> str:
    """The same case with the events replaced by what is on record."""
    total = sum(0.1 * (i + 1) * value for i, value in enumerate(EVENTS.values()))
    return CASE.format(
        events="", away_sees="", home_sees="aim, reply", past=f"{total:.1f}", record=""
    )


def solved(study: Study, deal: str):
    return solve_deal(study.ensemble, study.lowered.deals[deal]).solved


@pytest.mark.slow
@pytest.mark.parametrize("deal", ["swap", "promise"])
def test_settled_events_have_no_axis_and_the_numbers_are_those_without_them(deal):
    """Written without the events, with their values in the worths, the case says the same."""
    study, by_hand = Study.load(case(), draws=4), Study.load(case_by_hand(), draws=4)
    future = futures_of(study.ensemble, study.lowered.deals[deal]).future
    assert not set(future.interface) & set(EVENTS)
    assert future.settled == EVENTS
    ours, theirs = solved(study, deal), solved(by_hand, deal)
    for name in ("on_paper", "as_kept", "kept", "best"):
        np.testing.assert_allclose(getattr(ours, name), getattr(theirs, name), atol=1e-9)


@pytest.mark.slow
def test_an_event_that_somebody_ahead_does_not_see_stays_open(monkeypatch):
    """Home does not see it, so home still reckons with all of its values; the numbers do not move."""
    study = Study.load(case(unseen="storm"), draws=4)
    future = futures_of(study.ensemble, study.lowered.deals["swap"]).future
    assert future.interface == ("storm", "aim")
    assert "storm" not in future.settled
    ours = solved(study, "swap")
    monkeypatch.setattr(
        "backchannel.questions.deals.open_past.cut_settled", lambda future, *_: future
    )
    whole = solved(study, "swap")
    for name in ("on_paper", "as_kept", "kept", "best"):
        np.testing.assert_allclose(getattr(ours, name), getattr(whole, name), atol=1e-9)


def test_only_what_is_open_counts_towards_the_limit(monkeypatch):
    """Five events of three values are 243 combinations, all of them settled."""
    monkeypatch.setattr(open_past, "MOST_HISTORY_CELLS", 5)
    study = Study.load(case(), draws=4)
    assert limits(study.lowered) == []
    assert solved(study, "swap").converged.all()
    unseen = Study.load(case(unseen="storm"), draws=4)
    (said,) = [line for line in limits(unseen.lowered) if "swap" in line]
    assert "storm, aim" in said
    assert "6 combinations, more than 5" in said
    with pytest.raises(CommandError, match="6 combinations"):
        unseen.deals("swap")


def test_a_deal_that_is_too_large_costs_that_deal_alone(monkeypatch, tmp_path):
    """Its question says why, in every form of the answers; the forecast is there."""
    monkeypatch.setattr(open_past, "MOST_HISTORY_CELLS", 5)
    answers = Study.load(case(unseen="storm"), draws=16).answers()
    by_name = {answer.name: answer for answer in answers.answers}
    assert (
        by_name["d"].sentences[0].startswith("This question could not be answered. The deal swap")
    )
    assert "could not" not in by_name["q"].sentences[0]
    assert answers.deals == []
    assert [missing.name for missing in answers.unanswered] == ["swap", "promise"]
    assert "Not answered" in compose_report(answers)
    file = tmp_path / "case.yaml"
    file.write_text(case(unseen="storm"))
    checked = run("check", file)
    assert checked.returncode == 0
    assert "6 combinations" in checked.stdout
    assert "2 warnings" in checked.stdout
    told = run("run", file, "--draws", "16", "--full")
    assert told.returncode == 0
    assert told.stdout.count("could not be answered") == 1
    assert told.stdout.count("Not answered: ") == 2
