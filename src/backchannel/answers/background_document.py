"""The background of the answers in the document: assumptions, diagram, rules, timeline, sources."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from backchannel.wording.pieces import Day, Piece


class ReasonGiven(Piece):
    """Why an assumption is made."""

    source: str
    at: str
    says: str
    judgement: str
    quotes: str = Field(default="", description="Words of the source itself.")


class Assumption(Piece):
    """An uncertain number: what is assumed, why, and its distribution given the record."""

    parameter: str
    label: str
    unit: str
    kind: Literal["parameter", "precision", "discount", "reasoning", "belief", "word", "step"]
    prior: Any = Field(description="As the case writes it.")
    median: float
    low: float
    high: float
    mean_given_record: float
    low_given_record: float
    high_given_record: float
    reasons: list[ReasonGiven]
    independent_sources: int
    weakness: str = Field(
        description="Empty, or why it is weakly supported: judgement alone, or one ungraded source."
    )


class DiagramNode(Piece):
    """A node, with what a picture needs."""

    name: str
    title: str
    about: str
    kind: Literal["chance", "decision", "derived"]
    player: str | None
    domain: list[str | int | float]
    date: Day | None
    parents: list[str]
    conditional: bool = Field(description="Whether it exists only where its `when` holds.")
    reasons: list[ReasonGiven]
    mechanism: Any = Field(
        default=None, description="Of a chance or derived node: what gives its values, as written."
    )
    numbers: list[str] = Field(default=[], description="The uncertain numbers that it depends on.")


class DiagramGood(Piece):
    """A good, which is drawn as one node; `goods` has its routes and flows."""

    name: str = Field(description="Its name in the picture; no node of the case has such a name.")
    good: str = Field(description="Its name in `goods`.")
    title: str
    round: int | None = Field(description="Of a good that follows the rounds.")
    about: str
    parents: list[str] = Field(description="The nodes that costs, capacities and demand depend on.")
    feeds: list[str] = Field(description="The nodes and interests that use its flows or prices.")


class DiagramInterest(Piece):
    """An interest, with what a picture needs."""

    name: str
    player: str
    about: str
    worth: Any
    parents: list[str]
    expected: float = Field(description="Expected worth given the record, mean over draws.")
    numbers: list[str] = Field(default=[], description="The uncertain numbers that it depends on.")
    reasons: list[ReasonGiven] = Field(default=[], description="Why the player wants it.")


class Rule(Piece):
    """The rule of a decision by context, mean over the weighted draws."""

    decision: str
    sees: list[str]
    actions: list[str | int | float]
    contexts: list[list[str | int | float]]
    probabilities: list[list[float]]


class PlayerView(Piece):
    """A player, and what it is wrong about."""

    name: str
    title: str
    about: str
    misbelieves: str
    believes: dict[str, dict[str, float]] = Field(
        description="By number that the player is wrong about: means of the true and the believed number."
    )
    reasoning: str = Field(
        default="", description="How it reasons, after its name; empty where it is at equilibrium."
    )


class Event(Piece):
    """An entry of the timeline: what happened, or will be decided, on a day."""

    date: Day
    node: str
    title: str
    kind: Literal["recorded", "open", "past"]
    value: str | int | float | None
    source: str
    reliability: float | None
    at: str = Field(default="", description="Where in the source.")


class SourceView(Piece):
    """A source as the case gives it."""

    name: str
    title: str
    author: str
    date: Day | None
    reported: Day | None
    url: str
    grade: str
    grade_in_words: str
    same_as: str
    has_file: bool = Field(
        default=False,
        description="Whether the case names a file with its text, which is no part of the answers.",
    )


class SourceUse(Piece):
    """Something that rests on a source: a number, an entry of the record, a claim, a part of the game."""

    source: str
    at: str
    paragraphs: list[int] = Field(
        description="The paragraphs that `at` names, from 1; may be empty."
    )
    part: str = Field(
        description="The part of the case: `parameters`, `record`, `claims`, `players`, `nodes`, `interests`, ..."
    )
    name: str = Field(description="Its name in that part; of an entry of the record, the node.")
    title: str
    says: str
    quotes: str
    path: list[str | int] = Field(description="Where it stands in the case file.")
