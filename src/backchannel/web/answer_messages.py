"""Messages that bring answers, whole or in part, and what is seen of a case before it is solved."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from backchannel.case.edit.operation_models import JsonContent
from backchannel.web.message_json import News, Reply
from backchannel.web.message_parts import CustomWhatIf, QuickCertificate, Shifts

# Parts of the answers document. Its models stay outside, so that reading a request imports none of them;
# `tsType` names the type that the page has for each.
AnswersPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Answers"})]
AnswerList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Answer[]"})]
BottomLineList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "BottomLine[]"})]
DrawsPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Draws"})]
DrawnWhatIfPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "DrawnWhatIf"})]
ForecastList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "NodeForecast[]"})]
NodeList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "DiagramNode[]"})]
InterestList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "DiagramInterest[]"})]
LayoutPart: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "Layout"})]
WhatIfItem: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "WhatIf"})]
WhatIfList: TypeAlias = Annotated[Any, Field(json_schema_extra={"tsType": "WhatIf[]"})]


class AnswersMessage(News):
    """A whole answers document."""

    type: Literal["answers"] = "answers"
    answers: AnswersPart
    shifts: Shifts
    """The sliders for which it was solved."""
    text_revision: int
    case_digest: str
    """The case for which it was solved."""


class PartialMessage(News):
    """What is answered so far of a document that is being solved; no draws yet, so nothing can be reweighted."""

    type: Literal["partial"] = "partial"
    answers: AnswersPart
    shifts: Shifts
    text_revision: int
    case_digest: str


class QuickMessage(News):
    """The case solved again with other numbers.

    It comes twice where the case asks what-ifs: first without them, so that forecasts are there soon.
    """

    type: Literal["quick"] = "quick"
    shifts: Shifts
    text_revision: int
    case_digest: str
    """The case for which it was solved."""
    forecasts: ForecastList
    draws: DrawsPart
    """Scores are those of the unshifted priors; the draws were taken with the sliders at `shifts`."""
    answers: AnswerList
    """Those questions that need only forecasts (and what-ifs, once `complete`)."""
    bottom_lines: BottomLineList
    """Of the same questions."""
    what_ifs: WhatIfList
    certificate: QuickCertificate
    seconds: float
    """From request to answer."""
    complete: bool


class WhatIfMessage(Reply):
    """The answer to a custom what-if."""

    type: Literal["what_if"] = "what_if"
    asked: CustomWhatIf
    what_if: WhatIfItem
    columns: DrawnWhatIfPart
    """They belong to the newest draws, of `quick` or of `answers`."""
    shifts: Shifts
    """The sliders for which it was solved."""
    case_digest: str
    """The case for which it was solved."""


class OutlineMessage(News):
    """What a text that can be read says, before anything is solved."""

    type: Literal["outline"] = "outline"
    revision: int
    """Of the text."""
    content: JsonContent
    """The keys and values of the file as they are written; keys that are numbers are text here."""
    answers: AnswersPart | None
    """Where the case has no problems: a document in which nothing is solved yet."""
    case_digest: str
    """Of that case; empty where it has problems."""


class SketchMessage(News):
    """The diagram of a text that is not checked yet, or has problems."""

    type: Literal["sketch"] = "sketch"
    revision: int
    """Of the text."""
    nodes: NodeList
    interests: InterestList
    layout: LayoutPart
