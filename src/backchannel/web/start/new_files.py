"""Where a new case may be written, and what an empty one contains."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

from backchannel.case.edit.yaml_value import flow
from backchannel.files.durable import file_exists_error
from backchannel.files.foreign_formats import foreign_format
from backchannel.files.inputs import is_remote
from backchannel.language.errors import CommandError
from backchannel.language.identifiers import identifier_of
from backchannel.language.visible import in_one_line, visible
from backchannel.web.case_file import SUFFIXES
from backchannel.wording.words import plain_name

LONGEST = 200
"""Characters of a name that a message repeats."""
TREE_SUFFIX = ".efg"
MONTH = timedelta(days=30)
EXAMPLE = "{judgement: an example; replace the number and this reason by yours}"


def check_typed_path(path: str) -> Path:
    """The path that a user typed.

    Raises:
        CommandError: It has control characters, is an address, or begins with the home of an unknown user.
    """
    if visible(path) != path or "\n" in path or "\t" in path:
        raise CommandError(
            f"{in_one_line(path)[:LONGEST]}: the name of a file cannot contain control characters."
        )
    if is_remote(path):
        raise CommandError(
            f"{path[:LONGEST]} is on another machine. Copy the file to this one first."
        )
    try:
        return Path(path).expanduser()
    except RuntimeError:  # The home of nobody that is known here.
        raise CommandError(f"{path[:LONGEST]}: no user of this machine has this name.") from None


def place_for_new_case(path: str, folder: Path) -> Path:
    """Where a new case is written: in the working directory or a folder in it, never over a file.

    Args:
        path: As the user typed it; `.yaml` is added where no ending is given.
        folder: The working directory.

    Raises:
        CommandError: It is no place for a new case.
    """
    typed = check_typed_path(path.strip())
    if typed.suffix == "" and typed.name:
        typed = typed.with_name(f"{typed.name}.yaml")
    if typed.suffix not in SUFFIXES or typed.stem.startswith("."):
        raise CommandError(f"{path[:LONGEST]}: a case file ends in .yaml.")
    target, folder = folder / typed, folder.resolve()
    try:
        parent = target.parent.resolve()
        is_there = os.path.lexists(target)
    except (OSError, RuntimeError):
        raise CommandError(f"{path[:LONGEST]}: a file cannot have this name.") from None
    if not parent.is_relative_to(folder):
        raise CommandError(
            f"{path[:LONGEST]}: a new case is written in {folder} or in a folder in it. To write elsewhere, "
            "start `backchannel serve` there."
        )
    if not parent.is_dir():
        raise CommandError(f"{path[:LONGEST]}: there is no folder {parent}. Make it first.")
    if is_there:
        raise file_exists_error(path[:LONGEST])
    return parent / target.name


def check_case_path(path: str) -> None:
    """Check that a path from the page is that of a case file or of a folder.

    Raises:
        CommandError: It is something else, and the text says what to do with it.
    """
    typed = check_typed_path(path)
    suffix = typed.suffix.lower()
    if suffix == TREE_SUFFIX:
        raise CommandError(
            f"{path[:LONGEST]} is a game tree of Gambit. Use “From a Gambit file”, which writes it as a case."
        )
    if suffix not in SUFFIXES and not typed.is_dir():
        raise CommandError(
            f"{path[:LONGEST]}: only case files are opened here (.yaml or .yml), and folders with a case.yaml."
        )


def check_tree_path(path: str) -> Path:
    """The path of a Gambit game tree.

    Raises:
        CommandError: It is something else, and the text says what to do with it.
    """
    typed = check_typed_path(path)
    if remedy := foreign_format(typed):
        raise CommandError(f"{path[:LONGEST]} is {remedy}")
    if typed.suffix.lower() != TREE_SUFFIX:
        raise CommandError(f"{path[:LONGEST]}: a game tree of Gambit ends in .efg.")
    return typed


def empty_case(title: str, today: date, *, text: str = "") -> str:
    """The text of a case with the least that a case needs, which runs: one player, one decision, one interest.

    Args:
        title: Its title.
        today: The last day that it knows about; the decision comes a month later.
        text: A file in the folder of the case, which becomes its source.
    """
    source = _source_of(text) if text else ""
    return f"""\
# An empty case: the least that a case needs, to be renamed and built on. It runs as it stands.
# `backchannel check THIS_FILE` tells you what is wrong, with line and column.

case: {flow(title)}
utility_unit: worth of what is at stake   # what "1" means in every interest
as_of: {today}                         # the last day that the case knows about
information: public                       # what happened is known, except to those it is `hidden_from`

players:
  player: {{name: a player, precision: {{between: [4, 16]}}, why: {EXAMPLE}}}

nodes:
  decision: {{title: A decision, player: player, domain: [acts, waits], at: {today + MONTH}}}

interests:
  interest: {{player: player, about: what the player wants, worth: {{of: decision, ranks: [acts, waits]}}}}

questions:
  decision: {{asks: What will the player do?, forecast: decision}}
{source}"""


def _source_of(text: str) -> str:
    words = plain_name(Path(text).stem.replace("-", " "))
    name = identifier_of(words, taken={"player", "decision", "interest"}, otherwise="source")
    title = words[:1].upper() + words[1:]
    return f"\nsources:\n  {name}: {{title: {flow(title)}, file: {flow(text)}}}\n"
