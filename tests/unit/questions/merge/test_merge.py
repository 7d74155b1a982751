"""Merge: two versions of one case, who changed what, what moves the answer, and the file that holds both."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from backchannel import CommandError, Study
from backchannel.case.edit.merged import MARK, merged_text
from backchannel.case.mixtures import groups_of
from backchannel.case.read.case_file import read_case_text
from backchannel.case.read.document import parse_document
from backchannel.case.versions import compare_versions
from tests.commands import QUICK, run
from tests.helpers import CANAL

BASE = CANAL.read_text()
WAR, HIGH, SURE = "prior: {beta: [2, 8]}", "{prior: likely", "reliability: 0.95"
ANN = BASE.replace(WAR, "prior: {beta: [3, 7]}")
BONUS = "  bonus: {prior: {between: [0.05, 0.15]}, unit: share of tolls, why: {judgement: Ben}}\n"
BEN = (
    BASE.replace(HIGH, "{prior: very likely")
    .replace(SURE, "reliability: 0.7")
    .replace("0.05 * (parley", "bonus * (parley")
    .replace("  p_high:", f"{BONUS}  p_high:")
)
DRAWS = 64


def case(text: str):
    return read_case_text(text)[0]


def study(text: str, name: str) -> Study:
    made = Study.load(text, draws=DRAWS)
    made.name = name
    return made


@pytest.fixture(scope="module")
def merge():
    return study(ANN, "ann").merge(study(BEN, "ben"), base=study(BASE, "base"))


def test_every_difference_is_listed_with_who_made_it(merge):
    """By what each side has, and what the base had."""
    found = {one.where: (one.kind, one.changed_by) for one in merge.versions.disagreements}
    assert found == {
        "parameters.war_cost.prior": ("numbers", "first"),
        "parameters.p_high.prior": ("numbers", "second"),
        "parameters.bonus": ("numbers", "second"),
        "interests.income.worth": ("structure", "second"),
        "record.reply 2031-04-01.reliability": ("record", "second"),
    }
    assert merge.versions.agreed["nodes"] == 4


def test_a_place_that_both_changed_is_a_conflict():
    both = compare_versions(case(ANN), case(BASE.replace(WAR, "prior: {beta: [1, 9]}")), case(BASE))
    assert [(one.where, one.changed_by) for one in both.disagreements] == [
        ("parameters.war_cost.prior", "both")
    ]


def test_without_a_base_nobody_is_said_to_have_changed_anything():
    found = compare_versions(case(ANN), case(BEN)).disagreements
    assert {one.changed_by for one in found} == {"unknown"}


def test_versions_with_the_same_content_agree_on_all_of_it():
    """Comments and layout do not count."""
    found = compare_versions(case(BASE), case(f"# mine\n{BASE}"))
    assert list(found.disagreements) == []


def test_what_needs_each_other_is_switched_together():
    """A worth that names a new number comes with that number."""
    versions = compare_versions(case(ANN), case(BEN))
    groups = [set(group) for group in groups_of(versions, case(ANN), case(BEN))]
    assert {("interests", "income"), ("parameters", "bonus")} in groups
    assert len(groups) == 4


def forecast(**changed: bool) -> np.ndarray:
    """The forecast of a mixture, from a file written by hand."""
    text = BASE
    if not changed.get("war"):
        text = text.replace(WAR, "prior: {beta: [3, 7]}")
    if changed.get("high"):
        text = text.replace(HIGH, "{prior: very likely")
    if changed.get("record"):
        text = text.replace(SURE, "reliability: 0.7")
    return Study.load(text, draws=DRAWS).forecast("parley").mean


def test_the_shares_are_those_of_all_orders_of_switching():
    """Shapley's definition, over files that were mixed by hand."""
    other = BASE.replace(HIGH, "{prior: very likely").replace(SURE, "reliability: 0.7")
    found = study(ANN, "ann").merge(study(other, "ben"), outcome="parley")
    names = ("war", "high", "record")
    expected = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        made: dict[str, bool] = {}
        for name in order:
            before = forecast(**made)
            made[name] = True
            expected[name] = expected[name] + (forecast(**made) - before) / 6
    by_entry = {group.entries[0][-1]: group for group in found.effects.groups}
    entries = {"war": "war_cost", "high": "p_high", "record": "reply 2031-04-01"}
    for name in names:
        np.testing.assert_allclose(by_entry[entries[name]].share, expected[name], atol=1e-9)
        alone = forecast(**{name: True}) - forecast()
        np.testing.assert_allclose(by_entry[entries[name]].alone, alone, atol=1e-9)


def test_the_shares_add_up_to_the_whole_difference(merge):
    total = sum(group.share for group in merge.effects.groups)
    whole = merge.effects.second.mean - merge.effects.first.mean
    np.testing.assert_allclose(total, whole, atol=1e-12)
    np.testing.assert_allclose(
        merge.effects.first.mean, Study.load(ANN, draws=DRAWS).forecast("parley").mean, atol=1e-12
    )


