"""Keys of interventions: causes, rivals and what-ifs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from backchannel.case.schema.beliefs import CorrectionText, MechanismEntry
from backchannel.case.schema.parts import (
    AnnouncementText,
    CaseEntry,
    NamesOrOne,
    Scalar,
    Words,
    plain_number,
)
from backchannel.case.schema.reasoning import (
    ReasoningChangeText,
)
from backchannel.case.schema.written_names import Name, NodeRef


class SeesChange(CaseEntry):
    """Nodes that a decision sees in addition, or no longer sees."""

    add: list[Words] = []
    drop: list[Words] = []


class InterventionEntry(CaseEntry):
    """An intervention, and who learns of it when."""

    title: Words = ""
    about: Words = ""
    do: dict[NodeRef, Scalar] = {}
    parameters: dict[Words, Annotated[float, plain_number("a number", may_be_infinite=True)]] = {}
    mechanisms: dict[NodeRef, MechanismEntry] = {}
    remove: dict[NodeRef, list[Scalar]] = {}
    sees: dict[NodeRef, SeesChange] = {}
    beliefs: dict[Name, CorrectionText] = Field(
        {},
        description="`PLAYER: true_case` corrects what a player believes; `PLAYER: {OTHER: true_case}` "
        "what it thinks that another player believes.",
    )
    reasoning: dict[Name, ReasoningChangeText] = Field(
        {}, description="By player, how it would have reasoned: `{level: 2}` or `equilibrium`."
    )
    announced: AnnouncementText = True
    told: list[Words] | None = None


class RivalEntry(InterventionEntry):
    """Another structure of the case: the keys of an intervention, as if it had always been so."""

    order: list[Words] = Field([], description="Two decisions, in the order of the rival.")
    drop_interest: NamesOrOne = Field([], description="Interests that nobody has in the rival.")


class CauseEntry(InterventionEntry):
    """An intervention that undoes a cause, with two names: what happened, and its absence."""

    title: Words = Field(
        "",
        description="With `undone`: what happened, as after “because”. Alone: its absence, as after “if”.",
    )
    undone: Words = Field("", description="The absence of what happened, as after “if”.")

    @model_validator(mode="after")
    def _has_two_names(self) -> CauseEntry:
        if self.undone and not self.title:
            raise ValueError(
                "has `undone` and no `title`. Say in `title` what happened, as a clause: the offer was a token."
            )
        if self.undone and self.undone == self.title:
            raise ValueError(
                "has the same `title` and `undone`. `title` says what happened, `undone` what would have been "
                "without it, both as clauses: the offer was a token, the offer had been full."
            )
        for key, words in (("title", self.title), ("undone", self.undone)):
            first, _, rest = words.partition(" ")
            article = "an" if key == "undone" else "a"
            if self.undone and rest and first.lower() in ("if", "because"):
                raise ValueError(
                    f"has {article} `{key}` that begins with “{first}”. Leave the word out: {rest}."
                )
        return self


class ScenarioEntry(InterventionEntry):
    """A scenario: sliders of assumptions and changes of the case under one name."""

    title: Words = Field("", description="Its name in words, such as: a hard winter.")
    sliders: dict[Words, Annotated[float, plain_number("a number")]] = Field(
        {},
        description="By parameter, the number around which it is believed to lie: its prior becomes half as wide.",
    )
    causes: NamesOrOne = Field(
        [], description="Causes of the case whose interventions belong to the scenario."
    )
