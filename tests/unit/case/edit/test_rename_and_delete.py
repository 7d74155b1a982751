"""A name is changed everywhere at once, and what is deleted goes with all that cannot stand without it."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import pytest

from backchannel.case.edit.find_mentions import find_mentions
from backchannel.case.edit.mentions import Mention
from backchannel.case.edit.operation_models import DeleteEverywhere, RenameEverywhere
from backchannel.case.edit.operations import apply_operations, consequences
from backchannel.case.lowered import Lowered
from backchannel.case.read.document import parse_document
from backchannel.language.errors import BackchannelError, CaseError
from backchannel.web.checking import runnable
from tests.house.test_house import ROOT

CATALOG = sorted((ROOT / "src/backchannel/catalog").glob("*/case.yaml"))
CASES = sorted((ROOT / "tests/cases").glob("*.yaml"))
FRESH = "zz_fresh"
MOST = 12
"""Names that are tried in one case; every kind is among them."""

WHOLE = """\
case: All places
utility_unit: points
as_of: 2030-02-15
sources:
  wire: {title: Wire, date: 2030-02-01}
  copy: {title: Copy, date: 2030-02-02, same_as: wire}
players:
  north: {name: North, precision: 2, weights: {peace: 1, trade_gain: cost}}
  south: {name: South, precision: {between: [1, 4]}}
parameters:
  cost: {prior: {between: [0.1, 0.5]}, unit: probability, why: [{source: wire}, {judgement: mine}]}
  gain: {prior: 0.4, unit: points, why: {source: copy, at: p. 1}}
correlations:
  - {between: [cost, south.precision], rank: 0.2}
quantities:
  net: "gain - cost * (reply == 'fight')"
nodes:
  mood: {chance: true, domain: [calm, tense], odds: {calm: likely, tense: cost}, at: 2030-01-01}
  demand: {player: north, domain: [low, high], sees: [mood], at: 2030-02-01}
  reply:
    player: south
    domain: [pay, fight]
    values: {pay: they pay, fight: they fight}
    when: "demand == 'high' or mood in ['tense']"
    allowed: {fight: "mood != 'calm'"}
    sees: [demand, mood]
    at: 2030-03-01
    resolves: {pay: paid by June}
  outcome: {derived: "'bad' if reply == 'fight' else 'good'", domain: [good, bad]}
interests:
  peace: {player: north, worth: {of: [outcome, demand], ranks: [[good, high], "good, low = bad, high", else]}}
  trade_gain: {player: north, worth: {of: reply, ranks: [pay, fight, n/a], spacing: uncertain}}
  honour: {player: south, worth: {table: [reply, mood], "pay, calm": -0.1, "fight, tense": gain, else: 0}}
  fear: {player: south, worth: "net * (outcome == 'good') - cost"}
beliefs:
  south:
    parameters: {cost: 0.3}
    nodes: {mood: {odds: {calm: 1, tense: 1}}}
    why: {source: wire}
level_0:
  reply: {odds: {table: demand, low: {pay: 1, fight: 2}, high: {pay: cost, fight: 1}}}
record:
  - {node: demand, value: high, date: 2030-02-01, source: wire}
base_rates:
  - {node: outcome, counts: {good: 3, bad: 2}, of: crises, why: {source: wire}}
causes:
  misread: {title: South erred, undone: South had known, beliefs: {south: true_case}}
  greed: {title: North was greedy, undone: North had asked for little, do: {demand: low}}
  dear: {title: war was cheap, undone: war had been dear, parameters: {cost: 0.5}}
  unseen: {title: North saw the mood, undone: North had not seen it, sees: {demand: {drop: [mood]}}, told: [north]}
rivals:
  unmoved: {title: North wants no peace, drop_interest: trade_gain}
deals:
  swap:
    parties: [north, south]
    steps: [{do: {reply: [pay]}}]
    breach: {south: cost}
    guarantees: [{by: north, pays: {south: gain}}]
questions:
  next: {forecast: reply}
  cheap: {what_if: {do: {demand: low}}, outcome: {reply: pay}}
  blame: {why: {demand: high}, causes: [misread, dear]}
  undo: {what_if: greed, outcome: [reply, outcome]}
  terms: {deal: swap}
claims:
  - id: warned
    says: South would have paid
    source: wire
    test: >-
      P(reply == 'pay', undo='misread')
        > P(reply == 'pay', do={'demand': 'low'}, given=mood == 'calm')
  - {says: North gains, source: copy, test: "E(north) > E(fear, do='cheap') or best(reply) == 'pay'"}
