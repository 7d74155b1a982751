"""Commands that the documentation shows exist, with the options that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from backchannel.cli import main

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(?:sh)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _commands(page: Path) -> list[str]:
    lines = [line for block in BLOCK.findall(page.read_text()) for line in block.splitlines()]
    return [
        line.split("backchannel ", 1)[1] for line in lines
        if re.match(r"(\.venv/bin/)?backchannel ", line)
    ]  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_documented_command_exists_with_its_options(page):
    """A reader copies it as it stands."""
    for text in _commands(page):
        if "…" in text or "NAME" in text:
            continue
        words = shlex.split(text, comments=True)
        context: click.Context = click.Context(main)
        command: click.Command | None = main
        while isinstance(command, click.Group) and words:
            name = words.pop(0)
            command = command.get_command(context, name)
            assert command is not None, f"{page.name}: backchannel {name}"
        known = {option for one in command.params for option in [*one.opts, *one.secondary_opts]}
        known |= {"--help"}
        shown = {word.split("=")[0] for word in words if re.match(r"--[a-z]|-[a-z]$", word)}
        assert shown <= known, f"{page.name}: {text} shows {sorted(shown - known)}"


def test_the_documentation_shows_commands():
    """The pattern above still recognises them."""
    assert sum(len(_commands(page)) for page in PAGES) > 60
