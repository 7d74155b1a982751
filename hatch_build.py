"""Build the interactive pages when Backchannel is installed from its sources, where Node is there to do it.

Without Node, or where npm fails, the installation succeeds all the same: everything but the interactive
pages works, and the commands that would show them say what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STEPS = (("ci", "--no-audit", "--no-fund", "--fetch-retries=1"), ("run", "build"))
MOST_SECONDS = 300
"""No step takes longer, or the installation goes on without it."""
WITHOUT = "so the interactive pages are left out; everything else is installed."


class Pages(BuildHookInterface):
    """Runs before the files of a wheel or a source distribution are gathered, editable ones too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and say in one line why not, if not."""
        problem = build(Path(self.root))
        if problem:
            self.app.display_warning(problem)


def build(root: Path) -> str:
    """Build the pages unless they are there already; returns why there are none, or nothing."""
    source = root / "interface"
    bundle = root / "src" / "backchannel" / "interface" / "bundle"
    if not source.is_dir() or is_fresh(source, bundle):
        return ""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return f"Node was not found, {WITHOUT}"
    for step in STEPS:
        try:
            done = subprocess.run(
                [npm, *step], cwd=source, capture_output=True, text=True, timeout=MOST_SECONDS,
                env={**os.environ, "CI": "1", "NO_COLOR": "1"},
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"`npm {step[0]}` failed ({type(error).__name__}), {WITHOUT}"
        if done.returncode:
            said = [
                line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()
            ]
            return f"`npm {step[0]}` failed ({said[0] if said else done.returncode}), {WITHOUT}"
    return ""


def is_fresh(source: Path, bundle: Path) -> bool:
    """Say whether the pages were built from the sources as they are."""
    built = [bundle / "interface.js", bundle / "interface.css"]
    if not all(file.is_file() for file in built):
        return False
    sources = list(bundle.parent.glob("*.css"))
    for folder, inside, names in os.walk(source):
        if "node_modules" in inside:
            inside.remove("node_modules")
        # The types are written by the build itself.
        generated = ("answers.ts", "messages.ts")
        sources += [Path(folder) / name for name in names if name not in generated]
    newest = max((file.stat().st_mtime for file in sources), default=0.0)
    return min(file.stat().st_mtime for file in built) >= newest
