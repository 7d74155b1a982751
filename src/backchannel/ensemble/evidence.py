"""Evidence: what the reports of the record say about nodes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from backchannel.diagram.beliefs import Observation
from backchannel.diagram.diagram import Diagram
from backchannel.language.names import NOT_APPLICABLE
from backchannel.tensors.inference import Evidence
from backchannel.tensors.logs import safe_log


def evidence_of(diagram: Diagram, record: Sequence[Observation]) -> Evidence:
    """Log likelihood of the reports given each node's value.

    A report of reliability r is right with probability r; a wrong report names any of the node's
    other values, all equally likely.
    """
    evidence: dict[str, np.ndarray] = {}
    for entry in record:
        domain = diagram.domains[entry.node]
        others = [value for value in domain if value not in (entry.value, NOT_APPLICABLE)]
        wrong = (1.0 - entry.reliability) / max(len(others), 1)
        likelihood = np.array(
            [entry.reliability if value == entry.value else wrong for value in domain]
        )
        evidence[entry.node] = evidence.get(entry.node, 0.0) + safe_log(likelihood, np)
    return evidence


def entries_before(record: Sequence[Observation], cut: date | None) -> tuple[Observation, ...]:
    """The entries dated before a day; all entries, if no day is given."""
    return tuple(entry for entry in record if cut is None or entry.date < cut)
