"""Read the priors of the case file as distributions."""

from __future__ import annotations

import itertools
import math
from typing import Any

from backchannel.language.distributions import (
    Beta,
    LogitNormal,
    Lognormal,
    Normal,
    Quantiles,
    Triangular,
    Uniform,
    between,
)
from backchannel.language.names import ICD_203, did_you_mean, probability_range
from backchannel.language.numbers_as_text import explain_number, with_points
from backchannel.language.priors import Fixed, Prior

DEFAULT_PRECISION = {"between": [4.0, 16.0]}
"""Prior of a precision that the file does not give: an option that is better by a tenth of the utility
unit is chosen with odds between 3 to 2 and 5 to 1."""


def prior_from(raw: Any, *, probability: bool = False) -> Prior:
    """Make a distribution from a prior of the file.

    Args:
        raw: A number, an ICD 203 word, or a mapping of one kind to its numbers.
        probability: The number must stay between 0 and 1.

    Raises:
        ValueError: It is not a valid prior; the message says why.
    """
    if isinstance(raw, str):
        return _word(raw)
    if isinstance(raw, int | float):
        _require(math.isfinite(raw), f"{raw} is not a finite number.")
        _require(
            not probability or 0 <= raw <= 1,
            f"{raw} is not a probability: it must lie between 0 and 1.{_share_of_100(raw)}",
        )
        return Fixed(float(raw))
    kind, given = next(iter(raw.items()))
    _require(
        all(map(math.isfinite, filter(_is_number, _numbers_in(given)))),
        "the numbers of a distribution must be finite. An infinite precision is written `inf`.",
    )
    if kind == "quantiles":
        return _quantiles(given, probability)
    size = 3 if kind == "triangular" else 2
    _require(
        isinstance(given, list) and len(given) == size and all(map(_is_number, given)),
        f"{kind} needs {size} numbers in brackets, such as {EXAMPLES[kind]}.{_what_is_given(given, size)}",
    )
    a, b, c = (*map(float, given), 0.0)[:3]
    if kind == "between":
        _require(a < b, f"between: [{a:g}, {b:g}] is empty; put the lower end first.")
        _require(
            not probability or (a > 0 and b < 1),
            "a probability must lie between 0 and 1, ends excluded.",
        )
        return between(a, b, probability=probability)
    if kind == "beta":
        _require(a > 0 and b > 0, "beta needs two numbers above 0.")
        return Beta(a, b)
    if kind == "uniform":
        _require(a < b, f"uniform: [{a:g}, {b:g}] is empty; put the lower end first.")
        _require(not probability or (a >= 0 and b <= 1), "a probability must lie between 0 and 1.")
        return Uniform(a, b)
    if kind == "triangular":
        _require(a <= b <= c and a < c, "triangular needs [low, mode, high] in rising order.")
        _require(not probability or (a >= 0 and c <= 1), "a probability must lie between 0 and 1.")
        return Triangular(a, b, c)
    _require(
        not probability,
        f"{kind} can leave the range 0 to 1. Use between, uniform, beta or quantiles.",
    )
    if kind == "normal":
        _require(b > 0, "normal needs [mean, standard deviation], the second above 0.")
        return Normal(a, b)
    _require(a > 0 and b > 0, "lognormal needs [median, sigma of the logarithm], both above 0.")
    return Lognormal(a, b)


EXAMPLES = {
    "between": "{between: [0.2, 0.6]}",
    "beta": "{beta: [2, 3]}",
    "uniform": "{uniform: [0, 1]}",
    "normal": "{normal: [0, 1]}",
    "lognormal": "{lognormal: [2, 0.5]}",
    "triangular": "{triangular: [0, 1, 3]}",
}


def _what_is_given(given: Any, size: int) -> str:
    """Say what stands there instead of the numbers."""
    if not isinstance(given, list):
        return ""
    texts = [explain_number(entry) for entry in given if isinstance(entry, str)]
    if any(texts):
        return next(text for text in texts if text)
    others = [entry for entry in given if not _is_number(entry)]
    if others:
        return f" {_named(others[0])} is no number."
    pairs = with_points(given) if len(given) == 2 * size else ""
    if pairs:
        return f" Write numbers with a point: {pairs}."
    return (
        f" There {'is' if len(given) == 1 else 'are'} {len(given)}." if len(given) != size else ""
    )


def _named(value: Any) -> str:
    """Name a part of a list that is no number."""
    if isinstance(value, list | dict):
        return "A list" if isinstance(value, list) else "What stands in braces"
    if value is None:
        return "An empty part"
    return f"'{str(value).lower() if isinstance(value, bool) else value}'"


def _share_of_100(raw: float) -> str:
    return f" Write {raw / 100:.10g} for {raw:g}%." if 1 < raw <= 100 else ""


def explain_precision(value: str, *, may_be_infinite: bool = True) -> str:
    """Say why a text is no precision, and what to write."""
    forms = "one number, or inf" if may_be_infinite else "or one number"
    meant = explain_number(value)
    if meant:
        return f"should be a number without signs or quotes, not '{value}'.{meant}"
    return (
        f"should be a number of at least 0, not '{value}'. Precision says how sharply a player picks the better "
        f"option. Write a range such as {{between: [4, 16]}}, {forms}."
    )


def precision_from(raw: Any) -> Prior:
    """Make the prior of a precision, which may also be `inf`.

    Raises:
        ValueError: It is not a valid prior; the message says why.
    """
    if raw in ("inf", math.inf):
        return Fixed(math.inf)
    return prior_from(raw)


def is_never_negative(prior: Prior) -> bool:
    """Say whether a distribution has no mass below 0, as a precision must."""
    return prior.at(1e-6) >= 0


def _word(word: str) -> LogitNormal:
    ends = probability_range(word)
    if ends is None:
        raise ValueError(
            f"'{word}' is not an ICD 203 word.{did_you_mean(word, list(ICD_203))} "
            f"The words are: {', '.join(ICD_203)}."
        )
    return LogitNormal(*ends)


def _quantiles(given: Any, probability: bool) -> Quantiles:
    good = isinstance(given, dict) and len(given) >= 2
    good = good and all(_is_number(share) and _is_number(x) for share, x in given.items())
    _require(good, "quantiles needs at least two, as in {0.05: 1, 0.5: 2, 0.95: 5}.")
    stated = [(float(share), float(number)) for share, number in given.items()]
    rising = all(p[0] < q[0] and p[1] < q[1] for p, q in itertools.pairwise(stated))
    _require(
        rising and all(0 <= share <= 1 for share, _ in stated),
        "quantiles must rise, and their shares must lie between 0 and 1 (0 and 1 state the lowest and the "
        "highest number).",
    )
    ends = dict(stated)
    points = tuple((share, number) for share, number in stated if 0 < share < 1)
    _require(
        len(points) >= 2,
        "quantiles needs two shares between 0 and 1. If only the lowest and the highest number are known, "
        "write uniform or triangular.",
    )
    low, high = ends.get(0.0), ends.get(1.0)
    if probability:
        low, high = (0.0 if low is None else low), (1.0 if high is None else high)
        inside = all(0 < number < 1 for _, number in points) and low >= 0 and high <= 1
        _require(inside, "a probability must lie between 0 and 1.")
    if low is None:
        low = 0.0 if points[0][1] > 0 else -math.inf
    return Quantiles(points, low, math.inf if high is None else high)


def _numbers_in(given: Any) -> list[Any]:
    if isinstance(given, dict):
        return [*given, *given.values()]
    return given if isinstance(given, list) else [given]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _require(good: bool, message: str) -> None:
    if not good:
        raise ValueError(message)
