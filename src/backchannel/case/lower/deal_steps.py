"""Read which steps of a deal may be left out, and which promises are kept at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations

import networkx as nx

from backchannel.case.lower.report import CaseReport
from backchannel.case.lower.written_deal import WrittenDeal
from backchannel.case.read.document import KeyPath
from backchannel.diagram.deals import MOST_OPTIONAL, Commitment, Together
from backchannel.diagram.diagram import Diagram
from backchannel.language.days import Month, day
from backchannel.language.names import NodeName


def read_steps(
    deal: WrittenDeal, commitments: Sequence[Commitment]
) -> tuple[frozenset[int], dict[int, Together]]:
    """Read `optional` and `together` of the steps of one deal, and report what does not fit.

    Args:
        deal: The deal as written.
        commitments: The promises that could be read, step by step, in order of time.

    Returns:
        The optional steps, and by step how its promises are kept at the same time; steps count from 0.
    """
    report, path, entry = deal.report, deal.path, deal.entry
    optional = frozenset(s for s, step in enumerate(entry.steps) if step.optional)
    _check_optional(report, (*path, "steps"), optional, len(entry.steps))
    together: dict[int, Together] = {}
    for s, step in enumerate(entry.steps):
        if step.together is None:
            continue
        together[s] = step.together
        here = (*path, "steps", s)
        own = [c for c in commitments if c.step == s]
        if len(step.do) < 2 and len(own) < 2:
            report.error(
                (*here, "together"),
                "this step has only one promise, so nothing happens at the same time. Add the decision of "
                "another player to its `do`, or leave `together` out.",
            )
        for earlier, later in combinations(own, 2):
            _check_pair(deal.diagram, report, (*here, "do", later.node), earlier, later)
    return optional, together


def _check_optional(
    report: CaseReport, path: KeyPath, optional: frozenset[int], n_steps: int
) -> None:
    if len(optional) > MOST_OPTIONAL:
        report.error(
            path,
            f"{len(optional)} steps are `optional`, which makes up to {2 ** len(optional):,} games to solve. At most "
            f"{MOST_OPTIONAL} may be. Make fewer steps optional, or write several deals.",
        )
    elif optional and n_steps == 1:
        report.warn(
            (*path, 0, "optional"),
            "it is the only step, and a package without steps is no deal. Leave `optional` out.",
        )


def _check_pair(
    diagram: Diagram, report: CaseReport, here: KeyPath, earlier: Commitment, later: Commitment
) -> None:
    """Check that two promises can be kept at the same time, neither maker knowing of the other's."""
    one, other = earlier.node, later.node
    if earlier.player == later.player:
        report.error(
            here,
            f"{later.player} decides both {one} and {other}, and it knows what it does itself. Give each player "
            "one decision in a step with `together`.",
        )
        return
    when, before = diagram.dates[other], diagram.dates[one]
    if when != before:
        report.error(
            here,
            f"{other} is decided {_on(when)}, but {one} {_on(before)}. Promises that are kept together are kept "
            "on one day: give both decisions the same `at`, or make two steps.",
        )
    if tell := _tells(diagram, one, other):
        report.error(
            here,
            f"{other} sees {tell}, so its player would know whether {one} was as promised. Remove "
            f"{tell} from what {other} sees, or make two steps.",
        )


def _tells(diagram: Diagram, decision: NodeName, other: NodeName) -> NodeName | None:
    """Find what a decision sees of another one: that decision, or something that depends on it."""
    about = {decision, *nx.descendants(diagram.graph, decision)}
    return next((name for name in diagram.parents(other) if name in about), None)


def _on(when: date) -> str:
    return f"{'in' if isinstance(when, Month) else 'on'} {day(when)}"
