"""Rivals that a window asks for: solved as by the command, told one by one, and part of the next report."""

from __future__ import annotations

import pytest

from backchannel.study import Study
from tests.helpers import CANAL
from tests.unit.web.handlers.canal_bench import DRAWS, opened, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]
MOST = 6


@pytest.fixture
def book(tmp_path):
    return tmp_path / "team.ledger"


def test_rivals_are_those_of_the_command_and_each_is_told_as_soon_as_it_is_solved(talks, book):
    lines: list[str] = []
    expected = Study.load(talks, draws=DRAWS).rivals(most=MOST, tell=lines.append).document()

    async def scenario(bench, page):
        answered = await page.ask("rivals", most=MOST)
        told = [message for message in page.told if message["type"] == "rival_told"]
        assert [message["line"] for message in told] == lines
        assert [message["number"] for message in told] == list(range(1, MOST + 1))
        view = answered["rivals"]
        assert view["sentences"] == expected.sentences
        for ours, theirs in zip(view["structures"], expected.structures, strict=True):
            assert ours["title"] == theirs.title
            assert ours["bayes_factor"] == pytest.approx(theirs.bayes_factor, abs=1e-9)
        texts = bench.answering.texts_of_report
        (report,) = await bench.answering.tasks.run("report", {}, *texts)
        assert expected.structures[1].title in report
        assert expected.structures[1].title not in texts[0]

    opened(talks, book, scenario)


@pytest.mark.parametrize(
    ("given", "told"),
    [({"most": 0}, "most"), ({"most": 201}, "most"), ({"most": 2, "node": "parly"}, "parly")],
)
def test_a_request_for_rivals_that_has_no_meaning_is_refused(talks, book, given, told):
    async def scenario(bench, page):
        assert told in (await page.ask("rivals", **given))["message"]
        assert bench.answering.rivals is None

    opened(talks, book, scenario)
    assert talks.read_text() == CANAL.read_text()
