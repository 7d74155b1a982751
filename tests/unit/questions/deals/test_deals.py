"""Deals: what a file says, how packages are ranked, and what a reader is told."""

from __future__ import annotations

import io

import numpy as np
import pytest
from rich.console import Console

from backchannel import Study
from backchannel.answers.document import Answers
from backchannel.case.catalog import find_case
from backchannel.case.read.document import parse_document, read_document
from backchannel.diagram.deals import Amount
from backchannel.language.errors import CommandError
from backchannel.questions.deals.bargaining import (
    kalai_smorodinsky,
    kalai_smorodinsky_by_draw,
    nash,
    nash_by_draw,
    pareto,
)
from backchannel.questions.deals.document import DealView
from backchannel.questions.deals.terminal import show_deal
from tests.helpers import CANAL

ROOT = CANAL.parent.parent.parent
RANSOM = CANAL.with_name("ransom.yaml")


@pytest.fixture(scope="module")
def ransom() -> Study:
    return Study.load(RANSOM, draws=64)


@pytest.fixture(scope="module")
def view(ransom: Study) -> DealView:
    return ransom.deals("exchange").document()


def test_a_list_of_values_or_amounts_makes_a_family_in_the_order_written(ransom):
    """The last alternative varies fastest, and the first package is the first of everything."""
    deal = ransom.lowered.deals["exchange"]
    assert deal.n_packages == len(deal.packages) == 4
    assert [p.terms["frees"] for p in deal.packages] == ["half", "half", "all", "all"]
    guild = next(i for i, a in enumerate(deal.amounts) if a.label == "penalty on the Guild")
    assert [str(p.amounts[guild]) for p in deal.packages] == ["0", "shame", "0", "shame"]
    assert deal.date.isoformat() == "2031-02-01"


def test_guarantees_say_who_gets_who_bears_and_when(ransom):
    """By step, on a breach, and only by those who can break it."""
    amounts = {a.label: a for a in ransom.lowered.deals["tranches"].amounts}

    def said(amount: Amount) -> tuple:
        return dict(amount.effect), amount.step, amount.breakers

    by_guild = said(amounts["payment by the Guild to the Port"])
    assert by_guild == ({"port": 1.0, "guild": -1.0}, 0, ())
    punished = said(amounts["punishment of the Guild by the Crown"])
    assert punished == ({"guild": -1.0}, None, ("guild",))
    assert said(amounts["cost of the guarantee to the Crown"]) == (
        {"crown": -1.0},
        None,
        ("guild",),
    )
    solace = said(amounts["payment by the Crown to the Port"])
    assert solace == ({"port": 1.0, "crown": -1.0}, None, ("guild",))


def test_deals_survive_being_written_and_read_again(ransom):
    """A case is its file."""
    again = Study.load(ransom.case, draws=2)
    assert again.case.deals == ransom.case.deals
    assert again.lowered.deals == ransom.lowered.deals


def test_a_guarantor_is_reported_beside_the_parties(view):
    """Its gain counts for no range, and what it bears on completion is taken off."""
    gains = {gain.player: gain for gain in view.packages[0].gains}
    assert [g.is_party for g in gains.values()] == [True, True, False]
    assert set(view.parties) == {"port", "guild"}


def test_the_view_marks_the_frontier(view):
    """Range, Pareto, Nash and Kalai–Smorodinsky agree with the gains that stand beside them."""
    gains = np.array(
        [[g.on_paper.mean for g in package.gains if g.is_party] for package in view.packages]
    )
    assert view.pareto == [i + 1 for i in np.flatnonzero(pareto(gains))]
    assert view.range == [i + 1 for i in np.flatnonzero((gains > 0).all(axis=1))]
    best, fair = nash(gains), kalai_smorodinsky(gains)
    assert best is not None
    assert fair is not None
    assert gains[view.nash - 1].tolist() == gains[best].tolist()
    assert gains[view.kalai_smorodinsky - 1].tolist() == gains[fair].tolist()
    for package in view.packages:
        product = np.prod([step.chance * step.able for step in package.steps])
        assert package.kept == pytest.approx(product, abs=1e-8)


def test_packages_alike_on_paper_share_their_draws_and_the_surest_is_marked(view):
    """A penalty changes nothing on paper; with it the exchange is kept more surely."""
    free, bound = view.packages[2:]
    assert free.nash_in == bound.nash_in > 0
    assert (free.nash, bound.nash) == (False, True)
    assert bound.kept > free.kept


