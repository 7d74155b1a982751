"""Rounds in answers: a fan has every round, a terminal a few."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from backchannel.answers.terminal import show
from backchannel.diagram.surgery import Intervention
from backchannel.language.errors import CommandError
from backchannel.study import Study
from backchannel.wording.interventions import describe
from backchannel.wording.words import Wording

QUARRY = Path(__file__).parents[3] / "cases" / "quarry.yaml"


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.load(QUARRY, draws=64)


@pytest.fixture(scope="module")
def answers(study):
    return study.answers()


def test_a_fan_holds_every_round_with_what_a_picture_needs(study, answers):
    """Expected numbers and quantiles of the same chances as the forecasts of single rounds."""
    fan = next(fan for fan in answers.rounds if fan.node == "stock")
    assert [point.node for point in fan.points] == [f"stock@{t}" for t in range(1, 5)]
    for point in fan.points:
        found = study.forecast(point.node)
        numbers = np.array(found.domain, float)
        assert point.expected == pytest.approx(found.mean @ numbers)
        assert point.expected_low <= point.expected <= point.expected_high
        below = [found.mean[numbers <= q].sum() for q in point.quantiles]
        assert all(b >= s - 1e-9 for b, s in zip(below, (0.05, 0.25, 0.5, 0.75, 0.95), strict=True))
        assert point.quantiles == sorted(point.quantiles)
    assert fan.kind == "number"
    assert "64 draws" in fan.caption
    assert "steps of 20" in fan.caption
    assert {f.node for f in answers.rounds} == {"fee", "dig", "slide", "stock"}


def test_a_what_if_compares_every_round_on_the_same_draws(answers):
    """Before and after differ by the mean of the paired differences."""
    (what_if,) = answers.what_ifs
    (fan,) = what_if.fans
    assert [point.round for point in fan.points] == [1, 2, 3, 4]
    for point in fan.points:
        assert point.after - point.before == pytest.approx(point.difference)
        assert point.low <= point.difference <= point.high
    assert what_if.title == "“Rent: high” in rounds 1 to 4 holds"


def test_a_terminal_shows_a_few_rounds_and_no_list_of_all_nodes(answers):
    """Eighteen rounds of eight nodes would be hundreds of rows."""
    out = Console(file=StringIO(), width=110, no_color=True)
    show(answers, out)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert "“Loads left” is expected to " in text
    assert "probability by round" in text
    assert "Digging, February 2031" not in text
    assert "expected number" in text
    assert len(text.splitlines()) < 110


def test_repeated_nodes_are_asked_for_by_their_bare_name(study):
    """And what does not repeat, or is misspelt, is told apart."""
    (fan,) = study.rounds(["stock"]).document()
    assert len(fan.points) == 4
    assert study.settings(["fee=high"]) == {"fee": "high"}
    with pytest.raises(CommandError, match=r"No node called 'stok' repeats.*'stock'"):
        study.rounds(["stok"])
    with pytest.raises(
        CommandError, match="'stock' repeats, so name its round: stock@1 to stock@4"
    ):
        study.forecast("stock")
    with pytest.raises(CommandError, match="There is no round 9"):
        study.forecast("stock@9")


def test_settings_of_rounds_are_told_together(study):
    """Rounds that follow each other are a range."""
    do = {"fee@1": "high", "mood": "calm", "fee@2": "high", "fee@4": "low"}
    said = describe(Wording(study.lowered), Intervention(do=do))
    assert said == "“mood: calm”, “Rent: high” in rounds 1 to 2 and “Rent: low” in round 4 hold"
