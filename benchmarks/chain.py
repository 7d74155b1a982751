"""A long chain: 60 nodes, 20 of them decisions, whose tree has more leaves than anyone could list."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from math import prod
from typing import Any

from benchmarks.registry import Figure

ABOUT = "a chain of 60 nodes and 20 decisions, 256 draws, from nothing to equilibria"
STAGES = 20
DRAWS = 256

COLD = """
import time
began = time.perf_counter()
from backchannel.study import Study
from benchmarks.chain import chain_case
study = Study.load(chain_case(), draws={draws})
assert study.ensemble.converged.all()
print(time.perf_counter() - began)
"""


def chain_case() -> dict[str, Any]:
    """Two players in turn; each sees the last state and a signal of its own, and moves the state."""
    begins = date(2030, 1, 1)
    nodes: dict[str, Any] = {}
    interests: dict[str, Any] = {}
    for i in range(STAGES):
        day = begins + timedelta(days=3 * i)
        player = ("ann", "bob")[i % 2]
        before = f"state{i - 1}" if i else ""
        push = f"0.3 * ({before} == 'far') + " if i else ""
        nodes[f"signal{i}"] = {
            "chance": True, "domain": ["good", "bad"],
            "odds": {"good": f"{push}p_good", "bad": "1 - p_good"}, "at": day.isoformat(),
        }  # fmt: skip
        nodes[f"move{i}"] = {
            "player": player, "domain": ["push", "hold"],
            "sees": [f"signal{i}", *([before] if before else [])],
            "at": (day + timedelta(days=1)).isoformat(),
        }  # fmt: skip
        nodes[f"state{i}"] = {
            "chance": True, "domain": ["near", "middle", "far"],
            "odds": {
                "near": "1", "middle": f"0.5 + (move{i} == 'push')",
                "far": f"{push}drift * (1 + (signal{i} == 'good') * (move{i} == 'push'))",
            },
            "at": (day + timedelta(days=2)).isoformat(),
        }  # fmt: skip
        interests[f"gain{i}"] = {
            "player": player,
            "worth": f"0.4 * (state{i} == 'far') - cost * (move{i} == 'push')",
        }
        other = ("bob", "ann")[i % 2]
        interests[f"share{i}"] = {"player": other, "worth": f"0.2 * (state{i} != 'near')"}
    why = {"judgement": "made up"}
    return {
        "case": "A chain", "utility_unit": "one prize", "as_of": "2029-12-31", "sources": {},
        "players": {
            "ann": {"name": "Ann", "precision": {"between": [1, 5]}},
            "bob": {"name": "Bob", "precision": {"between": [1, 5]}},
        },
        "parameters": {
            "p_good": {"prior": {"uniform": [0.2, 0.7]}, "unit": "probability", "why": why},
            "drift": {"prior": {"between": [0.3, 1.2]}, "unit": "odds", "why": why},
            "cost": {"prior": {"uniform": [0.02, 0.2]}, "unit": "prizes", "why": why},
        },
        "nodes": nodes,
        "interests": interests,
    }  # fmt: skip


def measure() -> Iterator[Figure]:
    """Seconds in a process of its own, imports and compilation included."""
    nodes = chain_case()["nodes"]
    leaves = prod(len(node["domain"]) for node in nodes.values())
    code = COLD.format(draws=DRAWS)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    yield Figure("leaves of its tree", float(leaves), "", "over 10^12", f"{len(nodes)} nodes")
    yield Figure("solved cold", float(done.stdout.split()[-1]), "s", "at most 30")
