"""Put what the record says about the players' types into the document's words."""

from __future__ import annotations

from collections.abc import Sequence

from backchannel.language.levels import type_name
from backchannel.language.names import PlayerName
from backchannel.questions.composing import Composing
from backchannel.questions.reasoning.ask import LearnedTypes, TypeShare
from backchannel.questions.reasoning.document import (
    PlayerTypesView,
    ReasoningPart,
    ReasoningView,
    TypeView,
)
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import percent
from backchannel.wording.pieces import clean
from backchannel.wording.words import Wording


def compose(composing: Composing, types: LearnedTypes) -> ReasoningPart:
    """Compose the players' types."""
    return ReasoningPart(reasoning=compose_types(composing.wording, types).players)


def compose_types(wording: Wording, types: LearnedTypes) -> ReasoningView:
    """Put the players' types into words."""
    return ReasoningView(
        case=wording.lowered.case.case,
        players=[_player(wording, name, shares) for name, shares in types.of_player.items()],
    )


def _player(wording: Wording, player: PlayerName, shares: Sequence[TypeShare]) -> PlayerTypesView:
    title = wording.player(player)
    moved = [
        f"{type_name(share.type)} from {percent(share.before)} to {percent(share.after)}"
        for share in shares
        if share.is_moved
    ]
    return PlayerTypesView(
        player=player,
        title=title,
        types=[
            TypeView(
                name=type_name(share.type),
                before=clean(share.before),
                after=clean(share.after),
                is_moved=share.is_moved,
            )
            for share in shares
        ],
        sentence=f"The record moves how {title} reasons: {and_list(moved)}." if moved else "",
    )