"""


@cache
def case_in(text: str) -> Lowered:
    return runnable(text, file="case.yaml")


def renamed(text: str, mention: Mention, name: str, new_name: str) -> str:
    operation = RenameEverywhere(
        kind="rename", of=mention.kind, name=name, new_name=new_name, inside=mention.inside
    )
    return apply_operations(text, [operation])


def deleted(text: str, mention: Mention) -> tuple[str, list[str]]:
    operation = DeleteEverywhere(
        kind="delete", of=mention.kind, name=mention.name, inside=mention.inside
    )
    return apply_operations(text, [operation]), consequences(text, [operation])


def things_in(text: str) -> list[Mention]:
    """Everything that has a name in a text, each once."""
    found = {(m.kind, m.name, m.inside): m for m in find_mentions(parse_document(text).data)}
    return list(found.values())


def some(things: list[Mention]) -> list[Mention]:
    """A few things, of every kind."""
    mixed = list(things)
    random.Random(len(things)).shuffle(mixed)
    first = {thing.kind: thing for thing in mixed}
    return [*first.values(), *mixed][:MOST]


def shape(lowered: Lowered, name: str, new_name: str) -> list[object]:
    """What a case is built of, with one name replaced by another as a whole word."""
    import re

    diagram = lowered.diagram
    parts = [
        sorted((n, sorted(diagram.parents(n)), list(diagram.domains[n])) for n in diagram.order),
        sorted((i.name, i.player, sorted(diagram.scope(i))) for i in diagram.interests),
        sorted(lowered.priors),
        sorted(lowered.interventions),
        sorted(lowered.deals),
        sorted((q.name, q.kind) for q in lowered.questions),
        [claim.test.text for claim in lowered.claims],
    ]
    return [re.sub(rf"(?<![\w]){re.escape(name)}(?![\w])", new_name, repr(part)) for part in parts]


def check_rename(text: str, thing: Mention) -> None:
    after = renamed(text, thing, thing.name, FRESH)
    before_shape = shape(case_in(text), thing.name, FRESH)
    after_shape = shape(runnable(after, file="case.yaml"), thing.name, FRESH)
    assert [sorted(part) for part in after_shape] == [sorted(part) for part in before_shape]
    assert renamed(after, thing, FRESH, thing.name) == text


@pytest.mark.parametrize("thing", things_in(WHOLE), ids=lambda m: f"{m.kind}-{m.inside}-{m.name}")
def test_a_case_in_which_names_stand_in_all_places_is_the_same_under_another_name(thing):
    """It checks, it has the same structure, and back again it is the same text."""
    after = renamed(WHOLE, thing, thing.name, FRESH)
    left = [m for m in find_mentions(parse_document(after).data) if m.means(*_key(thing))]
    assert left == []
    check_rename(WHOLE, thing)


def _key(thing: Mention) -> tuple:
    return thing.kind, thing.name, thing.inside


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [*CATALOG, *CASES], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_names_of_every_case_can_be_changed_and_changed_back(path: Path):
    """Some names of each case here; all names of all cases in the slow test."""
    text = path.read_text("utf-8")
    try:
        case_in(text)
    except BackchannelError:
        pytest.skip("it reads other files, or cannot be run")
    if len(text) > 10_000:
        pytest.skip("in the slow test")
    for thing in some(things_in(text)):
        check_rename(text, thing)


@pytest.mark.slow
@pytest.mark.parametrize("path", CATALOG, ids=lambda path: path.parent.name)
def test_every_name_of_the_catalog_can_be_changed_and_changed_back(path: Path):
    """Every name; in the large cases, some of every kind."""
    text = path.read_text("utf-8")
    try:
        case_in(text)
    except BackchannelError:
        pytest.skip("it cannot be run")
    things = things_in(text)
    for thing in things if len(text) < 10_000 else some(things):
        check_rename(text, thing)


@pytest.mark.parametrize("thing", things_in(WHOLE), ids=lambda m: f"{m.kind}-{m.inside}-{m.name}")
def test_what_is_left_after_a_deletion_runs_or_every_problem_was_announced(thing):
    """A formula that names what is gone is told before anything is deleted."""
    text, told = deleted(WHOLE, thing)
    names = {m.name for m in find_mentions(parse_document(text).data) if m.means(*_key(thing))}
    announced = [sentence for sentence in told if "still names" in sentence]
    assert bool(names) <= bool(announced)
    try:
        runnable(text, file="case.yaml")
    except CaseError as error:
        if not announced:
            # A reason, a weight, a rank or a value that the case needs is lacking now.
            assert thing.kind in ("source", "interest", "value"), str(error)


def test_a_player_goes_with_what_is_its_own_and_the_rest_stays():
    """By hand: its decisions, interests, beliefs, deals and claims."""
    south = next(m for m in things_in(WHOLE) if (m.kind, m.name) == ("player", "south"))
    text, told = deleted(WHOLE, south)
    data = parse_document(text).data
    assert list(data["nodes"]) == ["mood", "demand", "outcome"]
    assert list(data["interests"]) == ["peace", "trade_gain"]
    assert list(data["causes"]) == ["greed", "dear", "unseen"]
    assert list(data["questions"]) == ["blame", "undo"]
    assert data["questions"]["blame"]["causes"] == ["dear"]
    assert data["questions"]["undo"]["outcome"] == ["outcome"]
    assert not {"beliefs", "correlations", "deals", "level_0", "claims"} & data.keys()
    assert "The decision reply goes." in told
    assert "The cause misread goes." in told
    assert "The claim “South would have paid” goes." in told
    assert any(s.startswith("quantities.net still names reply") for s in told)


def test_a_cause_goes_with_the_questions_and_claims_that_ask_about_it():
    """A question that asks about another cause as well stays."""
    causes = {m.name: m for m in things_in(WHOLE) if m.kind == "cause"}
    text, told = deleted(WHOLE, causes["greed"])
    assert list(parse_document(text).data["questions"]) == ["next", "cheap", "blame", "terms"]
    assert told == ["The question undo goes."]
    text, told = deleted(text, causes["misread"])
    assert told == [
        "The question blame no longer asks about misread.",
        "The claim “South would have paid” goes.",
    ]
    runnable(text, file="case.yaml")


def test_comments_beside_a_name_stay():
    """Only the letters of the name change."""
    text = WHOLE.replace("  mood: {chance", "  # What moves them\n  mood: {chance").replace(
        "at: 2030-01-01}", "at: 2030-01-01}  # first"
    )
    mood = next(m for m in things_in(text) if (m.kind, m.name) == ("node", "mood"))
    after = renamed(text, mood, "mood", "temper")
    assert "  # What moves them\n  temper: {chance" in after
    assert "at: 2030-01-01}  # first" in after
    mentions = find_mentions(parse_document(text).data)
    assert after.count("temper") == len([m for m in mentions if m.means("node", "mood")])
