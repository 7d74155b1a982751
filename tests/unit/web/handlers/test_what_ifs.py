"""What-ifs by hand in the workbench: answered, kept up to date, or refused to the window that asked."""

from __future__ import annotations

import pytest

from tests.unit.web.page import Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]


def test_what_ifs_by_hand_are_answered_and_kept_up_to_date(talks):
    """Any node, a cause of the case; and anew for draws that were solved since."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.until("answers")
            custom_what_ifs = {"key": "a", "do": {"threat": "threatens"}, "outcomes": ["comply"]}
            found = await page.ask("what_if", asked=custom_what_ifs)
            assert found["what_if"]["outcomes"][0]["node"] == "comply"
            assert found["columns"]["name"] == "a"
            assert found["shifts"] == {}
            assert "id" not in await other.until("what_if")
            cause = {"key": "b", "cause": "quiet", "outcomes": ["comply", "impose"]}
            assert (await page.ask("what_if", asked=cause))["what_if"][
                "title"
            ] == "the sender stays quiet"
            silent = {**custom_what_ifs, "key": "c", "announced": False}
            assert (
                "nobody is told"
                in (await page.ask("what_if", asked=silent))["what_if"]["who_knows"]
            )
            await page.ask("shift", changes={"pain": 1.0}, solve=True)
            again = await page.until(lambda m: m["type"] == "what_if" and m["shifts"])
            assert again["shifts"] == {"pain": 1.0}
            desk = (await page.ask("drop", key="a"))["shared"]
            assert [w["key"] for w in desk["what_ifs"]] == ["b", "c"]

    run(scenario())


def test_a_what_if_that_is_asked_before_there_are_answers_is_answered_with_them(talks):
    """A page that comes back to a workbench that was started again asks at once."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            custom_what_ifs = {"key": "a", "do": {"threat": "threatens"}, "outcomes": ["comply"]}
            assert bench.answering.full is None
            assert (await page.ask("what_if", asked=custom_what_ifs))["type"] == "what_if"
            assert "answers" in [m["type"] for m in page.told]

    run(scenario())


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"do": {"thraet": "threatens"}, "outcomes": ["comply"]}, "Did you mean 'threat'"),
        ({"do": {"threat": "shouts"}, "outcomes": ["comply"]}, "shouts"),
        ({"cause": "loud", "outcomes": ["comply"]}, "No cause or question is called 'loud'"),
        ({"cause": "quiet", "announced": False, "outcomes": ["comply"]}, "says itself who"),
        ({"outcomes": ["comply"]}, "Say what is changed"),
        ({"do": {"threat": "threatens"}, "outcomes": ["nothing"]}, "No node is called 'nothing'"),
    ],
)
def test_a_what_if_without_meaning_is_refused_to_who_asked(talks, asked, why):
    """In the words of the command line."""

    async def scenario():
        async with opened(talks) as bench:
            page, other = Page(bench), Page(bench)
            await page.until("answers")
            found = await page.ask("what_if", asked={"key": "a", **asked})
            assert found["type"] == "error"
            assert why in found["message"]
            assert "a" not in bench.shared.what_ifs
            assert "error" not in (await other.quiet())

    run(scenario())
