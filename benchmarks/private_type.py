"""The stress game: three players, a private type, payoffs so wide that most branches fold."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np

from backchannel.diagram.diagram import Diagram
from backchannel.diagram.nodes import Chance, Decision, Interest
from backchannel.language.expressions import parse
from benchmarks.registry import Figure, timed

ABOUT = "the stress game with a private type: every branch followed to precision 5 and 12"

PLAYERS = ("us", "by", "eu")
WORTHS = {
    "us": "3 * us_weight * (release + 0.7 * second) - 1.6 * relief - 1.1 * shock * relief"
    " - 0.8 * max(0, offer - relief) * (0.5 + release) + 0.03 * offer",
    "by": "3 * by_weight * (0.7 + 0.8 * need) * relief * (0.6 + 0.4 * opening) - 1.3 * release"
    " - second + 0.5 * opening",
    "eu": "1.2 * eu_weight * (release + second) - 0.9 * opening * (1 - release) - 0.3 * stance"
    " + 0.8 * opening * second - 0.6 * relief * shock + 0.4 * stance * release"
    " - 0.5 * opening * need",
}


def private_type(*, full: bool) -> Diagram:
    """A bargain in two rounds, in which one side alone knows how much it needs relief.

    An offer, a release, a third player's stance, a shock, relief, a second release and an opening:
    all of it seen by everyone who moves later, but for the need.

    Args:
        full: Three levels of offer, release and relief instead of two (864 paths instead of 256).
    """
    levels = (0, 0.5, 1) if full else (0, 1)
    either = (0, 1)
    spelled = (
        ("us", "offer", levels, ()),
        ("by", "release", levels, ("need", "offer")),
        ("eu", "stance", either, ("offer", "release")),
        ("us", "relief", levels, ("offer", "release", "stance", "shock")),
        ("by", "second", either, ("need", "offer", "release", "stance", "shock", "relief")),
        ("eu", "opening", either, ("offer", "release", "stance", "shock", "relief", "second")),
    )
    day = {name: i for i, name in enumerate(("need", "offer", "release", "stance", "shock"))}
    day |= {"relief": 5, "second": 6, "opening": 7}
    start = date(2030, 1, 1)
    chances = (
        Chance("need", either, {0: parse("0.6"), 1: parse("0.4")}, date=start),
        Chance(
            "shock",
            either,
            {0: parse("0.65 + 0.2 * stance"), 1: parse("0.35 - 0.2 * stance")},
            date=start + timedelta(days=day["shock"]),
        ),
    )
    decisions = tuple(
        Decision(name, domain, player, start + timedelta(days=day[name]), sees)
        for player, name, domain, sees in spelled
    )
    interests = tuple(Interest(f"{who}_worth", who, parse(text)) for who, text in WORTHS.items())
    return Diagram(PLAYERS, (*chances, *decisions), interests)


def numbers(
    precision: float, draws: int | None = None, *, seed: int = 0
) -> Mapping[str, np.ndarray]:
    """Weights uniform between 0.6 and 1.4; in one draw the default ones, if `draws` is left out."""
    if draws is None:
        weights = np.array([[1.0, 0.9, 0.8]])
    else:
        weights = np.random.default_rng(seed).uniform(0.6, 1.4, (draws, 3))
    found = {f"{player}_weight": weights[:, i] for i, player in enumerate(PLAYERS)}
    return found | {f"{player}.precision": np.full(len(weights), precision) for player in PLAYERS}


def measure(draws: int = 1000) -> Iterator[Figure]:
    """Set-up with compilation, then a thousand draws at each precision."""
    from backchannel.equilibrium.branch.follow import follow
    from backchannel.equilibrium.types import Task
    from backchannel.tensors.compile_game import compile_game

    diagram = private_type(full=True)
    first = Task(compile_game(diagram, numbers(1.0, 64, seed=1)))
    began = time.perf_counter()
    follow(first)
    yield Figure("set-up and compilation", time.perf_counter() - began, "s", "at most 8")
    for precision, target in ((1, ""), (3, ""), (5, "at most 3"), (8, ""), (12, "at most 8")):
        task = Task(compile_game(diagram, numbers(precision, draws)))
        found = follow(task)
        seconds = timed(lambda task=task: follow(task), repeat=2)
        folded = (found.folds > 0).mean()
        note = f"{found.converged.sum()} converged, {folded:.1%} fold before"
        yield Figure(f"{draws:,} draws at precision {precision}", seconds, "s", target, note)
