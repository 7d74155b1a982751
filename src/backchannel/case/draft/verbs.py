"""Verbs of bargaining and force, in every form in which a text can have them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

VERBS = """
abandon abstain accept accuse admit agree aid align ally annex announce answer appeal apologize approve arm arrest attack
back ban bargain blackmail block blockade boycott cancel capture cease challenge close coerce commit comply concede
condemn confirm confront cooperate court defect defend defy delay deliver demand denounce deploy deport deter discard
dismiss donate ease end endorse engage enter escalate evacuate exchange execute expand expel extend facilitate fund
grant guarantee halt help host ignore impose imprison increase insist intercept intervene invade invest
investigate invite isolate jail join kill launch liberate lift limit lobby lower mediate mobilize move negotiate
normalize nominate obstruct occupy offer open oppose order oust overthrow pardon patrol penalize pledge postpone press
pressure promise propose protect protest prosecute publish punish purge raid ratify recall reciprocate recognize
reconcile reduce refuse reinforce reject release relent remove renege reopen repeal reroute resign resist resolve respond
restore restrict resume retaliate return reveal sabotage sanction signal slow smuggle stall supply support surrender
suspend switch tax terminate threaten trade transfer urge use veto visit vote vow warn welcome
""".split()  # fmt: skip
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
