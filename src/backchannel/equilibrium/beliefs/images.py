"""Images: the beliefs of each level about rules of other players that are not planned together with its own.

A player at a level believes that the others follow the rules of lower levels. Some rules of others are not solved in
the present plan: those of a player who errs and plans in its own model, and those of players who were not told of a
change or have decided already. For these, each level believes that they are the rules that players of the lower
levels would have planned in that model and at that time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from backchannel.diagram.beliefs import Viewpoint
from backchannel.equilibrium.beliefs.believed_rules import align_rule
from backchannel.equilibrium.beliefs.models import Model
from backchannel.equilibrium.reasoning.ladders import Ladders, climb_all
from backchannel.equilibrium.types import Equilibrium, LadderKey, LevelRules
from backchannel.language.names import NodeName, PlayerName

Images = dict[LadderKey, dict[NodeName, np.ndarray]]


def images_of(
    model: Model,
    about: Mapping[PlayerName, Model],
    levels: Mapping[PlayerName, Mapping[LadderKey, LevelRules]],
) -> Images:
    """Rules by level of the players who plan in another model, as they are played in this one.

    Args:
        model: The view.
        about: The models of those who plan in another.
        levels: For each of them, everyone's rules by level in its model.
    """
    images: Images = {}
    diagram = model.game.diagram
    for player, other in about.items():
        own = [d.name for d in diagram.decisions if d.player == player]
        for key, rules in levels[player].items():
            for name in own:
                if name not in model.fixed:
                    count = len(rules[name])
                    by_level = [
                        other.rule({n: rules[n][k] for n in own}, name, diagram)
                        for k in range(count)
                    ]
                    images.setdefault(key, {})[name] = np.stack(by_level)
    return images


def kept_images(
    levels: Mapping[LadderKey, LevelRules],
    names: Collection[NodeName],
    old: Model,
    model: Model,
    available: Mapping[NodeName, np.ndarray],
) -> Images:
    """Rules by level that nobody plans again, in a view that may have changed.

    Args:
        levels: The rules by level before the change.
        names: The decisions concerned.
        old: The view before.
        model: The view now.
        available: Actions left on a menu, where some were removed.
    """
    images: Images = {}
    for key, rules in levels.items():
        for name in names:
            kept = [align_rule(rule, name, old.game, model.game) for rule in rules[name]]
            kept = [without(rule, available.get(name)) for rule in kept]
            images.setdefault(key, {})[name] = np.stack(kept)
    return images


def with_levels(
    solved: Callable[[Viewpoint], tuple[Model, Equilibrium]],
    view: Viewpoint,
    believed: Mapping[PlayerName, Model],
    ladders: Ladders,
) -> Mapping[LadderKey, LevelRules]:
    """The rules by level in a solved view, worked out now where its solution did not need them.

    Args:
        solved: The model of a view, and what is played in it.
        view: The view.
        believed: The models of those who err in the case itself.
        ladders: The ladders that are needed.
    """
    model, equilibrium = solved(view)
    known = {
        key: rules
        for key, rules in equilibrium.levels.items()
        if key in ladders.means and all(len(rule) > ladders.most for rule in rules.values())
    }
    lacking = {key: mean for key, mean in ladders.means.items() if key not in known}
    if not lacking:
        return known
    about = model.about if view else believed
    levels = {player: with_levels(solved, (*view, player), believed, ladders) for player in about}
    held = {
        d.name: equilibrium.policies[d.name]
        for d in model.game.diagram.decisions
        if d.name in model.fixed or d.player in about
    }
    climbed = climb_all(
        model.game,
        Ladders(ladders.most, lacking),
        held=held,
        images=images_of(model, about, levels),
        available={},
    )
    return {**known, **{key: ladder.rules for key, ladder in climbed.items()}}


def without(rule: np.ndarray, available: np.ndarray | None) -> np.ndarray:
    """Take actions out of a rule and share their probability among the rest, in proportion."""
    if available is None:
        return rule
    left = rule * available
    total = left.sum(axis=-1, keepdims=True)
    return np.where(total > 0, left / np.where(total > 0, total, 1.0), rule)
