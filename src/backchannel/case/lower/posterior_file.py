"""Check what a netCDF file claims to hold, before any of it is read.

Ten kilobytes can claim thirty gigabytes: data that was never written is read as zeros, and compressed
data expands. Such a file can also refer to other files, whose bytes would be read as its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from backchannel.language.errors import CommandError
from backchannel.language.visible import in_one_line

GROUP = "posterior"
MOST_PARTS = 10_000
"""Most groups and variables of one file."""
LONGEST_NAME = 60
"""Characters of a name in a message."""
PLACES = ("chain", "draw")


def unwanted(data: bytes, *, file: str, limit: int) -> list[str]:
    """List the variables of the posterior that are not samples of one number, and are not read.

    Args:
        data: The bytes of the file.
        file: Its name, for error messages.
        limit: The most bytes that the samples, and each compressed piece of them, may take.

    Raises:
        CommandError: The samples claim more, or the file refers to other files.
        OSError: It is not such a file.
        KeyError: It holds no posterior.
    """
    import h5netcdf
    import h5py

    with h5py.File(BytesIO(data), "r") as content:
        for variable in _variables(content, file):
            if variable.external or variable.is_virtual:
                raise _elsewhere(file)
            if variable.chunks and math.prod(variable.chunks) * variable.dtype.itemsize > limit:
                raise _too_much(file, limit)
    with h5netcdf.File(BytesIO(data), "r") as content:
        variables = content[GROUP].variables
        wanted = [name for name in variables if _is_sample(variables[name], name)]
        size = sum(math.prod(variables[n].shape) * variables[n].dtype.itemsize for n in wanted)
        if size > limit:
            raise _too_much(file, limit)
        return [name for name in variables if name not in wanted]


def _variables(content: Any, file: str) -> Iterator[Any]:
    """Yield every variable, in any group, without following links to other files."""
    import h5py

    left, seen = [content], 0
    while left:
        group = left.pop()
        for name in group:
            seen += 1
            if seen > MOST_PARTS:
                raise CommandError(
                    f"{file} has more than {MOST_PARTS:,} parts, too many for a fit."
                )
            link = group.get(name, getlink=True)
            if isinstance(link, h5py.SoftLink):
                raise CommandError(
                    f"{file} holds a link, {in_one_line(name)[:LONGEST_NAME]}, in place of samples. "
                    "A fit must hold all of its samples itself."
                )
            if not isinstance(link, h5py.HardLink):
                raise _elsewhere(file)
            part = group[name]
            if isinstance(part, h5py.Group):
                left.append(part)
            elif isinstance(part, h5py.Dataset):
                yield part


def _is_sample(variable: Any, name: str) -> bool:
    """Say whether a variable holds samples of one number, or numbers the chains or draws."""
    return variable.dtype.kind in "iuf" and (
        set(variable.dimensions) == set(PLACES)
        or (name in PLACES and variable.dimensions == (name,))
    )


def _too_much(file: str, limit: int) -> CommandError:
    return CommandError(f"{file} claims to hold more than {limit:,} bytes of samples.")


def _elsewhere(file: str) -> CommandError:
    return CommandError(f"{file} refers to other files. A fit must hold all of its samples itself.")
