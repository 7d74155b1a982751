"""Types that many keys of the case file share: text, values, names, priors, reasons, weights."""

from __future__ import annotations

import json
import keyword
import math
import re
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from backchannel.case.schema.prior_text import explain_precision, prior_from
from backchannel.language.calls import FUNCTIONS
from backchannel.language.days import day_hint, read_date, read_day, read_month_or_day
from backchannel.language.lookalikes import explain_lookalikes
from backchannel.language.names import ICD_203, ROUND_SIGN, probability_range
from backchannel.language.numbers_as_text import explain_number, is_no_finite_number
from backchannel.language.shapes import not_this

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

LONGEST_SHOWN = 60
"""Characters of a text that a remedy repeats."""

_ROUND = re.compile(r"[0-9]{1,4}(\.\.([0-9]{1,4})?)?|prev")

PRIOR_KINDS = {
    "between": "{between: [low, high]}",
    "beta": "{beta: [a, b]}",
    "uniform": "{uniform: [low, high]}",
    "normal": "{normal: [mean, sd]}",
    "lognormal": "{lognormal: [median, sigma]}",
    "triangular": "{triangular: [low, mode, high]}",
    "quantiles": "{quantiles: {0.05: x, 0.5: y, 0.95: z}}",
}


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError("should be text" + _not_a_truth(value))


def _scalar(value: Any) -> str | int | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("should be a word or a number" + _not_a_truth(value))
    return value


def _expression(value: Any) -> str | int | float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("should be an expression in quotes, or a number" + not_this(value))
    return value


def plain_number(
    says: str,
    *,
    least: float = float("-inf"),
    above: float = float("-inf"),
    most: float = float("inf"),
    is_whole: bool = False,
    may_be_infinite: bool = False,
) -> BeforeValidator:
    """Check a number, and say in plain words what is wrong with it.

    Args:
        says: What it should be, as it goes on after "should be".
        least: The smallest number that is allowed.
        above: The largest number that is too small.
        most: The largest number that is allowed.
        is_whole: Only whole numbers are allowed.
        may_be_infinite: `inf` is allowed.
    """

    def check(value: Any) -> float:
        number = _number_of(value)
        infinite = number is not None and math.isinf(number)
        if number is None or math.isnan(number) or (infinite and not may_be_infinite):
            hint = explain_number(value) if isinstance(value, str) else ""
            raise ValueError(f"should be {says}{not_this(value)}{hint}")
        if not (least <= number <= most and number > above) or (is_whole and number % 1):
            raise ValueError(f"should be {says}, not {value}.")
        return int(number) if is_whole else number

    return BeforeValidator(check)


