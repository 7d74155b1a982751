"""Check an installed package from outside the checkout: the command runs, and the report has its interactive pages.

`python -m tests.installed FOLDER`, where FOLDER is a virtual environment in which a wheel was installed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


def check(environment: Path) -> list[str]:
    """Run the installed command in an empty folder, without Node.

    Returns:
        What is wrong, in sentences.
    """
    command = environment.resolve() / "bin" / "backchannel"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        done = subprocess.run(
            [command, "run", "sanctions-threat", "--draws", "64", "--report", report],
            cwd=folder, capture_output=True, text=True,
            env={"PATH": str(command.parent), "HOME": folder},
        )  # fmt: skip
        if done.returncode:
            return [f"`backchannel run` ended with {done.returncode}: {done.stderr}"]
        problems = []
        if "Will the target yield?" not in done.stdout:
            problems.append("The run did not print its first question.")
        if "<script" not in report.read_text(encoding="utf-8"):
            problems.append("The report has no interactive pages.")
    return problems


if __name__ == "__main__":
    wrong = check(Path(sys.argv[1]))
    print("\n".join(wrong) or "The installed package runs, and its report is interactive.")
    sys.exit(bool(wrong))
