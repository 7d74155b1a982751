"""A worth that is an order: outcomes from best to worst, with even or uncertain steps between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import Any

from backchannel.case.lower.implicit import ImplicitParameters
from backchannel.case.lower.limits import LimitedNumber
from backchannel.case.lower.spellings import Spellings
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.language.distributions import Uniform
from backchannel.language.expressions import Expression, Tree, constant, sum_of, table
from backchannel.language.names import NodeName, Value, did_you_mean, split_round
from backchannel.language.shapes import not_this

RANKS = "ranks"
KEYS = ("of", RANKS, "spacing", "scale")
EVEN, UNCERTAIN = "even", "uncertain"
ELSE = "else"
TIE = "="
"""Joins outcomes of one rank."""
MOST_LACKING = 20
"""Most outcomes without a rank that are reported."""
MOST_GUESSED = 200
"""Most values of a node among which a misspelt one is looked for."""
MOST_UNCERTAIN = 100
"""Most ranks with uncertain steps between them; the work grows with their square."""
TAIL = 1e-6
"""Share of a step's prior that is cut off at both ends, so that no step is nothing or endless."""

RankedValues = tuple[Value, ...]
"""One outcome: a value for each of the nodes."""


def read_ranks(
    words: CaseVocabulary,
    path: KeyPath,
    raw: Mapping[Any, Any],
    *,
    interest: str,
    implicit: ImplicitParameters,
) -> Expression | None:
    r"""Read an order of outcomes as a worth: 1 for the best, 0 for the worst, times `scale`.

    With $m$ ranks and steps $g_1, …, g_{m-1}$ between them, the worth of rank $k$ is
    $\sum_{i ≥ k} g_i / \sum_i g_i$. Even steps are equal. Uncertain ones are exponential, so that the
    worths between best and worst are distributed as the order statistics of as many uniform numbers:
    every set of worths with this order is equally likely.

    Args:
        words: The names of the case.
        path: The path of the worth.
        raw: The mapping as it is in the file.
        interest: The name of the interest.
        implicit: Collects the uncertain steps.

    Source: Rényi (1953), uniform order statistics from exponential steps.
    """
    before = len(words.report.problems)
    for key in raw:
        if key not in KEYS:
            words.report.error(
                (*path, key),
                f"'{key}' is not a key of an order; the keys are {', '.join(KEYS)}."
                f"{did_you_mean(str(key), list(KEYS))}",
            )
    nodes = _nodes(words, path, raw)
    spacing = raw.get("spacing", EVEN)
    if spacing not in (EVEN, UNCERTAIN):
        hint = did_you_mean(spacing, [EVEN, UNCERTAIN]) if isinstance(spacing, str) else ""
        words.report.error(
            (*path, "spacing"), f"should be {EVEN} or {UNCERTAIN}{not_this(spacing)}{hint}"
        )
    scale = words.expression((*path, "scale"), raw.get("scale", 1), only=words.parameters,
                             why_only="the scale of an order is a number. ")  # fmt: skip
    if nodes is None:
        return None
    ranks = _ranks(words, (*path, RANKS), raw[RANKS], nodes)
    if scale is not None:
        # Below 0, the best outcome would be the worst.
        words.limited.append(
            LimitedNumber((*path, "scale"), scale, "the scale of an order", 0.0, is_open=True)
        )
    if ranks is not None and spacing == UNCERTAIN and len(ranks) > MOST_UNCERTAIN:
        words.report.error(
            (*path, RANKS),
            f"an order with uncertain steps has at most {MOST_UNCERTAIN} ranks, not {len(ranks):,}. Join outcomes "
            f"that are equally good with `{TIE}`, put more of them under `{ELSE}`, or write `spacing: {EVEN}`.",
        )
    if scale is None or ranks is None or len(words.report.problems) > before:
        return None
    worth = _worths(path, len(ranks), spacing == UNCERTAIN, split_round(interest)[0], implicit)
    cells = {
        outcome: _times(worth[rank], scale)
        for rank, outcomes in enumerate(ranks)
        for outcome in outcomes
    }
    return table(nodes, cells)


def _nodes(
    words: CaseVocabulary, path: KeyPath, raw: Mapping[Any, Any]
) -> tuple[NodeName, ...] | None:
    if "of" not in raw:
        words.report.error(
            path, "an order needs the nodes that it ranks: `of: NODE` or `of: [NODE, NODE]`."
        )
        return None
    named = raw["of"] if isinstance(raw["of"], list) else [raw["of"]]
    if not named or not all(isinstance(name, str) for name in named):
        given = next((name for name in named if not isinstance(name, str)), None)
        words.report.error(
            (*path, "of"),
            f"should be a node, or a list of nodes in brackets{not_this(given)}",
        )
        return None
    nodes = tuple(words.meant(path, str(name)) for name in named)
    is_known = [words.node((*path, "of"), name) for name in nodes]
    if len(set(nodes)) < len(nodes):
        words.report.error((*path, "of"), "names a node twice.")
        return None
    return nodes if all(is_known) else None


