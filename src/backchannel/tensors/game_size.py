"""Memory for a game: what its tables take in all draws, known from the diagram before any is filled."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision
from backchannel.language.names import first_few
from backchannel.language.terms import summands
from backchannel.machine.memory import NUMBER, claim


def claim_tables(diagram: Diagram, numbers: Mapping[str, np.ndarray], n_draws: int) -> None:
    """Check that there is memory for all tables and everyone's rules, in every draw.

    Args:
        diagram: Whose tables they are.
        numbers: The parameters: a table that none enters is the same in every draw.
        n_draws: How many draws.

    Raises:
        TooLargeError: There is not enough; the message names the largest tables.
    """
    domains = diagram.domains
    sizes: dict[str, int] = {}
    for name in diagram.order:
        node = diagram.node[name]
        cells = prod(len(domains[one]) for one in (*diagram.parents(name), name))
        if isinstance(node, Decision):
            sizes[name] = cells * n_draws
        elif diagram.likeness[name] == name:
            # A chance node's table is there twice: as it is, and with its zeros lifted.
            copies = 2 if isinstance(node, Chance) else 1
            sizes[name] = copies * cells * (n_draws if node.names & numbers.keys() else 1)
    for interest in diagram.interests:
        for term in summands(interest.worth, nodes=frozenset(domains)):
            cells = prod(len(domains[one]) for one in term.names if one in domains)
            draws = n_draws if term.names & numbers.keys() else 1
            sizes[interest.name] = sizes.get(interest.name, 0) + cells * draws
    most = sorted(sizes, key=lambda name: -sizes[name])[:4]
    claim(
        NUMBER * sum(sizes.values()),
        f"The tables of the case in {n_draws:,} draws",
        f"Most of it is for {first_few(most)}: let them depend on fewer nodes, or on nodes with fewer "
        "values. Or take fewer draws (--draws).",
    )
