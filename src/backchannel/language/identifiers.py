"""Names that expressions can hold, made of the words that people read."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Container
from itertools import count

LONGEST = 40
"""Characters of a name, before a number is added."""


def identifier_of(shown: str, *, taken: Container[str], otherwise: str) -> str:
    """Make a name of words: small letters, digits and underscores, numbered where it is taken.

    Args:
        shown: The words.
        taken: Names that exist.
        otherwise: What the name begins with if the words begin with no letter of the Latin alphabet.

    >>> identifier_of("The White House", taken={"white_house"}, otherwise="player")
    'white_house_2'
    >>> identifier_of("Élysée", taken=(), otherwise="player"), identifier_of("北京", taken=(), otherwise="player")
    ('elysee', 'player')
    """
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"^the_", "", re.sub(r"[^a-z0-9]+", "_", plain).strip("_"))[:LONGEST].rstrip("_")
    if not plain or not plain[0].isalpha() or keyword.iskeyword(plain):
        plain = f"{otherwise}_{plain}".rstrip("_")
    names = (f"{plain}_{i}" if i > 1 else plain for i in count(1))
    return next(name for name in names if name not in taken)