def _ranks(
    words: CaseVocabulary, path: KeyPath, raw: Any, nodes: tuple[NodeName, ...]
) -> list[list[RankedValues]] | None:
    """Read the ranks, best first; each is a list of outcomes that are equally good."""
    report = words.report
    if not isinstance(raw, list) or len(raw) < 2:
        report.error(path, "should list at least two outcomes, from best to worst.")
        return None
    domains = [words.domains[name] for name in nodes]
    all_outcomes = prod(map(len, domains))
    spelt = Spellings(domains)
    rank_of: dict[RankedValues, int] = {}
    otherwise: int | None = None
    before = len(report.problems)
    for rank, entry in enumerate(raw):
        here = (*path, rank)
        if entry == ELSE:
            if otherwise is not None:
                report.error(here, f"`{ELSE}` can stand in one rank only.")
            otherwise = rank
            continue
        for text in _written_outcomes(entry):
            outcome = spelt.combination(text)
            if outcome is None and (
                isinstance(text, bool) or not isinstance(text, str | int | float)
            ):
                report.error(here, f"should be an outcome{not_this(text)}")
            elif outcome is None:
                shown = [", ".join(map(str, o)) for o in islice(product(*domains), 8)]
                report.error(
                    here,
                    f"'{text}' is not an outcome of {' and '.join(nodes)}."
                    f"{_outcome_hint(text, domains)} The outcomes are: "
                    f"{'; '.join(shown)}{' …' if all_outcomes > len(shown) else ''}.",
                    is_consequence=any(report.doubts_values(name) for name in nodes),
                )
            elif outcome in rank_of:
                report.error(here, f"'{text}' is ranked twice.")
            else:
                rank_of[outcome] = rank
    if len(report.problems) > before:
        return None
    lacking = (outcome for outcome in product(*domains) if outcome not in rank_of)
    if otherwise is None:
        for outcome in islice(lacking, MOST_LACKING):
            report.error(
                path,
                f"'{', '.join(map(str, outcome))}' has no rank. Rank it, or put `{ELSE}` where all other outcomes "
                "belong.",
            )
        if len(report.problems) > before:
            return None
    elif len(rank_of) == all_outcomes:
        report.error((*path, otherwise), f"no outcome is left for `{ELSE}`. Remove it.")
        return None
    else:
        rank_of |= dict.fromkeys(lacking, otherwise)
    return [[outcome for outcome, at in rank_of.items() if at == rank] for rank in range(len(raw))]


def _outcome_hint(text: Any, domains: Sequence[tuple[Value, ...]]) -> str:
    """Suggest the outcome that a text means; empty if none is near."""
    parts = str(text).split(",")
    if len(parts) != len(domains):
        return did_you_mean(str(text), [ELSE])
    hints = (
        did_you_mean(
            part.strip(), [*map(str, domain[:MOST_GUESSED]), *([ELSE] if len(parts) == 1 else [])]
        )
        for part, domain in zip(parts, domains, strict=True)
        if part.strip() not in map(str, domain)
    )
    return "".join(hints)


def _written_outcomes(entry: Any) -> Iterator[Any]:
    """Yield the outcomes of one rank as they are written."""
    if isinstance(entry, list):
        yield ", ".join(map(str, entry))
    elif isinstance(entry, str) and TIE in entry:
        yield from (part.strip() for part in entry.split(TIE))
    else:
        yield entry


def _worths(
    path: KeyPath, n: int, is_uncertain: bool, interest: str, implicit: ImplicitParameters
) -> list[Expression]:
    """The worth of each rank, best first, from 1 to 0."""
    if not is_uncertain or n == 2:
        return [constant(1.0 - rank / (n - 1)) for rank in range(n)]
    steps = []
    for i in range(1, n):
        share = implicit.add(
            f"{interest}.step {i}", Uniform(TAIL, 1 - TAIL), path, text=f"step {i}"
        )
        steps.append(Tree("negate", (Tree("call", (share.tree,), "log"),)))
    whole = sum_of(steps)
    return [
        Expression(Tree("/", (sum_of(steps[rank:]), whole)), f"rank {rank + 1}")
        for rank in range(n - 1)
    ] + [constant(0.0)]


def _times(worth: Expression, scale: Expression) -> Expression:
    return Expression(Tree("*", (worth.tree, scale.tree)), worth.text)
