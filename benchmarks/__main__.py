"""`python -m benchmarks [SUBJECT ...]`: measure, and print a table with machine and versions.

Machines are noisy: compare figures of one run with each other.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

from benchmarks.registry import Figure, figures, subjects

PACKAGES = ("backchannel", "jax", "jaxlib", "numpy", "scipy", "pygambit")


def main() -> None:
    """Measure the named subjects, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help="Subjects; all, if none.")
    parser.add_argument("--list", action="store_true", help="List the subjects.")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        for figure in figures(chosen.one):
            print(json.dumps(dataclasses.asdict(figure)), flush=True)
        return
    known = subjects()
    unknown = [name for name in chosen.subjects if name not in known]
    if unknown:
        parser.error(f"no subject is called {', '.join(unknown)}; there are: {', '.join(known)}")
    if chosen.list:
        for name, module in known.items():
            print(f"{name:<16} {module.ABOUT}")
        return
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print(", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name))))
    for name in chosen.subjects or known:
        print(f"\n{name}: {known[name].ABOUT}")
        _measure(name)


def _measure(name: str) -> None:
    command = [sys.executable, "-m", "benchmarks", "--one", name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith('{"name"'):
                print(_row(Figure(**json.loads(line))), flush=True)
    if process.returncode:
        print(f"  failed with exit code {process.returncode}")


def _row(figure: Figure) -> str:
    value = "" if math.isnan(figure.value) else f"{figure.value:,.4g}"
    ends = [f"target: {figure.target}"] if figure.target else []
    ends += [figure.note] if figure.note else []
    return f"  {figure.name:<44} {value:>10} {figure.unit:<14} {'; '.join(ends)}".rstrip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
