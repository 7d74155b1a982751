"""The answers document: everything that a run says, with everything that pictures need.

The schema has a version: a minor version adds fields, a major version changes or removes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, create_model

from backchannel.answers.background_document import (
    Assumption,
    DiagramGood,
    DiagramInterest,
    DiagramNode,
    Event,
    PlayerView,
    Rule,
    SourceUse,
    SourceView,
)
from backchannel.answers.bottom_lines_document import BottomLinesPart
from backchannel.answers.draws_document import Draws
from backchannel.answers.layout.document import Layout
from backchannel.answers.moved_sliders import MovedSlider
from backchannel.answers.vocabulary_document import Vocabulary
from backchannel.case.schema.json_schema import SCHEMA_ID
from backchannel.questions.claims.document import ClaimsPart
from backchannel.questions.deals.document import DealsPart
from backchannel.questions.forecast.document import ForecastPart
from backchannel.questions.reasoning.document import ReasoningPart
from backchannel.questions.registry import questions
from backchannel.questions.review.document import ReviewPart
from backchannel.questions.rivals.document import RivalsPart
from backchannel.questions.rounds.document import RoundsPart
from backchannel.questions.scenarios.document import ScenariosPart
from backchannel.questions.sensitivity.document import SensitivityPart
from backchannel.questions.surprise.document import SurprisePart
from backchannel.questions.trade.document import TradePart
from backchannel.questions.watch.document import WatchPart
from backchannel.questions.what_if.document import WhatIfPart
from backchannel.questions.why.document import WhyPart
from backchannel.wording.pieces import Day, Piece

if TYPE_CHECKING:
    import pandas as pd

ANSWERS_VERSION = "1.5"


class CaseHead(Piece):
    """Which case was run."""

    name: str
    title: str
    question: str
    about: str
    utility_unit: str
    as_of: Day


class Run(Piece):
    """How the case was run."""

    draws: int
    draws_asked: int
    seed: int
    seconds: float
    versions: dict[str, str]
    sliders: list[MovedSlider] = Field(
        default=[], description="Priors that sliders had moved; empty where the case is as written."
    )
    scenario: str = Field(
        default="",
        description="The title of the scenario to which the moved sliders belong; empty where there is none.",
    )
    moved: str = Field(
        default="",
        description="The moved sliders and their scenario in a sentence; empty where there are none.",
    )
    solved: Literal["all", "some", "nothing"] = Field(
        default="all",
        description="In the workbench, while the case is solved: which questions are answered so far. Where it is "
        "`nothing`, the document holds only what the case says.",
    )


class Certificate(Piece):
    """The evidence that play in the answers is equilibrium play."""

    line: str
    short: str = Field(default="", description="The same in one short line.")
    draws: int
    converged: int
    left_out: float = Field(description="Share of draws that did not converge in the case itself.")
    worst_left_out: float = Field(
        default=0.0, description="The largest such share, over the case and all changed worlds."
    )
    warning: str = Field(
        default="", description="Says that many draws are left out; empty where they are few."
    )
    worst_residual: float = Field(description="Largest gap between a rule and the logit response.")
    worst_regret: float = Field(
        description="The most that one decision could gain by another rule, in nats."
    )
    loss: dict[str, float] = Field(
        description="By player, the most that logit play loses against best replies, mean over draws."
    )
    effective_draws: float
    surprised: int = Field(description="Draws whose record is impossible in some player's model.")
    worlds: int = Field(description="Changed worlds that were solved.")
    equilibria: int = Field(description="Equilibria that were solved in total.")
    followed: int = Field(
        0, description="Draws whose branch was followed, in the case or in a belief model."
    )
    folds: int = Field(0, description="Draws, among those followed, whose branch has a fold.")
    crossed: int = Field(
        0,
        description="Draws in which other branches cross the principal one exactly; the symmetric "
        "equilibrium is shown.",
    )
    spot_checked: int = Field(description="Draws of each changed world that were certified.")


class Answer(Piece):
    """A question of the case and its answer in sentences."""

    name: str
    asks: str
    kind: Literal["forecast", "what_if", "why", "deal"]
    sentences: list[str]
    outcomes: list[str] = Field(description="The nodes that the answer is about.")
    what_ifs: list[str] = Field(
        description="Names of the what-ifs that the answer rests on, in order."
    )


class UnansweredQuestion(Piece):
    """A question that could not be answered, though the others were."""

    kind: str = Field(
        description="`why`, `deal`, `what_if`, `scenario` or `claim`; or a part of the document without an answer."
    )
    name: str = Field(
        description="The deal, claim, scenario, what-if or question of the case; empty for a whole part."
    )
    title: str
    reason: str


class Head(Piece):
    """Which case was run, how, and the answers to its questions in sentences."""

    document: Literal["backchannel-answers"] = "backchannel-answers"
    version: str = ANSWERS_VERSION
    case: CaseHead
    run: Run
    certificate: Certificate
    answers: list[Answer]
    unanswered: list[UnansweredQuestion] = Field(
        default=[], description="Questions that could not be answered, with the reasons."
    )


class Background(Piece):
    """The background of the answers."""

    assumptions: list[Assumption]
    players: list[PlayerView]
    nodes: list[DiagramNode]
    interests: list[DiagramInterest]
    diagram_goods: list[DiagramGood] = Field(
        default=[],
        description="Goods as nodes of the diagram, one for each round that they follow.",
    )
    rules: list[Rule]
    timeline: list[Event]
    sources: list[SourceView]
    source_uses: list[SourceUse] = Field(
        default=[], description="What rests on the sources, in the order of the case."
    )
    warnings: list[str]
    draws: Draws | None = Field(
        default=None, description="The draws themselves, which a page can reweight."
    )
    vocabulary: Vocabulary | None = Field(
        default=None, description="The terms that the document uses, with their limits."
    )
    layout: Layout | None = Field(default=None, description="The positions of the diagram's parts.")


# Fields of the last base come first.
class Answers(
    Background,
    WatchPart,
    SensitivityPart,
    ReasoningPart,
    SurprisePart,
    RivalsPart,
    ReviewPart,
    ClaimsPart,
    DealsPart,
    WhyPart,
    TradePart,
    ScenariosPart,
    WhatIfPart,
    RoundsPart,
    ForecastPart,
    BottomLinesPart,
    Head,
):
    """Everything that a run says: how it was run, a part for each question, and the background."""

    def to_frame(self) -> pd.DataFrame:
        """One row for each value of each node: its forecast, range over draws, and word."""
        import pandas as pd

        columns = ["probability", "low", "high", "word", "prior"]
        rows = [
            {"node": forecast.node, "value": value.value}
            | {column: getattr(value, column) for column in columns}
            for forecast in self.forecasts
            for value in forecast.values
        ]
        return pd.DataFrame(rows, columns=["node", "value", *columns])

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, float_format="{:.3f}".format)


def answers_schema() -> dict[str, Any]:
    """The JSON Schema of the document, with its version in `$id`."""
    return {
        "$schema": SCHEMA_ID,
        "$id": f"urn:backchannel:answers:{ANSWERS_VERSION}",
        **answers_model().model_json_schema(),
    }


def answers_model() -> type[Answers]:
    """The model of the document, including the parts of questions that were registered later."""
    parts = [question.part(question.document) for question in questions() if question.document]
    added = tuple(part for part in parts if not issubclass(Answers, part))
    return create_model("Answers", __base__=(*added, Answers)) if added else Answers
