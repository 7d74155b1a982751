"""Compose the entries of a ledger: forecasts of all nodes that are still open."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from importlib.metadata import PackageNotFoundError, version
from math import prod

import numpy as np
from jaxtyping import Float

from backchannel.case.schema.case import Case
from backchannel.diagram.nodes import Derived
from backchannel.ensemble.ensemble import Ensemble
from backchannel.ensemble.solved_case import SolvedCase
from backchannel.ensemble.weighted import mean
from backchannel.language.names import NodeName
from backchannel.ledger.derivation_text import MOST_COMBINATIONS, Derivation
from backchannel.ledger.entries import Logged, RunEntry
from backchannel.questions.forecast.ask import Forecast
from backchannel.wording.words import Wording


def case_hash(case: Case) -> str:
    """Hash of a case's content; comments and layout do not change it."""
    plain = case.model_dump(mode="json", exclude_unset=True)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def compose_log(
    solved: SolvedCase,
    ensemble: Ensemble,
    forecasts: Mapping[NodeName, Forecast],
    *,
    by: str,
    structures: Mapping[NodeName, Float[np.ndarray, " value"]] | None = None,
) -> tuple[RunEntry, list[Logged]]:
    """Put forecasts into the form of the ledger.

    Args:
        solved: The case.
        ensemble: The case solved in every draw.
        forecasts: Its forecasts, by node.
        by: Who logs them.
        structures: The same nodes over the case and its rivals, where these were solved.
    """
    case, wording = solved.case, Wording(solved.lowered)
    diagram = ensemble.diagram
    try:
        package = version("backchannel")
    except PackageNotFoundError:
        package = "unknown"
    entries = []
    for node, forecast in forecasts.items():
        resolves = case.nodes[node].resolves if node in case.nodes else ""
        if isinstance(resolves, dict):
            resolves = "; ".join(f"{value}: {test}" for value, test in resolves.items())
        entries.append(
            Logged(
                node=node,
                title=wording.node(node),
                due=diagram.dates[node],
                resolves=resolves or "",
                values=forecast.domain,
                probabilities=tuple(map(float, forecast.mean)),
                lows=tuple(map(float, forecast.low)),
                highs=tuple(map(float, forecast.high)),
                derivation=derivation_of(ensemble, node, forecasts),
                views=views_of(forecast),
                structures=tuple(map(float, structures[node])) if structures else None,
            )
        )
    run = RunEntry(
        case_name=solved.name,
        case_title=case.case,
        case_hash=case_hash(case),
        as_of=case.as_of,
        draws=ensemble.n_draws,
        effective_draws=ensemble.effective_draws,
        seed=solved.seed,
        version=package,
        by=by,
    )
    return run, entries


def views_of(forecast: Forecast) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """What the case alone and the base rate alone say; `None` for a node without a base rate.

    Counts say nothing about n/a, so it keeps the probability that the case gives it.
    """
    if forecast.inside is None or forecast.outside is None:
        return None
    inside = forecast.inside.per_draw
    counted = forecast.outside.per_draw.max(axis=0) > 0
    arises = inside[:, counted].sum(axis=1, keepdims=True)
    outside = np.where(counted, arises * forecast.outside.per_draw, inside)
    means = (forecast.inside.mean, mean(outside, forecast.weights))
    return tuple(map(float, means[0])), tuple(map(float, means[1]))


def derivation_of(
    ensemble: Ensemble, node: NodeName, logged: Collection[NodeName]
) -> Derivation | None:
    """What a derived node can be, for each combination of its logged parts; `None` for other nodes.

    A part that the record says for certain has its recorded value. Other parts that are not logged, and numbers
    that differ by draw, can be anything. Of parts with too many combinations only the names are kept.
    """
    diagram = ensemble.diagram
    if not isinstance(diagram.node[node], Derived):
        return None
    certain = {entry.node: entry.value for entry in ensemble.record if entry.reliability == 1}
    parents = diagram.parents(node)
    parts = tuple(parent for parent in parents if parent in logged)
    if prod(len(diagram.domains[part]) for part in parts) > MOST_COMBINATIONS:
        return Derivation(parts, ())
    table = ensemble.play.models.truth.game.factors[node]
    possible: np.ndarray = np.asarray((table > 0).any(axis=0))
    for axis, parent in reversed([*enumerate(parents)]):
        if parent in certain:
            possible = possible.take(diagram.domains[parent].index(certain[parent]), axis=axis)
        elif parent not in parts:
            possible = np.asarray(possible.any(axis=axis))
    rows = possible.reshape(-1, possible.shape[-1])
    return Derivation(parts, tuple(tuple(np.flatnonzero(row).tolist()) for row in rows))
