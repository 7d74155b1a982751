"""The lower bounds of libraries exclude versions with known holes (SECURITY.md)."""

from __future__ import annotations

import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement

from tests.house.test_house import ROOT

FIXED = {
    "h11": ("0.14.0", "0.16.0"),  # CVE-2025-43859
    "jinja2": ("3.1.5", "3.1.6"),  # CVE-2025-27516
    "starlette": (
        "1.3.0",
        "1.3.1",
    ),  # CVE-2025-62727, CVE-2026-48710, PYSEC-2026-248, PYSEC-2026-249
}
"""The last version with a hole, and the first without."""


@pytest.mark.parametrize("name", FIXED)
def test_versions_with_known_holes_are_not_installed(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounds = {line.name: line.specifier for line in map(Requirement, project["dependencies"])}
    bad, good = FIXED[name]
    assert not bounds[name].contains(bad)
    assert bounds[name].contains(good)
    assert bounds[name].contains(version(name))


def test_forms_are_not_read():
    """Starlette needs one more library for them, which had holes of its own."""
    sources = (ROOT / "src/backchannel/web").rglob("*.py")
    assert not [path.name for path in sources if ".form(" in path.read_text()]
