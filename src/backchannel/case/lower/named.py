"""Look up the names of nodes that a user gives outside of the file."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.case.lower.rounds import rounds_of
from backchannel.case.schema.case import Case
from backchannel.diagram.diagram import Diagram
from backchannel.language.errors import CommandError
from backchannel.language.names import NodeName, did_you_mean, round_number


def check_node(case: Case, diagram: Diagram, node: NodeName) -> None:
    """Check that a node of this name exists.

    Raises:
        CommandError: There is none; the message suggests a name, or says that the node repeats.
    """
    if node in diagram.node:
        return
    rounds = rounds_of(case)
    repeats = rounds.explain_missing(node, None, list(diagram.node))
    if repeats:
        raise CommandError(f"{repeats[:1].upper()}{repeats[1:]}")
    known = [name for name in diagram.node if round_number(name) is None]
    known += repeated(case)
    raise CommandError(
        f"No node is called '{node}'.{did_you_mean(str(node), known)} "
        f"The nodes are: {', '.join(known)}."
    )


def every_round(case: Case, diagram: Diagram, names: Sequence[str]) -> list[NodeName]:
    """List the nodes that some names mean: a name that repeats means all its rounds."""
    spread = rounds_of(case).spread
    nodes = [node for name in names for node in spread(name)]
    for node in nodes:
        check_node(case, diagram, node)
    return nodes


def repeated(case: Case, names: Sequence[str] = ()) -> list[str]:
    """List the nodes of `rounds` in their order, or check and return the given names.

    Raises:
        CommandError: A name is not that of a node that repeats.
    """
    known = list(case.rounds.nodes) if case.rounds else []
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise CommandError(f"No node called '{name}' repeats in this case.{hint}")
    return list(names) or known
