"""A case and plays of one choice, made for tests of estimates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from backchannel.case.lower.lower import lower
from backchannel.case.lowered import Lowered
from backchannel.case.open import open_case

WHY = {"judgement": "a test"}


def made(
    parameters: Mapping[str, Any], worth: str, *, precision: Any = 1, actions: tuple = (0, 1)
) -> Lowered:
    """A case with one decision, `go`."""
    raw = {
        "case": "One choice",
        "utility_unit": "logits",
        "as_of": "2030-01-01",
        "players": {"one": {"name": "One", "precision": precision}},
        "parameters": {
            name: {"unit": "logits", "why": WHY, **entry} for name, entry in parameters.items()
        },
        "nodes": {"go": {"player": "one", "domain": list(actions), "at": "2029-01-01"}},
        "interests": {"gain": {"player": "one", "worth": worth}},
    }
    return lower(*open_case(raw)[:2])


CHANCE = np.random.default_rng(5)
N = 150
TABLE = pd.DataFrame(
    {
        "x": CHANCE.normal(size=N),
        "kind": np.resize(["a", "b", "c"], N),
        "times": CHANCE.integers(1, 4, size=N),
        "who": CHANCE.integers(0, 12, size=N),
    }
)
TABLE["go"] = (CHANCE.uniform(size=N) < 1 / (1 + np.exp(-0.4 * TABLE["x"] - 0.3))).astype(int)
