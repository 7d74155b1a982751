"""Put the comparison of two versions into words."""

from __future__ import annotations

import re

from backchannel.case.versions import CaseDisagreement, EntryPath
from backchannel.language.days import day, read_date
from backchannel.questions.merge.ask import Merge, MergeEffects, SwitchedGroup
from backchannel.questions.merge.document import (
    AgreedSection,
    DisagreementView,
    GroupValue,
    GroupView,
    MergeView,
    OutcomeValue,
)
from backchannel.wording.nouns import and_list
from backchannel.wording.percents import HARDLY, said_apart
from backchannel.wording.pieces import Facts, clean
from backchannel.wording.prose import in_points, several
from backchannel.wording.words import Wording, most_changed

MOST_SAID = 2
DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
MOST_NAMED = 3
"""Entries that the title of a group names."""


def compose_merge(wording: Wording, merge: Merge) -> MergeView:
    """Put a comparison of versions into words."""
    effects = merge.effects
    groups = [_group(wording, effects, group) for group in effects.groups] if effects else []
    outcome = _outcome(wording, effects) if effects else []
    return MergeView(
        first=merge.names[0],
        second=merge.names[1],
        has_base=merge.has_base,
        sentences=_sentences(wording, merge, outcome, groups),
        agreed=[
            AgreedSection(section=section, entries=count)
            for section, count in merge.versions.agreed.items()
        ],
        disagreements=[_disagreement(one) for one in merge.versions.disagreements],
        node=effects.node if effects else None,
        title=wording.node(effects.node) if effects else "",
        outcome=outcome,
        groups=groups,
        facts=_facts(effects),
    )


def _disagreement(one: CaseDisagreement) -> DisagreementView:
    return DisagreementView(
        kind=one.kind,
        where=one.where,
        first=one.first,
        second=one.second,
        in_first=one.in_first,
        in_second=one.in_second,
        changed_by=one.changed_by,
    )


def _group(wording: Wording, effects: MergeEffects, group: SwitchedGroup) -> GroupView:
    entries = [entry_words(path) for path in group.entries]
    more = len(entries) - MOST_NAMED
    named = [*entries[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
    return GroupView(
        entries=entries,
        title=and_list(named),
        distance=clean(group.distance),
        values=[
            GroupValue(
                value=value,
                label=wording.value(effects.node, value),
                share=clean(group.share[i]),
                error=clean(group.error[i]),
                alone=clean(group.alone[i]),
            )
            for i, value in enumerate(effects.domain)
        ],
    )


def entry_words(path: EntryPath) -> str:
    """An entry as a sentence names it: "parameters.bonus", "record.reply (1 April 2031)"."""
    section, *rest = path
    if section == "record" and rest:
        node, _, at = rest[0].partition(" ")
        # An entry without a node is known by all of its text.
        rest[0] = f"{node} ({day(read_date(at))})" if DATE.fullmatch(at) else rest[0]
    return ".".join([section, *rest])


def _outcome(wording: Wording, effects: MergeEffects) -> list[OutcomeValue]:
    return [
        OutcomeValue(
            value=value,
            label=wording.value(effects.node, value),
            first=clean(effects.first.mean[i]),
            second=clean(effects.second.mean[i]),
        )
        for i, value in enumerate(effects.domain)
    ]


def _sentences(
    wording: Wording, merge: Merge, outcome: list[OutcomeValue], groups: list[GroupView]
) -> list[str]:
    first, second = merge.names
    disagreements = merge.versions.disagreements
    agreed = sum(merge.versions.agreed.values())
    if not disagreements:
        return [f"“{first}” and “{second}” have the same content; only comments or layout differ."]
    by_kind = {
        kind: sum(one.kind == kind for one in disagreements)
        for kind in ("structure", "numbers", "record", "questions", "words")
    }
    counts = and_list([f"{count} in {kind}" for kind, count in by_kind.items() if count])
    sentences = [
        f"“{first}” and “{second}” agree on {several(agreed, 'entry').replace('entrys', 'entries')}, and differ in "
        f"{several(len(disagreements), 'place')}: {counts}."
    ]
    if merge.has_base:
        both = sum(one.changed_by == "both" for one in disagreements)
        sentences.append(
            "Since the base, no place was changed by both."
            if not both
            else f"Since the base, both changed {several(both, 'place')}: these are conflicts."
        )
    if merge.why_not:
        sentences.append(merge.why_not)
    if merge.effects is None:
        if not merge.why_not:
            sentences.append("Nothing that they disagree on can move a forecast.")
        return sentences
    value = most_changed(outcome, lambda value: value.second - value.first)
    title = wording.node(merge.effects.node)
    one, other = said_apart(value.first, value.second)
    sentences.append(
        f"“{title}: {value.label}” has a chance of {one} in {first}, and {other} in {second}."
    )
    for group in groups[:MOST_SAID]:
        moved = next(one for one in group.values if one.value == value.value)
        if abs(moved.share) >= HARDLY:
            direction = "up" if moved.share > 0 else "down"
            sentences.append(
                f"“{group.title}” moves it {direction} by {in_points(abs(moved.share))} (a Shapley share, ± "
                f"{in_points(2 * moved.error)})."
            )
    if all(group.distance < HARDLY for group in groups):
        sentences.append(f"No disagreement moves it by {in_points(HARDLY)} or more.")
    return sentences


def _facts(effects: MergeEffects | None) -> Facts:
    if effects is None:
        return Facts(
            shows="The places in which the versions differ.",
            rests_on="the two files",
            would_change="",
        )
    joined = (
        " Some disagreements are switched together, since a mixture of them is no valid case."
        if effects.are_merged
        else ""
    )
    return Facts(
        shows="Each disagreement's Shapley share of the difference between the two answers: what switching it adds, "
        f"averaged over all orders of switching; beside it, what it does alone in the first version.{joined}",
        rests_on=f"the first {effects.n_draws:,} draws, the same in every mixture of the versions",
        would_change="another outcome, or more draws",
    )
