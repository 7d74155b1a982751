"""Cases that are small to write down and large to work out."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

HEAD = """\
case: large
utility_unit: u
as_of: 2030-01-01
players:
  a: {name: A, precision: 2, why: {judgement: me}}
  b: {name: B, precision: 3, why: {judgement: me}}
sources: {s: {title: t}}
parameters:
  t: {prior: {uniform: [0.2, 0.8]}, unit: probability, why: {judgement: me}}
"""


def chance(name: str, n_values: int) -> str:
    """A node of so many values, each as likely."""
    values = list(range(n_values))
    odds = ", ".join(f"{value}: 1" for value in values)
    return (
        f"  {name}: {{chance: true, domain: {values}, odds: {{{odds}}}, at: 2030-02-01, "
        "why: {judgement: me}}\n"
    )


def wide(values: int = 200, *, worth: str = "d == 'p'", more: str = "") -> str:
    """Four nodes x, y, z, w of many values, and a decision that can be about all of them."""
    nodes = "".join(chance(name, values) for name in "xyzw")
    return (
        f"{HEAD}nodes:\n{nodes}"
        "  d: {player: a, domain: [p, q], at: 2030-03-01}\n"
        "  e: {player: b, domain: [p, q], at: 2030-03-01}\n"
        "interests:\n"
        f'  i: {{player: a, worth: "{worth}", why: {{judgement: me}}}}\n'
        "  j: {player: b, worth: \"e == 'p'\", why: {judgement: me}}\n"
        f"questions:\n  q: {{asks: what, forecast: d}}\n{more}"
    )


def dense(n_nodes: int, n_parents: int, *, seed: int = 0) -> str:
    """Nodes of two values with random earlier ones as parents, every tenth of them a decision."""
    rng = random.Random(seed)
    lines = []
    for i in range(n_nodes):
        parents = [f"n{p}" for p in sorted(rng.sample(range(i), min(n_parents, i)))]
        if i % 10 == 9:
            lines.append(
                f"  n{i}: {{player: {'ab'[i // 10 % 2]}, domain: [0, 1], "
                f"sees: [{', '.join(parents[:4])}], at: 2030-03-01}}"
            )
            continue
        share = f"0.2 + 0.5 * t * ({' + '.join(parents)}) / {len(parents)}" if parents else "0.3"
        lines.append(
            f'  n{i}: {{chance: true, domain: [0, 1], probability: {{0: "{share}", '
            f'1: "1 - ({share})"}}, at: 2030-03-01, why: {{judgement: me}}}}'
        )
    k = n_nodes - 1
    return (
        HEAD
        + "nodes:\n"
        + "\n".join(lines)
        + (
            "\ninterests:\n"
            f'  i: {{player: a, worth: "n{k} + n{k - 1} * n{k - 2}", why: {{judgement: me}}}}\n'
            f'  j: {{player: b, worth: "n{k} - n{k - 3} * n{k - 1}", why: {{judgement: me}}}}\n'
            f"questions:\n  q: {{asks: what, forecast: n{k}}}\n"
        )
    )


def bounded(*command: str, gigabytes: float, seconds: float) -> subprocess.CompletedProcess[str]:
    """Run the command line where it cannot take more memory or time than this."""
    limit = f'ulimit -v {int(gigabytes * 10**6)}; exec "$@"'
    return subprocess.run(
        ["sh", "-c", limit, "sh", sys.executable, "-m", "backchannel", *command],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def written(folder: Path, text: str) -> str:
    """Write a case, and say where it is."""
    path = folder / "large.yaml"
    path.write_text(text)
    return str(path)
