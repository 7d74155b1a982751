"""Priors and precisions as the file writes them: their forms, and what to write instead of another one."""

from __future__ import annotations

import math
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field

from backchannel.case.schema.prior_text import explain_precision, prior_from
from backchannel.language.names import ICD_203, probability_range
from backchannel.language.numbers_as_text import explain_number, is_no_finite_number
from backchannel.language.shapes import not_this

PRIOR_KINDS = {
    "between": "{between: [low, high]}",
    "beta": "{beta: [a, b]}",
    "uniform": "{uniform: [low, high]}",
    "normal": "{normal: [mean, sd]}",
    "lognormal": "{lognormal: [median, sigma]}",
    "triangular": "{triangular: [low, mode, high]}",
    "quantiles": "{quantiles: {0.05: x, 0.5: y, 0.95: z}}",
}


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
