"""An oracle for deals whose promises may be kept at the same time, and in which players may know different things.

It lists every course of play with its probability, and imports nothing of the package. Rules are the logit
responses to conditional expectations over that list, Q(c, a) = E[worth | the deal is in force, c, a], found by
damped repetition at slowly rising precision.

    unseen:  all makers of a step act by their rules; if any of them did something else, the deal is broken
    escrow:  all makers agree or not; if one does not, the deal is broken before any of them acts
    broken:  everyone follows the rules that hold without a deal
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

Key = tuple[Any, ...]
"""A turn, and what its player sees."""
Rules = dict[Key, np.ndarray]


@dataclass(frozen=True)
class Turn:
    """One node in order of time: a decision of `player`, or chance with `odds` by what it depends on."""

    size: int
    sees: tuple[int, ...] = ()
    player: str | None = None
    odds: dict[tuple[int, ...], np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """Promised actions by turn; with `together`, the turns follow each other."""

    promises: dict[int, int]
    together: str | None = None


@dataclass(frozen=True)
class Bargain:
    """A game and a deal in it."""

    turns: tuple[Turn, ...]
    worth: dict[str, np.ndarray]
    """For each player a table over all turns."""
    precision: dict[str, float]
    steps: tuple[Step, ...] = ()
    penalty: dict[str, float] = field(default_factory=dict)
    reward: dict[str, float] = field(default_factory=dict)
    """Paid when everything has been kept."""


@dataclass(frozen=True)
class Course:
    """One course of play."""

    chance: float
    choices: tuple[tuple[Key, int], ...]
    """Choices while the deal is in force."""
    worth: dict[str, float]
    kept: tuple[bool, ...]
    """Whether each promise that came up was kept, in order of time; later ones are missing."""


def solve(game: Bargain, *, on_paper: bool = False) -> tuple[list[Course], list[Course]]:
    """Every course of play with the deal, and every one without it."""
    without = _settled(replace(game, steps=()), {}, False)
    with_deal = _settled(game, without, on_paper)
    courses = list(_courses(game, with_deal, without, on_paper))
    return courses, list(_courses(replace(game, steps=()), without, {}, False))


def expected(courses: list[Course], player: str) -> float:
    """A player's expected worth."""
    return sum(course.chance * course.worth[player] for course in courses)


def _settled(game: Bargain, broken: Rules, on_paper: bool) -> Rules:
    rules = dict(_uniform(game))
    for share in np.linspace(0.1, 1.0, 10):
        for _ in range(400):
            new = _response(game, rules, broken, on_paper, share)
            change = max(float(np.abs(new[key] - rules[key]).max()) for key in rules)
            rules = {key: 0.5 * new[key] + 0.5 * rules[key] for key in rules}
            if change < (1e-12 if share == 1.0 else 1e-3):
                break
    return rules


def _uniform(game: Bargain) -> Iterator[tuple[Key, np.ndarray]]:
    in_escrow = {t for step in game.steps if step.together == "escrow" for t in step.promises}
    for t, turn in enumerate(game.turns):
        if turn.player is not None:
            size = 2 if t in in_escrow else turn.size
            for seen in product(*(range(game.turns[s].size) for s in turn.sees)):
                yield (t, *seen), np.full(size, 1.0 / size)


def _response(game: Bargain, rules: Rules, broken: Rules, on_paper: bool, share: float) -> Rules:
    chance = {key: np.zeros(len(rule)) for key, rule in rules.items()}
    worth = {key: np.zeros(len(rule)) for key, rule in rules.items()}
    for course in _courses(game, rules, broken, on_paper):
        for key, action in course.choices:
            player = game.turns[key[0]].player
            chance[key][action] += course.chance
            worth[key][action] += course.chance * course.worth[str(player)]
    new = {}
    for key, rule in rules.items():
        if not chance[key].all():
            new[key] = rule  # never comes up while the deal is in force, or is forced
            continue
        scaled = share * game.precision[str(game.turns[key[0]].player)] * worth[key] / chance[key]
        weights = np.exp(scaled - scaled.max())
        new[key] = weights / weights.sum()
    return new


def _courses(game: Bargain, rules: Rules, broken: Rules, on_paper: bool) -> Iterator[Course]:
    step_at = {min(step.promises): step for step in game.steps}

    def key_of(t: int, history: tuple[int, ...]) -> Key:
        return (t, *(history[s] for s in game.turns[t].sees))

    def walk(
        history: tuple[int, ...],
        chance: float,
        choices: Any,
        due: dict[str, float],
        kept: Any,
        force: bool,
    ) -> Iterator[Course]:
        t = len(history)
        if t == len(game.turns):
            worth = {p: float(w[history]) - due.get(p, 0.0) for p, w in game.worth.items()}
            if force and game.steps:
                worth = {p: w + game.reward.get(p, 0.0) for p, w in worth.items()}
            yield Course(chance, choices, worth, kept)
        elif force and t in step_at:
            yield from _step(history, chance, choices, due, kept, step_at[t])
        else:
            turn, key = game.turns[t], key_of(t, history)
            row = turn.odds[key[1:]] if turn.player is None else (rules if force else broken)[key]
            for action, p in enumerate(row):
                added = ((key, action),) if force and turn.player is not None else ()
                yield from walk(
                    (*history, action), chance * p, (*choices, *added), due, kept, force
                )

    def _step(
        history: tuple[int, ...],
        chance: float,
        choices: Any,
        due: dict[str, float],
        kept: Any,
        step: Step,
    ) -> Iterator[Course]:
        makers = sorted(step.promises)
        keys = [key_of(t, history) for t in makers]
        promised = tuple(step.promises[t] for t in makers)
        is_escrow = step.together == "escrow"
        if on_paper:
            yield from walk(
                (*history, *promised), chance, choices, due, (*kept, *[True] * len(makers)), True
            )
            return
        for acts in product(*(range(len(rules[key])) for key in keys)):
            p = chance * float(np.prod([rules[key][a] for key, a in zip(keys, acts, strict=True)]))
            keeps = [
                a == (1 if is_escrow else wish) for a, wish in zip(acts, promised, strict=True)
            ]
            fines = dict(due)
            for t, keeps_it in zip(makers, keeps, strict=True):
                player = str(game.turns[t].player)
                if not keeps_it:
                    fines[player] = fines.get(player, 0.0) + game.penalty.get(player, 0.0)
            chosen = (*choices, *zip(keys, acts, strict=True))
            now = promised if all(keeps) else () if is_escrow else acts
            yield from walk((*history, *now), p, chosen, fines, (*kept, *keeps), all(keeps))

    yield from walk((), 1.0, (), {}, (), True)
