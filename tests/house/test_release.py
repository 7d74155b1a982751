"""A release has one version and one date, wherever they stand."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent.parent


def test_version_and_date_are_the_same_everywhere():
    """The package, how it is cited, its interface, and the newest release of the changelog."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text())
    released = re.search(r"^## \[(\d.*?)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert released is not None
    assert (cited["version"], str(cited["date-released"])) == released.groups()
    assert version == released[1]
    for name in ("package.json", "package-lock.json"):
        assert json.loads((ROOT / "interface" / name).read_text())["version"] == version
