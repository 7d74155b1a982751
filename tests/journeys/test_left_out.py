"""Draws that were left out: every answer says how many, and what they could have made of it.

The solver here is a double: in every fourth draw, and in changed worlds in every fifth as well, it
says that play did not converge. What is expected is worked out by hand from the numbers of each draw.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from backchannel import Study
from backchannel.cli import main
from backchannel.ensemble import change as changes
from backchannel.ensemble import solved_case as cases
from backchannel.ensemble.ensemble import Ensemble
from backchannel.equilibrium.types import Status
from backchannel.questions.composing import composing
from backchannel.questions.what_if.ask import compare_every_round
from backchannel.questions.what_if.compose import compose_what_if
from tests.helpers import CANAL

DRAWS = 40
HERE = np.arange(DRAWS) % 4 == 0
"""Left out in the case: 10 of 40."""
THERE = np.arange(DRAWS) % 5 == 0
"""Left out in changed worlds besides; with those of the case 16 of 40."""
RANSOM = CANAL.parent / "ransom.yaml"
QUARRY = CANAL.parent / "quarry.yaml"


def _unsettled(ensemble: Ensemble) -> Ensemble:
    hit = np.resize(HERE, ensemble.n_draws)
    actual = ensemble.play.actual
    status = np.where(hit, Status.LOST_PATH, actual.status)
    return replace(ensemble, play=replace(ensemble.play, actual=replace(actual, status=status)))


@pytest.fixture
def doubled(monkeypatch):
    """The solver's double in the place of the solver."""
    solve, changed = cases.solve_case, changes._solve_changes

    def solve_case(*given: Any, **named: Any) -> Ensemble:
        return _unsettled(solve(*given, **named))

    def change(*given: Any, **named: Any) -> list[changes.ChangedWorld]:
        found = changed(*given, **named)
        return [
            replace(one, converged=one.converged & ~np.resize(THERE, len(one.converged)))
            for one in found
        ]

    monkeypatch.setattr(cases, "solve_case", solve_case)
    monkeypatch.setattr(changes, "_solve_changes", change)


@pytest.fixture
def study(doubled) -> Study:
    """The canal case, with a quarter of its draws left out."""
    return Study.load(CANAL, draws=DRAWS, seed=1)


def _run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [*map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_a_forecast_counts_left_out_draws_as_0_and_as_1(study):
    """Three quarters of the mean, and that plus a quarter."""
    found = study.forecast("parley")
    used = ~HERE
    weights = study.ensemble.weights[used]
    talk = weights @ found.per_draw[used, 0] / weights.sum()
    table = study.forecast("parley").to_frame()
    assert table["at least"][0] == pytest.approx(0.75 * talk)
    assert table["at most"][0] == pytest.approx(0.75 * talk + 0.25)
    assert "at least" in found._repr_html_()


def test_a_what_if_counts_the_draws_that_either_side_left_out(study):
    """16 of 40; a difference can be anything from −1 to 1 in these."""
    compared = compare_every_round(study, study.intervention("if_cheap"), ["reply"])
    found = compose_what_if(composing(study), "if_cheap", compared)
    pay = found.outcomes[0].values[0]
    assert found.left_out == pytest.approx(0.4)
    # Without the change it is the forecast, whose bounds count only what the case itself left out.
    assert pay.bounds_before == pytest.approx((0.75 * pay.before, 0.75 * pay.before + 0.25))
    assert pay.bounds_after == pytest.approx((0.6 * pay.after, 0.6 * pay.after + 0.4))
    assert pay.bounds == pytest.approx((0.6 * pay.difference - 0.4, 0.6 * pay.difference + 0.4))


def test_a_claim_says_which_verdicts_left_out_draws_could_make_of_it(study):
    """Its support lies between 0.6 s and 0.6 s + 0.4: from contradicted to open, if s is 0."""
    answers = study.answers()
    (claim,) = answers.claims
    assert claim.left_out == pytest.approx(0.4)
    support = claim.support
    assert support is not None
    assert claim.support_bounds == pytest.approx((0.6 * support, 0.6 * support + 0.4))
    assert claim.verdict in claim.verdicts
    grades = [
        (0.9, "borne out"),
        (0.6, "leans towards it"),
        (0.4, "open"),
        (0.1, "leans against it"),
    ]
    least = next((name for end, name in grades if 0.6 * support > end), "contradicted")
    # At 0.4 itself the verdict is open.
    most = next((name for end, name in grades if 0.6 * support + 0.4 > end - 1e-9), "contradicted")
    assert {least, most} - {claim.verdict} <= set(claim.verdicts)
    assert least != most
    assert len(claim.verdicts) > 1


def test_why_bounds_shares_necessity_and_sufficiency(study):
    """A quarter is left out in the case, and some of the rest with a cause undone."""
    (why,) = study.answers().whys
    out = why.left_out
    assert out >= 0.25
    total = why.total.mean
    assert why.total.bounds == pytest.approx(((1 - out) * total, (1 - out) * total + out), abs=1e-5)
    share = why.causes[0].share
    ends = ((1 - out) * share.mean - out, (1 - out) * share.mean + out)
    assert share.bounds == pytest.approx(ends, abs=1e-5)


def test_every_part_of_the_document_says_what_is_left_out(study):
    """And a document without left-out draws has bounds that are the numbers themselves."""
    answers = study.answers()
    assert answers.certificate.left_out == pytest.approx(0.25)
    assert answers.certificate.worst_left_out >= 0.4
    assert "WARNING" in answers.certificate.line
    assert "of the draws did not converge" in answers.certificate.warning
    assert answers.sensitivity.left_out == pytest.approx(0.25)
    assert answers.watch.left_out == pytest.approx(0.25)
    likely = answers.watch.forecast[0]
    assert answers.watch.forecast_bounds[0] == pytest.approx((0.75 * likely, 0.75 * likely + 0.25))
    assert "25% did not converge" in _plain(answers.sensitivity.facts.rests_on)
    assert answers.surprise is not None
    assert "25% did not converge" in _plain(answers.surprise.facts.rests_on)


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["forecast"],
        ["what-if", "--do", "demand=10", "--outcome", "reply"],
        ["claims"],
        ["why", "--question", "blame"],
        ["sensitivity"],
        ["watch"],
        ["surprise"],
        ["brief", "--out", "brief.md"],
        ["log", "--ledger", "ledger.db"],
    ],
    ids=lambda command: command[0],
)
def test_every_command_warns_loudly(doubled, command, tmp_path, monkeypatch):
    """More than one draw in a hundred was left out."""
    monkeypatch.chdir(tmp_path)
    name, *rest = command
    said = _plain(_run(name, CANAL, *rest, "--draws", DRAWS))
    assert "WARNING" in said
    assert "did not converge" in said


