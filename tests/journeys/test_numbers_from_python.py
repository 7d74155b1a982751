"""Values as tables give them: what a notebook takes from NumPy and pandas means what it means in a file."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from backchannel import Study
from backchannel.answers.ledger_entries import case_hash
from backchannel.case.read.document import read_document
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.language.errors import CaseError, CommandError
from backchannel.ledger.ledger import Ledger
from tests.helpers import CANAL


def as_numpy(value):
    """The same content, as NumPy's and pandas' scalars."""
    if isinstance(value, dict):
        return {np.str_(key): as_numpy(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return tuple(as_numpy(entry) for entry in value)
    kinds = {bool: np.bool_, int: np.int64, float: np.float64, str: np.str_, date: pd.Timestamp}
    return kinds[type(value)](value) if type(value) in kinds else value


def test_a_mapping_of_numpy_scalars_is_the_same_case():
    """Down to the hash, which the ledger compares."""
    mapping = read_document(CANAL).data
    given = Study.load(
        as_numpy(mapping), draws=np.int64(64), seed=np.uint8(1), memory=np.float64(4e9)
    )
    expected = Study.load(mapping).case
    assert given.case == expected
    assert case_hash(given.case) == case_hash(expected)
    assert (given.draws, given.seed, given.memory) == (64, 1, 4_000_000_000)
    assert [type(number) for number in (given.draws, given.seed)] == [int, int]


def test_what_stands_for_no_value_is_refused_by_its_place():
    mapping = dict(read_document(CANAL).data)
    mapping["as_of"] = pd.NaT
    mapping["players"] = {**mapping["players"], "aria": {"name": "Aria", "precision": np.nan}}
    with pytest.raises(CaseError) as refused:
        Study.load(mapping)
    assert {p.message.split(":")[0].split(" ")[0] for p in refused.value.problems} >= {"as_of"}
    assert "players.aria.precision" in str(refused.value)


def test_questions_take_numpy_scalars(canal):
    """A node's values, names, counts and dates."""
    demand, reply = np.int64(10), np.str_("reply")
    by_hand = canal.what_if(do={"demand": 10}, outcome="reply").after.mean
    np.testing.assert_array_equal(
        canal.what_if({"do": {np.str_("demand"): demand}}, outcome=reply).after.mean, by_hand
    )
    np.testing.assert_array_equal(
        canal.what_if(
            do={"demand": demand}, outcome=reply, announced=pd.Timestamp("2031-03-10")
        ).after.mean,
        canal.what_if(do={"demand": 10}, outcome="reply", announced=date(2031, 3, 10)).after.mean,
    )
    assert canal.sensitivity("demand", np.int64(30)).document().value == 30
    assert canal.inverse("parley", np.str_("talk"), np.float64(0.6)).chance == 0.6
    why = canal.why({reply: np.str_("fight")}, causes=np.array(["greed"]), worlds=np.int16(4))
    assert why.document().node == "reply"
    assert canal.branch(draw=np.int64(2), until=np.float32(0.5)).draw == 2
    assert canal.equilibria(all=True, starts=np.int64(1), draws=np.int64(2)).draws.tolist() == [
        0,
        1,
    ]
    news = {"node": "parley", "value": np.str_("talk"), "date": pd.Timestamp("2031-05-01"),
            "source": "wire", "reliability": np.float64(0.9)}  # fmt: skip
    source = {"title": "Log", "date": np.datetime64("2031-05-02"), "grade": np.str_("A1")}
    assert canal.update(news, sources={"wire": source}).document().news


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -1, np.float64("nan"), True, "many", None])
def test_numbers_out_of_range_are_refused_before_anything_is_solved(wrong):
    """The range is that of the option; nothing is solved for a question that has no answer."""
    study = Study.load(CANAL, draws=64)
    asked = {
        "draws": lambda: Study.load(CANAL, draws=wrong),
        "seed": lambda: Study.load(CANAL, seed=wrong),
        "draw": lambda: study.branch(draw=wrong),
        "until": lambda: study.branch(until=wrong),
        "starts": lambda: study.equilibria(all=True, starts=wrong),
        "worlds": lambda: study.why("blame", worlds=wrong),
        "n": lambda: study.simulate(wrong),
        "threshold": lambda: Study.load("belarus-2025", draws=2).deals(threshold=wrong),
    }
    if wrong is not None:
        asked |= {
            "package": lambda: Study.load("belarus-2025", draws=2).deals(package=wrong),
            "memory": lambda: Study.load(CANAL, memory=wrong),
            "precision": lambda: Study.from_gambit("game.efg", precision=wrong),
            "war_cost": lambda: study.simulate(5, numbers={"war_cost": wrong}),
        }
    for name, ask in asked.items():
        if (name, wrong) in {("memory", "many"), ("war_cost", -1), ("war_cost", True)}:
            continue
        with pytest.raises(CommandError, match=f"^{name} must be a"):
            ask()
    assert not study.is_solved


def test_given_numbers_have_the_range_of_their_meaning():
    study = Study.load(CANAL, draws=2)
    with pytest.raises(CommandError) as refused:
        study.simulate(5, numbers={"aria.precision": -1, "p_high": 1.2, "war_cost": math.nan})
    assert str(refused.value).splitlines() == [
        "aria.precision must be a number of at least 0, not -1.",
        "p_high must be a number from 0 to 1, not 1.2.",
        "war_cost must be a finite number, not nan.",
    ]


def test_the_ledger_takes_numpy_scalars(canal, tmp_path):
    """A day is entered as a day: a moment would damage the ledger."""
    book = Ledger(tmp_path / "team.ledger")
    number = canal.log(book, by=np.str_("desk"))
    book.resolve(
        canal.name,
        {"parley": np.str_("talk")},
        on=pd.Timestamp("2031-05-01"),
        source=np.str_("log"),
    )
    assert Ledger(book.path).outcomes()[0].date == date(2031, 5, 1)
    with pytest.raises(CommandError, match="run must be a whole number"):
        book.withdraw(math.nan, why="a mistake")
    book.withdraw(np.int64(number), why="a mistake")
    with pytest.raises(CommandError, match="on must be a day"):
        book.resolve("canal", {"parley": "talk"}, on="1 May", source="log")


def test_a_case_is_not_solved_for_a_wrong_standard():
    study = Study.load("belarus-2025", draws=2)
    with pytest.raises(CommandError, match="Did you mean 'chance'"):
        study.deals(standard="chanse")
    assert not SolvedCase.is_solved.fget(study)