def test_the_view_says_what_it_shows_and_what_would_change_it(view):
    """A picture without its caption is a rumour."""
    assert view.caption.draws == 64
    assert "worth of the cargo" in view.caption.shows
    assert any(hinge.assumptions for hinge in view.caption.would_change)
    assert DealView.model_validate_json(view.model_dump_json()) == view


def test_an_empty_range_is_said_with_who_blocks_the_closest(ransom):
    """Freeing the crew for nothing suits the Port in no draw."""
    view = ransom.deals("hopeless").document()
    assert view.range == []
    assert view.nash is None
    text = " ".join(view.sentences)
    assert "The Port would not gain from it, compared with no deal." in text
    assert "There is no draw in which all parties benefit." in text
    assert view.chosen_because.startswith("no package benefits all")


def test_a_deal_is_shown_in_a_terminal(view):
    """Sentences, packages, steps, and what would make it hold."""
    out = io.StringIO()
    show_deal(view, Console(file=out, width=110, no_color=True))
    shown = out.getvalue()
    for piece in ("The crew for the cargo", "no.", "by promise", "What would make it hold"):
        assert piece in shown


def test_a_whole_run_answers_a_deal_s_question(ransom):
    """The document holds every deal, and the question its sentences."""
    answers = Answers.model_validate_json(ransom.answers().model_dump_json())
    assert [deal.name for deal in answers.deals] == ["exchange", "tranches", "hopeless"]
    assert set(answers.answers[0].sentences) < set(answers.deals[0].sentences)


def test_a_wrong_name_or_number_is_met_with_what_there_is(ransom):
    """In the user's words."""
    with pytest.raises(CommandError, match="Did you mean 'exchange'"):
        ransom.deals("exchnge")
    with pytest.raises(CommandError, match="Give the name of a deal: exchange, tranches, hopeless"):
        ransom.deals()
    with pytest.raises(CommandError, match="There is no package 9"):
        ransom.deals("exchange", package=9)
    with pytest.raises(CommandError, match="has no deals"):
        Study.load(CANAL, draws=8).deals()


def test_a_deal_about_a_round_may_name_it_or_mean_all(tmp_path):
    """Tranches in a case with rounds."""
    text = """
case: Rent
utility_unit: rent
as_of: 2031-01-01
players: {owner: {name: Owner, precision: 3}, mason: {name: Mason, precision: 3}}
rounds:
  n: 2
  every: month
  from: 2031-02-01
  nodes:
    fee: {player: owner, domain: [low, high], day: 2}
    dig: {player: mason, domain: [none, some], sees: [fee], day: 10}
  interests:
    income: {player: owner, worth: "(1 + (fee == 'high')) * (dig == 'some')", last: 0}
    loads: {player: mason, worth: "(dig == 'some') * (1 - (fee == 'high'))", last: 0}
deals:
  peace: {parties: [owner, mason], steps: [{do: {fee: low}}]}
  first: {parties: [owner, mason], steps: [{do: {fee@1: low}}, {do: {dig@1: some}}]}
"""
    deals = Study.load(text, draws=2).lowered.deals
    assert deals["peace"].nodes == ("fee@1", "fee@2")
    assert deals["first"].nodes == ("fee@1", "dig@1")


def test_the_documentation_s_example_is_a_deal_of_the_flagship():
    """What a reader copies runs."""
    text = (ROOT / "docs" / "deals.md").read_text()
    example = parse_document(text.split("```yaml\n")[1].split("```")[0]).data
    case = read_document(find_case("belarus-2025")).data
    study = Study.load({**case, **example}, draws=2)
    assert study.lowered.deals["swap"].n_packages == 8


def test_fair_packages_by_draw_agree_with_draws_taken_one_by_one():
    """Vectorised or not, the same package."""
    gains = np.random.default_rng(4).normal(0.2, 0.5, size=(7, 40, 3))
    for batched, single in (
        (nash_by_draw(gains), nash),
        (kalai_smorodinsky_by_draw(gains), kalai_smorodinsky),
    ):
        for draw in range(40):
            alone = single(gains[:, draw])
            assert batched[draw] == (-1 if alone is None else alone)
