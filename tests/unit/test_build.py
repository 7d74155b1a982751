"""Installing builds the interactive pages where Node is there, and succeeds where it is not."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
pytest.importorskip("hatchling")
_spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
assert _spec is not None
assert _spec.loader is not None
hatch_build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hatch_build)

NPM = """#!/bin/sh
echo "$@" >> "{log}"
[ "$1" != "{fails}" ] || {{ echo "npm error code E404" >&2; exit 1; }}
[ "$1" != run ] || {{ mkdir -p "{bundle}"; echo built | tee "{bundle}/interface.js" > "{bundle}/interface.css"; }}
"""


@pytest.fixture
def checkout(tmp_path) -> Path:
    """What a build needs of a checkout, without a bundle."""
    root = tmp_path / "checkout"
    for name in ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py", ".gitignore"):
        root.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for folder in ("interface", "src/backchannel/interface", "src/backchannel/answers"):
        left_out = shutil.ignore_patterns("node_modules", "bundle", "__pycache__")
        shutil.copytree(ROOT / folder, root / folder, ignore=left_out)
    return root


def _programs(root: Path, *, fails: str = "nothing") -> Path:
    """A folder with a `node` and an `npm` that write what was asked of them, and a bundle."""
    folder = root.parent / "programs"
    folder.mkdir()
    bundle = root / "src" / "backchannel" / "interface" / "bundle"
    written = {
        "node": "#!/bin/sh\n",
        "npm": NPM.format(log=folder / "log", bundle=bundle, fails=fails),
    }
    for name, text in written.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return folder


def _wheel(root: Path, path: str) -> tuple[list[str], str]:
    """The names in the wheel, and what was said while it was made."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(root / "dist")],
        cwd=root, env={**os.environ, "PATH": path, "PYTHONPATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = (root / "dist").glob("*.whl")
    return zipfile.ZipFile(wheel).namelist(), done.stdout + done.stderr


def test_with_node_the_wheel_holds_the_pages(checkout):
    """Installed and built in two steps."""
    programs = _programs(checkout)
    names, _ = _wheel(checkout, f"{programs}:/usr/bin:/bin")
    assert "backchannel/interface/bundle/interface.js" in names
    assert "backchannel/interface/bundle/interface.css" in names
    assert "backchannel/answers/page/templates/static.html" in names
    steps = [line.split()[0] for line in (programs / "log").read_text().splitlines()]
    assert steps == ["ci", "run"]


def test_without_node_the_wheel_is_made_and_says_so(checkout):
    """In one line."""
    names, said = _wheel(checkout, str(checkout))
    assert "backchannel/interface/theme.css" in names
    assert not [name for name in names if "bundle" in name]
    assert [line for line in said.splitlines() if "Node was not found" in line]


def test_where_npm_fails_the_installation_goes_on(checkout, monkeypatch):
    """And the reason that npm gave is passed on."""
    monkeypatch.setenv("PATH", f"{_programs(checkout, fails='ci')}:/usr/bin:/bin")
    problem = hatch_build.build(checkout)
    assert "`npm ci` failed (npm error code E404)" in problem
    assert "everything else is installed" in problem


def test_what_is_built_is_not_built_again_until_a_source_changes(checkout, monkeypatch):
    """A second installation costs nothing."""
    programs = _programs(checkout)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    assert hatch_build.build(checkout) == ""
    assert hatch_build.build(checkout) == ""
    assert len((programs / "log").read_text().splitlines()) == 2
    bundle = checkout / "src/backchannel/interface/bundle"
    for changed in ("interface/src/main.ts", "src/backchannel/interface/theme.css"):
        later = (bundle / "interface.js").stat().st_mtime + 5
        os.utime(checkout / changed, (later, later))
        assert not hatch_build.is_fresh(checkout / "interface", bundle)
        os.utime(bundle / "interface.js", (later, later))
        os.utime(bundle / "interface.css", (later, later))
        assert hatch_build.is_fresh(checkout / "interface", bundle)


def test_a_source_distribution_holds_the_sources_of_the_pages(checkout):
    """Whoever has Node can build them from it."""
    (checkout / "interface" / "node_modules").mkdir()
    (checkout / "interface" / "node_modules" / "x.js").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(checkout / "dist")],
        cwd=checkout, env={**os.environ, "PATH": "/nowhere", "PYTHONPATH": ""}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (sdist,) = (checkout / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as held:
        names = held.getnames()
    assert [name for name in names if name.endswith("interface/src/main.ts")]
    assert [name for name in names if name.endswith("/hatch_build.py")]
    assert not [name for name in names if "node_modules" in name]