def test_what_if_and_brief_show_bounds_beside_their_ranges(doubled, tmp_path):
    """What was hidden: narrow ranges, and nothing said."""
    said = _plain(
        _run("what-if", CANAL, "--do", "demand=10", "--outcome", "reply", "--draws", DRAWS)
    )
    assert "In brackets: bounds that count the left-out draws" in said
    for kind in ("md", "docx"):
        _run("brief", CANAL, "--out", tmp_path / f"brief.{kind}", "--draws", DRAWS)
    text = (tmp_path / "brief.md").read_text()
    assert "counting the left-out draws" in text
    assert "WARNING" in text
    assert "Confidence: low" in text
    docx = pytest.importorskip("docx")
    paper = "\n".join(p.text for p in docx.Document(str(tmp_path / "brief.docx")).paragraphs)
    assert "counting the left-out draws" in paper
    assert "WARNING" in paper


def test_the_report_shows_bounds_and_warns_at_its_head(study, tmp_path):
    """Also where it has no scripts."""
    page = study.report(tmp_path / "report.html").read_text()
    assert "WARNING" in page.split("Questions and answers")[0]
    assert "counting the left-out draws" in page


def test_a_deal_counts_draws_that_the_case_left_out(doubled):
    """Whether a promise is kept is not known in these either."""
    view = Study.load(RANSOM, draws=DRAWS, seed=1).deals("exchange").document()
    assert view.caption.left_out >= 0.25
    out = view.caption.left_out
    chosen = next(p for p in view.packages if p.number == view.chosen)
    ends = ((1 - out) * chosen.kept, (1 - out) * chosen.kept + out)
    assert chosen.kept_bounds == pytest.approx(ends)


@pytest.mark.slow
def test_rounds_count_them_too(doubled):
    """Of a chance as 0 and as 1, of a number as its least and its largest."""
    expected = 0
    for fan in Study.load(QUARRY, draws=DRAWS, seed=1).rounds().document():
        assert fan.points
        for point in fan.points:
            for chance, ends in zip(point.probabilities, point.bounds, strict=True):
                assert ends == pytest.approx((0.75 * chance, 0.75 * chance + 0.25))
            if point.expected is not None:
                numbers = [float(v) for v in fan.values if v != "n/a"]
                least, most = (0.75 * point.expected + 0.25 * f(numbers) for f in (min, max))
                assert point.expected_bounds == pytest.approx((least, most))
                expected += 1
    assert expected


def test_nothing_is_said_where_no_draw_is_left_out(canal):
    """Bounds are then the number itself."""
    answers = canal.answers()
    assert answers.certificate.worst_left_out == 0
    assert "WARNING" not in answers.certificate.line
    assert answers.certificate.warning == ""
    assert "left out" not in " ".join(s for a in answers.answers for s in a.sentences)
    for outcome in answers.what_ifs[0].outcomes:
        for value in outcome.values:
            assert value.bounds == pytest.approx((value.difference, value.difference))
