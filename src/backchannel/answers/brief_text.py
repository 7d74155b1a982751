"""Make the texts of a brief safe: without control characters, and without markup in Markdown.

Names and titles come from the case, which somebody else may have written. In Markdown they could
load a picture from another site, hide a link behind other words, or insert HTML.
"""

from __future__ import annotations

import re
from dataclasses import replace

from backchannel.answers.brief import Brief
from backchannel.language.visible import in_one_line

_MARKUP = re.compile(r"[\\`*\[\]<>|~]|&(?=[#\w]+;)|(?<!\w)_|_(?!\w)")
_LINE_START = re.compile(r"^(?:([#+\-=])|(\d{1,9})([.)])(?= ))")
_ADDRESS = re.compile(r"\b(https?|ftp|mailto|javascript|data|www)([:.])", re.IGNORECASE)


def shown(brief: Brief) -> Brief:
    """Put every text of a brief on one line, without control characters.

    Word documents cannot hold control characters at all.
    """
    values = [
        value.model_copy(update={"label": in_one_line(value.label)})
        for value in brief.figure.values
    ]
    title = in_one_line(brief.figure.title)
    figure = brief.figure.model_copy(update={"title": title, "values": values})
    return replace(
        brief,
        title=in_one_line(brief.title),
        subtitle=in_one_line(brief.subtitle),
        lines=_pairs(brief.lines),
        hinges=_each(brief.hinges),
        review=_each(brief.review),
        certificate=in_one_line(brief.certificate),
        further=_pairs(brief.further),
        bottom_line=_each(brief.bottom_line),
        expected=_each(brief.expected),
        why=_each(brief.why),
        change=_each(brief.change),
        confidence=_each(brief.confidence),
        figure=figure,
        caption=in_one_line(brief.caption),
    )


def in_markdown(text: str) -> str:
    r"""Escape a text so that Markdown shows it as it is, without link, picture, HTML, list or heading.

    >>> print(in_markdown("![see](https://a.b) of usa_offer *x* <b>"))
    !\[see\](https\://a.b) of usa_offer \*x\* \<b\>
    >>> print(in_markdown("# 1"), in_markdown("2. no"))
    \# 1 2\. no
    """
    text = _MARKUP.sub(r"\\\g<0>", text)
    # Many Markdown readers turn a bare address into a link.
    text = _ADDRESS.sub(r"\1\\\2", text)
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", text)


def _each(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(in_one_line(text) for text in texts)


def _pairs(lines: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((in_one_line(asks), in_one_line(line)) for asks, line in lines)
