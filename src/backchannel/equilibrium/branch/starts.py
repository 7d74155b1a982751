"""Starts of a search for equilibria: play of several kinds, the same in every draw.

A sweep forgets the rule that it replaces first, and beliefs about a player with private types do not
move when all types are tilted alike. So some starts have *leaders*: decisions that keep their rules
until the others have responded to them. Four kinds take turns:

1. *Cells*: every decision is tilted at random, each context by itself; nobody leads. Where a player has
   private types, such tilts average out: to the others it looks like a coin toss.
2. *Decisions*: one decision after the other leads, tilted in all contexts the same way.
3. *Players*: one player after the other leads: all of its decisions are tilted towards the actions
   that are listed first, or last.
4. *Pure*: one player after the other leads, and takes one action at each of its decisions in all
   contexts: by turns (almost) for certain, and with small errors.

Tilts of the second and third kind are spread evenly over all mixtures (a Halton sequence). A start depends
on its number and on the seed alone: identical draws start alike, and more starts only add to fewer.

Source: Halton (1960) for the sequence; Cranley & Patterson (1976) for its shift by the seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from jaxtyping import Float

from backchannel.equilibrium.types import Policies
from backchannel.language.names import NodeName, PlayerName

SPREAD = 3.0
"""Standard deviation of the log-odds that a tilt of a cell gives."""
EDGE = 1e-3
"""Least distance of a tilt from certainty."""
CERTAIN = (30.0, 6.0)
"""Log-odds of the action that pure play takes: (almost) for certain, and with small errors."""
KINDS = ("cells", "decisions", "players", "pure")
"""Kinds of starts, in the order in which they take turns."""

MenuTables = Mapping[NodeName, Float[np.ndarray, "1 ..."]]
"""Which actions each decision has in each context, as 0 and 1."""


@dataclass(frozen=True)
class StartingPlay:
    """Play to start from."""

    play: Policies
    """Every rule; axis 0 has length 1, or runs over the draws of the game."""
    leaders: frozenset[NodeName] = frozenset()
    """Decisions that keep their rules until the others have responded."""


def make_start(
    number: int, *, menus: MenuTables, owner: Mapping[NodeName, PlayerName], seed: int
) -> StartingPlay:
    """Make one start of the schedule.

    Args:
        number: Its number, from 0.
        menus: Actions of every decision.
        owner: Who makes each free decision.
        seed: Another seed gives other starts.
    """
    turn, kind = divmod(number, len(KINDS))
    if KINDS[kind] == "cells":
        rng = np.random.default_rng((seed, number))
        cells = {name: SPREAD * rng.normal(size=menu.shape) for name, menu in menus.items()}
        return StartingPlay({name: _rule(cells[name], menu) for name, menu in menus.items()})
    # Whose turn it is first depends on the seed too: there may be fewer starts than leaders.
    alone = KINDS[kind] == "decisions"
    candidates = sorted(owner) if alone else sorted(set(owner.values()))
    order = np.random.default_rng(seed).permutation(len(candidates))
    visit, position = divmod(turn, len(candidates))
    leader = candidates[order[position]]
    leaders = [name for name in menus if leader == (name if alone else owner.get(name))]
    sizes = {name: menus[name].shape[-1] for name in leaders}
    shift = np.random.default_rng((seed, kind, int(order[position])))
    if KINDS[kind] == "pure":
        tilts = _pure(sizes, visit, seed)
    elif alone:
        # Exponential numbers over their sum: every mixture is as likely as any other.
        shares = _halton(visit, shift.uniform(size=sizes[leader]))
        tilts = {leader: np.log(-np.log(shares))}
    else:
        (share,) = _halton(visit, shift.uniform(size=1))
        slope = np.log(share / (1.0 - share)) / 2.0
        tilts = {name: slope * np.linspace(1.0, -1.0, n) for name, n in sizes.items()}
    play = {
        name: _rule(tilts.get(name, np.zeros(menu.shape[-1])), menu) for name, menu in menus.items()
    }
    return StartingPlay(play, frozenset(leaders))


def _pure(
    sizes: Mapping[NodeName, int], visit: int, seed: int
) -> dict[NodeName, Float[np.ndarray, " action"]]:
    """Log-odds of a pure profile of some decisions; none is repeated before all were taken."""
    profiles = prod(sizes.values())
    rest = (visit + seed) % profiles
    tilts = {}
    for name, size in sizes.items():
        rest, action = divmod(rest, size)
        tilts[name] = CERTAIN[(visit + visit // profiles) % len(CERTAIN)] * (
            np.arange(size) == action
        )
    return tilts


def _halton(number: int, shift: Float[np.ndarray, " axis"]) -> Float[np.ndarray, " axis"]:
    """A point of the Halton sequence, shifted, strictly between 0 and 1."""
    primes: list[int] = []
    candidate = 2
    while len(primes) < len(shift):
        if all(candidate % prime for prime in primes):
            primes.append(candidate)
        candidate += 1
    point = np.zeros(len(shift))
    for axis, prime in enumerate(primes):
        rest, weight = number, 1.0 / prime
        while rest:
            rest, digit = divmod(rest, prime)
            point[axis] += digit * weight
            weight /= prime
    return np.clip((point + shift) % 1.0, EDGE, 1.0 - EDGE)


def _rule(tilt: Float[np.ndarray, ...], menu: Float[np.ndarray, "1 ..."]) -> np.ndarray:
    weights = np.exp(tilt - tilt.max(axis=-1, keepdims=True)) * menu
    return weights / weights.sum(axis=-1, keepdims=True)