def test_the_report_says_which_disagreement_moves_the_answer(merge):
    view = merge.document()
    assert view.groups[0].entries == ["record.reply (1 April 2031)"]
    assert "“record.reply (1 April 2031)” moves it" in " ".join(view.sentences)
    assert [one.section for one in view.agreed if one.entries == 4] == ["nodes"]
    assert len(merge.to_frame()) == 5


def test_files_that_do_not_belong_together_are_refused():
    stranger = Study.load("sanctions-threat", draws=16)
    with pytest.raises(CommandError, match="are not versions of one case"):
        study(BASE, "canal").merge(stranger)


def test_the_merged_file_has_the_changes_of_both_and_keeps_comments():
    """Where only one side changed something, nobody is asked."""
    versions = compare_versions(case(ANN), case(BEN), case(BASE))
    commented = ANN.replace("parameters:\n", "parameters:  # my numbers\n")
    merged = merged_text(commented, BEN, versions, names=("ann", "ben"))
    assert merged.conflicts == ()
    by_hand = BEN.replace(WAR, "prior: {beta: [3, 7]}")
    assert case(merged.text) == case(by_hand)
    assert "# my numbers" in merged.text


def test_a_conflict_is_a_comment_above_the_entry_and_nothing_else():
    """Without a base, every difference is one; the first version stays."""
    versions = compare_versions(case(ANN), case(BEN))
    merged = merged_text(ANN, BEN, versions, names=("ann", "ben"))
    assert len(merged.conflicts) == 5
    assert parse_document(merged.text).data == parse_document(ANN).data
    lines = merged.text.splitlines()
    at = next(i for i, line in enumerate(lines) if MARK in line and "war_cost" in line)
    assert "ben has {beta: [2, 8]}" in lines[at]
    assert lines[at + 1].lstrip().startswith("war_cost:")
    assert [line for line in lines if MARK not in line] == ANN.splitlines()


def test_a_preferred_version_leaves_no_conflict():
    versions = compare_versions(case(ANN), case(BEN))
    merged = merged_text(ANN, BEN, versions, names=("ann", "ben"), prefer="second")
    assert case(merged.text) == case(BEN)


def test_windows_line_ends_stay():
    versions = compare_versions(case(ANN), case(BEN))
    text = ANN.replace("\n", "\r\n")
    merged = merged_text(text, BEN, versions, names=("ann", "ben")).text
    assert merged.count("\n") == merged.count("\r\n")


def test_words_with_control_characters_stay_on_the_line_of_their_comment():
    """A comment cannot be ended by what a version says."""
    evil = BASE.replace("case: Canal tolls", 'case: "x\\u2028\\n- evil: true\\u001b[31m"')
    versions = compare_versions(case(BASE), case(evil))
    merged = merged_text(BASE, evil, versions, names=("ann", "ben\n# x"))
    assert parse_document(merged.text).data == parse_document(BASE).data
    assert "\x1b" not in merged.text
    assert len(merged.text.splitlines()) == len(BASE.splitlines()) + 1


@pytest.fixture
def files(tmp_path):
    for name, text in (("ann", ANN), ("ben", BEN), ("base", BASE)):
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def test_the_command_compares_and_writes(files):
    """The report and the file, from the command line."""
    done = run(
        "merge", files / "ann.yaml", files / "ben.yaml", *QUICK, "--base", files / "base.yaml",
        "--out", files / "merged.yaml", "--json", files / "merge.json",
    )  # fmt: skip
    assert "Since the base, no place was changed by both." in done.stdout
    assert "4 changes taken, no conflicts" in done.stderr
    assert "fine" in run("check", files / "merged.yaml").stdout
    again = run("merge", files / "ann.yaml", files / "ben.yaml", "--out", files / "merged.yaml",
                check=2)  # fmt: skip
    assert "merged.yaml" in again.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--take", "parameters.war_cost.prior"), "name it with --out"),
        (("--out", "m.txt"), "ends in .yaml"),
        (("--out", "m.yaml", "--take", "nodes.nowhere"), "do not differ at 'nodes.nowhere'"),
        (("--out", "m.yaml", "--take", "interests.income.worth"), "m.yaml was not written"),
        (("--outcome", "parly"), "Did you mean 'parley'?"),
    ],
)
def test_a_wrong_merge_says_so_and_writes_nothing(files, monkeypatch, options, told):
    monkeypatch.chdir(files)
    before = sorted(files.iterdir())
    done = run("merge", files / "ann.yaml", files / "ben.yaml", *QUICK, *options, check=2)
    assert told in done.stderr
    assert sorted(files.iterdir()) == before
