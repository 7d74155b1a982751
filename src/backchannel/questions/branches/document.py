"""A branch, and the equilibria of a case, with the words and numbers that a picture needs."""

from __future__ import annotations

from pydantic import Field

from backchannel.wording.pieces import Piece


class BranchLine(Piece):
    """One probability along the branch."""

    decision: str
    title: str
    where: str = Field(default="", description="The context in the words of the case.")
    context: dict[str, str | int | float]
    action: str | int | float
    label: str
    values: list[float] = Field(description="The probability at each point of the branch.")


class BranchView(Piece):
    """The principal branch of one draw."""

    caption: str
    draw: int
    t: list[float] = Field(description="Multiple of every player's own precision, by point.")
    precision: dict[str, list[float]] = Field(description="λ of each player, by point.")
    folds: list[int] = Field(description="Points after which t changes direction.")
    crossed: bool = Field(
        False,
        description="Whether other branches cross it exactly, as the game has a symmetry; it goes straight on.",
    )
    status: str
    lines: list[BranchLine]


class EquilibriumView(Piece):
    """One equilibrium of one draw."""

    draw: int
    number: int = Field(description="1 is the principal one.")
    principal: bool
    rules: dict[str, list[list[float]]] = Field(description="By decision: context by action.")


class EquilibriaView(Piece):
    """The equilibria of some draws."""

    caption: str
    draws: int
    several: int = Field(description="Draws with more than one equilibrium.")
    counts: dict[int, int] = Field(description="By number of equilibria: the number of draws.")
    methods: dict[str, int] = Field(
        description="By method that found the principal one: the number of draws."
    )
    folds: int = Field(description="Draws whose branch was followed and has a fold.")
    crossed: int = Field(
        0, description="Draws in which other branches cross the principal one exactly."
    )
    starts: int = Field(description="Starts in each draw; 0: no search was made.")
    equilibria: list[EquilibriumView]
