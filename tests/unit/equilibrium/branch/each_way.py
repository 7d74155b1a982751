"""Both ways to follow a branch, for tests: by a program of its own, and by sweeps."""

from __future__ import annotations

import pytest

from backchannel.equilibrium.branch import follow as module


@pytest.fixture(params=["compiled", "by sweeps"])
def each_way(request, monkeypatch):
    """A small game is followed by a program of its own, a large one by its sweep: here any game is."""
    monkeypatch.setattr(module, "goes_by_sweeps", lambda *_, **__: request.param == "by sweeps")


either = pytest.mark.usefixtures("each_way")
