"""Bottom lines in the answers document: each question's answer in a sentence, and what the answers hinge on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backchannel.wording.pieces import ChanceLevel, Influence, Piece


class ConfidenceReason(Piece):
    """What keeps confidence from being higher."""

    criterion: str
    level: Literal["low", "moderate"] = Field(description="The level that it allows.")
    text: str = Field(description="A clause that follows “because”.")


class BottomLine(Piece):
    """The answer to one question of the case, and its confidence: a sentence each, of at most 40 words."""

    name: str = Field(
        description="The question; empty for the forecast that a case without questions gets."
    )
    kind: Literal["forecast", "what_if", "why", "deal"]
    title: str = Field(description="The question in words.")
    sentence: str = Field(
        description="The answer; if there is none, why the question could not be answered."
    )
    of: str = Field(default="", description="What the number is about.")
    unit: Literal["probability", "points", "number"] = Field(
        default="probability",
        description="A probability, a change of one, or a number of the case.",
    )
    number: float | None = Field(default=None, description="Null where the question has no answer.")
    low: float | None = Field(default=None, description="5% of the weighted draws lie below.")
    high: float | None = Field(default=None, description="5% of the weighted draws lie above.")
    other_extreme: float | None = Field(
        default=None,
        description="Of a counterfactual: the number with independent random shocks, the other extreme of what no "
        "record can show.",
    )
    confidence: Literal["low", "moderate", "high"] | None = Field(
        default=None,
        description="By the rule in `vocabulary.confidence`; separate from probability.",
    )
    because: str = Field(
        default="", description="The confidence and its reason, the second part of the answer."
    )
    reasons: list[ConfidenceReason] = Field(
        default=[], description="Every criterion that lowers confidence, those that decide first."
    )
    hinges_on: list[Influence] = Field(
        default=[],
        description="The assumptions that stand out in moving the number, strongest first.",
    )
    chance_level: ChanceLevel = None
    node: str = Field(
        default="", description="The node that the number is about, if it is about one."
    )
    value: str | int | float | None = Field(default=None, description="The value of that node.")
    what_if: str = Field(default="", description="The what-if that the number is part of.")


class HingeMove(Piece):
    """How much of the spread of one bottom line an assumption explains."""

    line: int = Field(description="Number of the bottom line, from 1.")
    share: float
    direction: float


class Hinge(Piece):
    """An assumption on which bottom lines hinge."""

    parameter: str
    label: str
    support: Literal["well", "fairly", "weakly"] = Field(description="How well it is supported.")
    rests_on: str = Field(description="The best of what it rests on.")
    moves: list[HingeMove] = Field(description="The bottom lines that it moves, in their order.")


class BottomLinesPart(Piece):
    """The bottom lines, and what they hinge on."""

    bottom_lines: list[BottomLine] = Field(
        default=[], description="One for each question: forecasts, what-ifs, whys, deals."
    )
    hinges: list[Hinge] = Field(
        default=[], description="What the bottom lines hinge on, the strongest first."
    )
