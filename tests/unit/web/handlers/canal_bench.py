"""The workbench on the canal with a ledger, for tests: what is followed there."""

from __future__ import annotations

from pathlib import Path

import pytest

from backchannel.web import schedule, worker
from backchannel.web.case_file import CaseFile
from backchannel.web.workbench import Workbench
from tests import stand_in
from tests.helpers import CANAL
from tests.unit.web.page import Page, run

DRAWS = 32


@pytest.fixture(autouse=True)
def solver_in_threads(monkeypatch) -> None:
    """So that what is compiled serves all tests of this module."""
    monkeypatch.setattr(worker, "start_process", stand_in.start_process)
    monkeypatch.setattr(schedule, "PAUSE", 0.05)


@pytest.fixture
def talks(tmp_path) -> Path:
    path = tmp_path / "talks.yaml"
    path.write_text(CANAL.read_text())
    return path


@pytest.fixture
def book(tmp_path) -> Path:
    return tmp_path / "team.ledger"


def opened(talks: Path, book: Path, scenario) -> None:
    """Run a scenario with a workbench and a page that has the answers."""

    async def play() -> None:
        bench = Workbench(CaseFile.find(str(talks)), draws=DRAWS, seed=0, ledger=book)
        bench.start()
        try:
            page = Page(bench)
            await page.until("answers")
            await scenario(bench, page)
        finally:
            assert bench.close()

    run(play())
