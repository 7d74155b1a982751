"""Verbs of bargaining and force, in every form in which a text can have them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from backchannel.case.draft.lexicon import ordered_words

VERBS = ordered_words("verbs")
IRREGULAR = {
    "beg": "begs begged begging",
    "break": "breaks broke broken breaking",
    "bomb": "bombs bombed bombing",
    "buy": "buys bought buying",
    "call": "calls called calling",
    "come": "comes came coming",
    "cut": "cuts cutting",
    "drop": "drops dropped dropping",
    "fight": "fights fought fighting",
    "forbid": "forbids forbade forbidden forbidding",
    "free": "frees freed freeing",
    "give": "gives gave given giving",
    "hold": "holds held holding",
    "keep": "keeps kept keeping",
    "leave": "leaves left leaving",
    "meet": "meets met meeting",
    "pay": "pays paid paying",
    "quit": "quits quitting",
    "seek": "seeks sought seeking",
    "sell": "sells sold selling",
    "send": "sends sent sending",
    "ship": "ships shipped shipping",
    "sign": "signs signed signing",
    "speak": "speaks spoke spoken speaking",
    "stop": "stops stopped stopping",
    "strike": "strikes struck striking",
    "sue": "sues sued suing",
    "take": "takes took taken taking",
    "wait": "waits waited waiting",
    "withdraw": "withdraws withdrew withdrawn withdrawing",
    "withhold": "withholds withheld withholding",
    "yield": "yields yielded yielding",
}
DOUBLED = frozenset(("ban", "commit", "expel", "patrol"))
"""Verbs whose last letter is doubled before an ending."""


@cache
def base_forms() -> Mapping[str, str]:
    """By each form of each verb, its base form.

    >>> [base_forms()[form] for form in ("released", "imposes", "complied", "struck", "banning")]
    ['release', 'impose', 'comply', 'strike', 'ban']
    """
    forms: dict[str, str] = {}
    for verb in VERBS:
        for form in _regular(verb):
            forms[form] = verb
    for verb, written in IRREGULAR.items():
        for form in (verb, *written.split()):
            forms[form] = verb
    return forms


@cache
def past_forms() -> frozenset[str]:
    """Forms that can tell of something that happened: those in -ed and the irregular ones."""
    regular = {form for form in base_forms() if form.endswith("ed")}
    irregular = {form for written in IRREGULAR.values() for form in written.split()}
    return frozenset(regular | {form for form in irregular if not form.endswith(("s", "ing"))})


def _regular(verb: str) -> tuple[str, ...]:
    if verb in DOUBLED:
        stem = verb + verb[-1]
        return verb, f"{verb}s", f"{stem}ed", f"{stem}ing"
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    ending = "es" if verb.endswith(("s", "sh", "ch", "x")) else "s"
    return verb, f"{verb}{ending}", f"{verb}ed", f"{verb}ing"
