"""Compose what is entered in a ledger: the forecasts of all that lies ahead."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version

from backchannel.case.lowered import Lowered
from backchannel.case.schema.case import Case
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ledger.ledger import Logged, RunEntry
from backchannel.questions.forecast.ask import forecast
from backchannel.wording.words import Wording


def case_hash(case: Case) -> str:
    """Content hash of a case: what it says counts, comments and layout do not."""
    plain = case.model_dump(mode="json", exclude_unset=True)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def compose_log(
    lowered: Lowered, ensemble: Ensemble, name: str, seed: int, *, by: str
) -> tuple[RunEntry, list[Logged]]:
    """Put every forecast of what lies ahead into the ledger's form."""
    case, diagram, wording = lowered.case, ensemble.diagram, Wording(lowered)
    try:
        package = version("backchannel")
    except PackageNotFoundError:
        package = "unknown"
    entries = []
    for node in lowered.ahead:
        found = forecast(ensemble, node)
        resolves = case.nodes[node].resolves if node in case.nodes else ""
        if isinstance(resolves, dict):
            resolves = "; ".join(f"{value}: {test}" for value, test in resolves.items())
        entries.append(
            Logged(
                node=node,
                title=wording.node(node),
                due=diagram.dates[node],
                resolves=resolves or "",
                values=found.domain,
                probabilities=tuple(map(float, found.mean)),
                lows=tuple(map(float, found.low)),
                highs=tuple(map(float, found.high)),
            )
        )
    run = RunEntry(
        case_name=name,
        case_title=case.case,
        case_hash=case_hash(case),
        as_of=case.as_of,
        draws=ensemble.n_draws,
        effective_draws=ensemble.effective_draws,
        seed=seed,
        version=package,
        by=by,
    )
    return run, entries