def _number_of(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _not_a_truth(value: Any) -> str:
    if value is None:
        return "; it is empty."
    if isinstance(value, list | tuple | dict):
        return not_this(value)
    return f", not {str(value).lower()}. Put it in quotes." if isinstance(value, bool) else "."


ANY_NAME = "any name"
"""Key of a validation context in which names may be of any form, so that the rest can be checked."""


def _name(value: str, info: ValidationInfo) -> str:
    if info.context and info.context.get(ANY_NAME):
        return value
    if not _NAME.fullmatch(value):
        raise ValueError(
            f"'{value}' is not a valid name: use the letters a to z, digits and _, and begin with a letter."
            + (explain_lookalikes(value) or _name_like(value))
        )
    if (
        keyword.iskeyword(value)
        or value in FUNCTIONS
        or value in {"P", "E", "best", "rest", "table"}
    ):
        raise ValueError(
            f"'{value}' has a meaning of its own in expressions and cannot be a name. Write {value}_1, for "
            "example."
        )
    return value


def _name_like(value: str) -> str:
    plain = re.sub(r"\W+", "_", value, flags=re.ASCII).strip("_")
    return f" Write {plain}, for example." if _NAME.fullmatch(plain) else ""


def _node_ref(value: str, info: ValidationInfo) -> str:
    base, sign, number = value.partition(ROUND_SIGN)
    _name(base, info)
    if sign and not _ROUND.fullmatch(number):
        raise ValueError(
            f"'{value}' is not a valid round: write {base}@3, {base}@3..6 or {base}@3.."
        )
    return value


def prior(value: Any) -> Any:
    """Check the form of a prior and return it unchanged."""
    kinds = "a number, an ICD 203 word, or one of " + ", ".join(PRIOR_KINDS.values())
    if isinstance(value, str) and not probability_range(value):
        meant = explain_number(value)
        if meant:
            raise ValueError(f"should be a number without signs or quotes, not '{value}'.{meant}")
        if is_no_finite_number(value):
            raise ValueError(f"should be a finite number, not '{value}'.")
    if isinstance(value, bool) or value in (None, ""):
        raise ValueError(
            f"should be a prior{not_this(None if value == '' else value)} Write {kinds}."
        )
    if isinstance(value, dict) and (len(value) != 1 or next(iter(value)) not in PRIOR_KINDS):
        raise ValueError(f"should be a prior: {kinds}.")
    if isinstance(value, list):
        raise ValueError(
            f"should say which kind of range this is. For a 90% interval write {{between: {value}}}."
        )
    prior_from(value)
    return value


def number_prior(value: Any) -> Any:
    """Check the form of a prior of a number that is no probability, so that no word can mean it."""
    if isinstance(value, str) and probability_range(value):
        raise ValueError(
            f"should be a number or a range, not '{value}', which is a range of probabilities. Write "
            "{between: [low, high]} or one number."
        )
    return prior(value)


def precision(value: Any) -> Any:
    """Check the form of a precision: a prior, or `inf`."""
    if value in ("inf", ".inf", math.inf):
        return "inf"
    if isinstance(value, str):
        raise ValueError(explain_precision(value))
    return prior(value)


def finite_precision(value: Any) -> Any:
    """Check the form of a precision that cannot be `inf`."""
    if isinstance(value, str):
        raise ValueError(explain_precision(value, may_be_infinite=False))
    return prior(value)


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


def _names_or_one(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _reasons(value: Any) -> Any:
    """Take one reason as a list of one; a text is no reason, as it says neither source nor judgement."""
    entries = value if isinstance(value, list) else [value]
    for entry in entries:
        if isinstance(entry, str | int | float) and not isinstance(entry, bool):
            raise ValueError(
                "should say whose judgement it is, or cite a source. Write "
                f"{{judgement: {_as_text(entry)}}}, or {{source: NAME, says: {_as_text(entry)}}} with a name "
                "from `sources`."
            )
    if value is None:
        raise ValueError(
            "is empty. Write {judgement: my estimate}, or {source: NAME} with a name from `sources`."
        )
    return _listed(value)


def _as_text(value: Any) -> str:
    text = str(value)
    if len(text) > LONGEST_SHOWN:
        text = f"{text[:LONGEST_SHOWN]} ..."
    return json.dumps(text, ensure_ascii=False) if re.search(r"[,:#{}\[\]\"']", text) else text


def _announcement(value: Any) -> Any:
    if isinstance(value, bool) or value == "start" or isinstance(value, date):
        return value
    hint = ""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            hint = day_hint(value)
        if value.lower() in ("true", "false", "yes", "no"):
            hint = (
                f" Write {'true' if value.lower() in ('true', 'yes') else 'false'} without quotes."
            )
    raise ValueError(
        "should be true (announced when it happens), a day (YYYY-MM-DD), start, or false"
        f"{not_this(value)}{hint}"
    )


Day: TypeAlias = Annotated[date, BeforeValidator(read_day, json_schema_input_type=date)]
DayOrMonth: TypeAlias = Annotated[
    date,
    BeforeValidator(read_date),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}(-\d{2})?$",
            "description": "A day, or a month.",
        }
    ),
]
"""A month counts as its last day."""
FirstDay: TypeAlias = Annotated[
    date,
    BeforeValidator(read_month_or_day),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}(-\d{2})?$",
            "description": "A month, or its first day.",
        }
    ),
]
"""A month counts as its first day."""
Words: TypeAlias = Annotated[str, BeforeValidator(_words)]
Scalar: TypeAlias = Annotated[
    Any, BeforeValidator(_scalar), Field(json_schema_extra={"type": ["string", "number"]})
]
ValueKey: TypeAlias = Annotated[
    Any, BeforeValidator(_scalar), Field(json_schema_extra={"type": ["string", "number"]})
]
"""A value of a node as the key of a mapping."""
BareNumber: TypeAlias = Annotated[Any, Field(json_schema_extra={"type": "number"})]
"""A number; what is none is refused where its limits are known."""
ExpressionText: TypeAlias = Annotated[
    Any,
    BeforeValidator(_expression),
    Field(json_schema_extra={"type": ["string", "number"], "description": "An expression."}),
]
Name: TypeAlias = Annotated[str, BeforeValidator(_words), AfterValidator(_name)]
NodeRef: TypeAlias = Annotated[str, BeforeValidator(_words), AfterValidator(_node_ref)]
"""A node; a node that repeats may name one round or several."""
PRIOR_SCHEMA: list[Any] = [
    {"type": "number"},
    {"enum": list(ICD_203)},
    {
        "type": "object",
        "properties": {kind: {"type": ["array", "object"]} for kind in PRIOR_KINDS},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    },
]
PriorText: TypeAlias = Annotated[
    Any, BeforeValidator(prior), Field(json_schema_extra={"anyOf": PRIOR_SCHEMA})
]
PrecisionText: TypeAlias = Annotated[
    Any,
    BeforeValidator(precision),
    Field(json_schema_extra={"anyOf": [{"const": "inf"}, *PRIOR_SCHEMA]}),
]
NumberPriorText: TypeAlias = Annotated[
    Any,
    BeforeValidator(number_prior),
    Field(json_schema_extra={"anyOf": [PRIOR_SCHEMA[0], PRIOR_SCHEMA[2]]}),
]
"""A prior of a number that is no probability."""
FinitePrecisionText: TypeAlias = Annotated[
    Any,
    BeforeValidator(finite_precision),
    Field(json_schema_extra={"anyOf": [PRIOR_SCHEMA[0], PRIOR_SCHEMA[2]]}),
]
Weights: TypeAlias = dict[ValueKey, Any]
"""By value, an expression, an ICD 203 word or `rest`; or a table of such mappings."""
AnnouncementText: TypeAlias = Annotated[
    Any,
    BeforeValidator(_announcement),
    Field(
        json_schema_extra={
            "anyOf": [{"type": "boolean"}, {"type": "string", "format": "date"}, {"const": "start"}]
        }
    ),
]
NamesOrOne: TypeAlias = Annotated[
    list[Words], BeforeValidator(_names_or_one, json_schema_input_type=str | list[str])
]


QuotationText: TypeAlias = Annotated[
    str,
    BeforeValidator(_words),
    Field(
        description="Words of the source itself, checked against its `file`; `...` stands for words left out."
    ),
]


class CaseEntry(BaseModel):
    """A mapping in the case file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonEntry(CaseEntry):
    """A reason: a place in a source, or somebody's judgement."""

    source: Words = ""
    at: Words = Field("", description="Place in the source: a page or paragraph.")
    says: Words = Field("", description="What the source says there, in your own words.")
    quotes: QuotationText = ""
    judgement: Words = Field("", description="Whose judgement it is, and on what grounds.")

    @model_validator(mode="after")
    def _is_one_kind(self) -> ReasonEntry:
        if bool(self.source) == bool(self.judgement):
            raise ValueError("needs exactly one of `source` and `judgement`.")
        if self.quotes and not self.source:
            raise ValueError("has `quotes`, which only a reason with a `source` can have.")
        return self


Reasons: TypeAlias = Annotated[
    list[ReasonEntry],
    BeforeValidator(_reasons, json_schema_input_type=ReasonEntry | list[ReasonEntry]),
]
