"""Who plays which role of a pattern, as the command line or a file says it."""

from __future__ import annotations

from pathlib import Path

from backchannel.case.read.document import read_document
from backchannel.language.errors import CommandError


def read_role(text: str) -> tuple[str, str]:
    """Read `ROLE=NAME`.

    Raises:
        CommandError: A part is missing.

    >>> read_role("captor=Minsk")
    ('captor', 'Minsk')
    """
    role, sign, name = text.partition("=")
    if not (role.strip() and sign and name.strip()):
        raise CommandError(f"'{text}' should be ROLE=NAME, such as captor=Minsk.")
    return role.strip(), name.strip()


def read_roles(path: Path) -> dict[str, str]:
    """Read a file with a line `ROLE: NAME` for each role.

    Raises:
        CaseError: It is not a readable YAML file.
        CommandError: It holds something else.
    """
    data = read_document(path).data
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data.values()):
        raise CommandError(
            f"{path} should have a line `ROLE: NAME` for each role, such as `captor: Minsk`."
        )
    return {str(role): name for role, name in data.items()}
