"""The catalog: the cases that come with the package, one folder each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from backchannel.files.foreign_formats import foreign_format
from backchannel.files.inputs import MissingFile, check_regular, is_address
from backchannel.language.errors import CommandError
from backchannel.language.names import did_you_mean

if TYPE_CHECKING:
    from backchannel.case.schema.case import Case
from backchannel.case.schema.reasoning import AT_EQUILIBRIUM

FOLDER = Path(__file__).parent.parent / "catalog"
ENDINGS = (".yaml", ".yml")
"""How the names of case files end."""
FILE = "case.yaml"


def catalog() -> list[str]:
    """List the names of the cases, in alphabetical order."""
    return sorted(path.parent.name for path in FOLDER.glob(f"*/{FILE}"))


def is_reference(case: Case) -> bool:
    """Say whether a case is a game from the literature: all numbers are fixed and nothing is recorded."""
    if any(player.reasoning != AT_EQUILIBRIUM for player in case.players.values()):
        return False
    numbers = [player.precision for player in case.players.values()]
    numbers += [parameter.prior for parameter in case.parameters.values()]
    return not case.record and all(isinstance(number, int | float) for number in numbers)


def find_case(name: str | Path) -> Path:
    """Find a case by its name in the catalog, or by its path.

    Raises:
        CommandError: There is no such case, or the path is not a file.
    """
    path = Path(name)
    if str(name) in catalog():
        return FOLDER / str(name) / FILE
    if os.path.isdir(path):
        path = path / FILE
    try:
        check_regular(path if os.path.isdir(name) else name)
    except MissingFile as error:
        if is_address(name):
            raise error from None
        if path.name == FILE and os.path.isdir(name):
            raise CommandError(f"{name} is a folder that has no {FILE}.") from None
    else:
        if remedy := foreign_format(path):
            raise CommandError(f"{name} is {remedy}")
        return path
    beside = sorted(str(file) for end in ENDINGS for file in path.parent.glob(f"*{end}"))
    hint = did_you_mean(str(name), [*catalog(), *beside])
    raise CommandError(
        f"There is no file '{name}', and no case of that name in the catalog."
        f"{hint or ' `backchannel cases` lists the catalog.'}"
    )


def case_name(path: Path) -> str:
    """The name of a case: that of its file, or of its folder where the file is called `case.yaml`.

    >>> case_name(Path("talks.yaml")), case_name(Path("canal/case.yaml"))
    ('talks', 'canal')
    """
    return path.parent.name if path.name == FILE else path.stem


def case_in_ledger(given: str) -> str:
    """The name of a case in the ledger, from that name or from the path of its file.

    >>> case_in_ledger("talks"), case_in_ledger("2025/talks.yaml")
    ('talks', 'talks')
    """
    path = Path(given)
    if path.name == FILE:
        return case_name(path.resolve())
    return case_name(path) if path.suffix in ENDINGS else given
