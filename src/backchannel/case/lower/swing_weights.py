"""Swing weights: they put the ranked interests of one player on one scale."""

from __future__ import annotations

from typing import Any

from backchannel.case.lower.limits import LimitedNumber
from backchannel.case.lower.ranks import RANKS
from backchannel.case.lower.vocabulary import CaseVocabulary
from backchannel.case.read.document import KeyPath
from backchannel.case.schema.case import Case
from backchannel.case.schema.numbers import PlayerEntry
from backchannel.language.expressions import Expression, Tree, sum_of
from backchannel.language.names import did_you_mean, split_round

ONLY_NUMBERS = "a weight is a number, or an expression of parameters. "


def read_swing_weights(case: Case, words: CaseVocabulary) -> dict[str, Expression]:
    """Return the factor of each weighted interest: its weight, divided by the sum of its player's weights.

    A swing weight compares going from the worst to the best outcome of one interest with doing so in
    another, so each must be an order, whose worth runs from 0 to 1.

    Source: von Winterfeldt & Edwards (1986), swing weights.
    """
    factors: dict[str, Expression] = {}
    for player, entry in case.players.items():
        if entry.weights and _is_sound(case, words, player, entry):
            read = {
                name: words.expression(
                    ("players", player, "weights", name),
                    raw,
                    only=words.parameters,
                    why_only=ONLY_NUMBERS,
                )
                for name, raw in entry.weights.items()
            }
            weights = {name: weight for name, weight in read.items() if weight is not None}
            if len(weights) < len(read):
                continue
            total = sum_of([weight.tree for weight in weights.values()])
            for name, weight in weights.items():
                path: KeyPath = ("players", player, "weights", name)
                words.limited.append(LimitedNumber(path, weight, "a weight", 0.0))
            whole = Expression(total, "sum of the weights")
            path = ("players", player, "weights")
            words.limited.append(
                LimitedNumber(path, whole, "the sum of the weights", 0.0, is_open=True)
            )
            for name in case.interests:
                of_all_rounds = split_round(name)[0]
                if of_all_rounds in weights:
                    share = Tree("/", (weights[of_all_rounds].tree, total))
                    factors[name] = Expression(share, "swing weight")
    return factors


def _is_sound(case: Case, words: CaseVocabulary, player: str, entry: PlayerEntry) -> bool:
    """Report weights of interests that are not the player's, or not ranked, and ranked ones without a weight."""
    report = words.report
    before = len(report.problems)
    own = {split_round(name)[0]: e for name, e in case.interests.items() if e.player == player}
    for name, weight in entry.weights.items():
        path: KeyPath = ("players", player, "weights", name)
        if name not in own:
            hint = did_you_mean(name, list(own))
            report.error(path, f"{player} has no interest called '{name}'.{hint}")
        elif not _is_ranked(own[name].worth):
            report.error(
                path,
                f"{name} is not ranked, so how far it swings is not known. Write its worth as an order "
                "(`ranks`), or put the weight into its own expression.",
            )
        if isinstance(weight, int | float) and weight < 0:
            report.error(path, "a weight cannot be below 0.")
    weights = list(entry.weights.values())
    if all(isinstance(weight, int | float) for weight in weights) and not any(weights):
        report.error(("players", player, "weights"), "at least one weight must be above 0.")
    for name, interest in own.items():
        if _is_ranked(interest.worth) and name not in entry.weights:
            report.error(
                ("players", player, "weights"),
                f"the ranked interest {name} has no weight. Give it one, 0 if it does not count.",
            )
    return len(report.problems) == before


def _is_ranked(worth: Any) -> bool:
    return isinstance(worth, dict) and RANKS in worth
