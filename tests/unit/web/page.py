"""A window of the workbench for tests: what it asks, and all that it is told."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from backchannel.web import schedule, worker
from backchannel.web.case_file import CaseFile
from backchannel.web.windows import Window
from backchannel.web.workbench import Workbench
from tests import stand_in
from tests.house.test_house import ROOT

CASE = (ROOT / "src/backchannel/catalog/sanctions-threat/case.yaml").read_text()
PATIENCE = 60.0


class Page:
    """A window, and all that it was told."""

    def __init__(self, bench: Workbench) -> None:
        self.bench, self.window, self.told, self.last = bench, Window(), [], 0
        assert bench.greet(self.window)

    async def ask(self, type: str, **parts: Any) -> dict[str, Any]:
        """Send a request and wait for the message that answers it."""
        id = self.send(type, **parts)
        await self.sent[id]
        return await self.until(lambda message: message.get("id") == id)

    def send(self, type: str, **parts: Any) -> int:
        self.last += 1
        text = json.dumps({"type": type, "id": self.last, **parts})
        self.sent = getattr(self, "sent", {})
        self.sent[self.last] = asyncio.ensure_future(self.bench.receive(self.window, text))
        return self.last

    async def until(self, fits: Any) -> dict[str, Any]:
        """Wait for a message, by its type or by what fits."""
        if isinstance(fits, str):
            kind = fits
            return await self.until(lambda message: message["type"] == kind)
        while True:
            text = await asyncio.wait_for(self.window.outbox.get(), PATIENCE)
            assert text is not None
            self.told.append(json.loads(text))
            if fits(self.told[-1]):
                return self.told[-1]

    async def quiet(self) -> dict[str, dict[str, Any]]:
        """Wait until nothing is being solved; the last message of each kind."""
        idle = 0
        while idle < 6:  # Longer than the pause after which a text is solved.
            await asyncio.sleep(0.02)
            bench, is_told = self.bench, self.window.outbox.empty()
            while not self.window.outbox.empty():
                await self.until(lambda message: True)
            is_idle = (
                bench.answering.status.current.state != "solving" and not bench.checks.is_checking
            )
            idle = idle + 1 if is_idle and is_told else 0
        return {message["type"]: message for message in self.told}


@pytest.fixture(autouse=True)
def solver_in_threads(monkeypatch) -> None:
    """So that what is compiled serves all tests of this module."""
    monkeypatch.setattr(worker, "start_process", stand_in.start_process)


@pytest.fixture
def talks(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(schedule, "PAUSE", 0.05)
    path = tmp_path / "talks.yaml"
    path.write_text(CASE)
    return path


@asynccontextmanager
async def opened(path: Path | str, draws: int = 16):
    bench = Workbench(CaseFile.find(str(path)), draws=draws, seed=0)
    bench.start()
    try:
        yield bench
    finally:
        assert bench.close()


def run(scenario: Any) -> None:
    asyncio.run(asyncio.wait_for(scenario, 2 * PATIENCE))
