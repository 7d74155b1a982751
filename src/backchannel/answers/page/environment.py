"""The templates of the report, with automatic escaping, and the words and formats that they use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, FunctionLoader, PackageLoader, StrictUndefined

from backchannel.answers.page import views
from backchannel.language.days import day
from backchannel.questions.deals.gain_sentences import gain_text
from backchannel.questions.deals.sentences import promise_condition, requirement_text
from backchannel.questions.registry import questions
from backchannel.questions.review.lessons import LESSONS_NOTE, lesson_parts, lesson_title
from backchannel.questions.rivals.sentences import factor_range, factor_text, marginal_text
from backchannel.questions.rivals.terminal import notes
from backchannel.questions.rounds.sentences import number_text, signed_text
from backchannel.questions.scenarios.compose import compared_with, slider_sentence
from backchannel.questions.sensitivity.sentences import one_in, range_text, short_number
from backchannel.questions.trade.sentences import (
    amount_change_text,
    amount_text,
    price_change_text,
    price_text,
)
from backchannel.wording.chance import NONE_STANDS_OUT, NONE_STANDS_OUT_BRIEF, reach_of_chance
from backchannel.wording.dates import since
from backchannel.wording.left_out import (
    bounds_text,
    counted,
    left_out_warning,
    percent_span,
    point_span,
    verdict_text,
    with_bounds,
)
from backchannel.wording.percents import (
    change_in_points,
    percent,
    percent_range,
    points,
    said,
    shown_ends,
)


@cache
def environment() -> Environment:
    """Make the environment: an undefined name is an error, and all text is escaped."""
    made = Environment(
        loader=ChoiceLoader(
            [PackageLoader("backchannel.answers.page", "templates"), FunctionLoader(_of_question)]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "since": since,
        "day": lambda when: day(when) if isinstance(when, date) else "",
        "percent": percent,
        "said": said,
        "points": points,
        "number": short_number,
        "signed": gain_text,
        "count": number_text,
        "change": signed_text,
        "amount": amount_text,
        "amount_change": amount_change_text,
        "price": price_text,
        "price_change": price_change_text,
        "one_in": one_in,
        "reach_of_chance": reach_of_chance,
        "sentence": sentence,
        "decimals": lambda number, digits: with_minus(f"{number:.{digits}f}"),
        "two": lambda number: with_minus(f"{number:.2f}"),
        "plus": lambda number: with_minus(f"{number:+.2f}"),
        "css_text": css_text,
    }
    made.globals |= {
        "none_stands_out": NONE_STANDS_OUT,
        "none_stands_out_brief": NONE_STANDS_OUT_BRIEF,
    }
    made.globals |= {"scenario_sliders": slider_sentence, "scenarios_compared_with": compared_with}
    made.globals |= {"rival_factor": factor_text, "rival_notes": notes}
    made.globals |= {"lesson_parts": lesson_parts, "lesson_title": lesson_title}
    made.globals |= {"lessons_note": LESSONS_NOTE}
    made.globals |= {"rival_marginal": marginal_text, "rival_range": factor_range}
    made.globals |= {"range_text": range_text, "requirement_text": requirement_text, "views": views}
    made.globals["promise_condition"] = promise_condition
    spans = (percent_range, percent_span, point_span, with_bounds, bounds_text, verdict_text)
    changes = (change_in_points, shown_ends)
    made.globals |= {said.__name__: said for said in (*spans, *changes, counted, left_out_warning)}
    return made


def _of_question(name: str) -> tuple[str, None, Callable[[], bool]] | None:
    """Load a template of a question, such as `why/section.html`, from the question's folder.

    The compiled template is kept for as long as the question has the same text: another question may
    be registered under the same name.
    """
    text = _text_of(name)
    return None if text is None else (text, None, lambda: _text_of(name) == text)


def _text_of(name: str) -> str | None:
    room, _, file = name.partition("/")
    for question in questions():
        if question.name == room and question.section:
            return question.section_text() if file == "section.html" else question.text(file)
    return None


def sentence(text: Any) -> str:
    """Turn a phrase into a sentence.

    >>> sentence("the priors"), sentence("")
    ('The priors.', '')
    """
    text = str(text).strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def with_minus(text: str) -> str:
    """Write a minus sign for a hyphen, and no sign before a zero.

    >>> with_minus("-0.13"), with_minus("-0.00"), with_minus("+0.00")
    ('−0.13', '0.00', '0.00')
    """
    return text.lstrip("+-") if not float(text) else text.replace("-", "−")


def css_text(title: str) -> str:
    """Write a column's title as a CSS string; all but letters and digits are escaped.

    >>> css_text(">5–95%")
    '"5\\\\2013 95\\\\25 "'
    """
    plain = (c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in title.lstrip(">"))
    return f'"{"".join(plain)}"'
