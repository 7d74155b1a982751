"""How to install what an extra brings."""

from __future__ import annotations


def how_to_install(extra: str) -> str:
    """The command that installs an extra, also from a checkout.

    >>> how_to_install("brief")
    "pip install 'backchannel[brief]' (in a checkout: pip install -e '.[brief]')"
    """
    return f"pip install 'backchannel[{extra}]' (in a checkout: pip install -e '.[{extra}]')"
