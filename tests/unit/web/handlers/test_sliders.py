"""Sliders in the workbench: the newest setting counts, and every answer says its setting."""

from __future__ import annotations

import pytest

from tests.unit.web.page import CASE, Page, opened, run, solver_in_threads, talks

__all__ = ["solver_in_threads", "talks"]


def test_moving_a_slider_solves_the_case_with_that_prior(talks):
    """The same forecast as a case file with the prior written out, and ranks in the prior as it was."""
    from backchannel.study import Study

    async def scenario():
        async with opened(talks, draws=64) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"p_firm": 1.0}, solve=True)
            first = await page.until("quick")
            assert not first["complete"]
            assert first["what_ifs"] == []
            quick = await page.until("quick")
            assert quick["complete"]
            assert [w["name"] for w in quick["what_ifs"]] == ["threatened"]
            assert [a["name"] for a in quick["answers"]] == ["next", "threatened"]
            changes = await page.ask("changes", what="shifts")
            lines = changes["diff"].splitlines()
            written = next(x for x in lines if x.startswith("+  p_firm"))
            text = CASE.replace(
                "{between: [0.3, 0.7]}", written.split("prior: ")[1].split(", unit")[0]
            )
            expected = [
                Study.load(text, draws=64).forecast(node).document()
                for node in ("resolve", "comply")
            ]
            for node in expected:
                ours = next(f for f in quick["forecasts"] if f["node"] == node.node)
                for one, other in zip(ours["values"], node.values, strict=True):
                    assert one["probability"] == pytest.approx(other.probability, abs=2e-4)
            import base64

            import numpy as np

            drawn = {a["parameter"]: a for a in quick["draws"]["assumptions"]}
            ranks = np.frombuffer(base64.b64decode(drawn["p_firm"]["scores"]), "<u2") / 65535
            assert np.median(ranks) == pytest.approx(0.8413, abs=0.02)

    run(scenario())


def test_a_burst_of_a_hundred_ends_on_the_last_in_every_window(talks):
    """Also where another window moves the same slider before."""

    async def scenario():
        async with opened(talks) as bench:
            one, other = Page(bench), Page(bench)
            await one.until("answers")
            await other.ask("shift", changes={"pain": -2.0}, solve=True)
            for i in range(1, 101):
                one.send("shift", changes={"pain": i / 100}, solve=True)
            for page in (one, other):
                last = await page.quiet()
                assert last["shared"]["shared"]["shifts"] == {"pain": 1.0}
                assert last["quick"]["shifts"] == {"pain": 1.0}
                assert last["quick"]["complete"]
            solved = [m["shifts"]["pain"] for m in other.told if m["type"] == "quick"]
            assert len(solved) < 100, "requests that came too late to matter were not solved"
            revisions = [m["shared"]["revision"] for m in other.told if m["type"] == "shared"]
            assert revisions == sorted(revisions)
            acknowledged = {m["id"] for m in one.told if m["type"] == "shared" and "id" in m}
            assert acknowledged == set(range(1, 101))

    run(scenario())


def test_sliders_that_come_back_bring_the_whole_answers_back(talks):
    """Nothing is solved for what exists already."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 1.0}, solve=True)
            await page.quiet()
            before = len(page.told)
            await page.ask("reset", what="shifts")
            await page.quiet()
            after = [m["type"] for m in page.told[before:]]
            assert "answers" in after
            assert "quick" not in after

    run(scenario())


@pytest.mark.slow
def test_all_answers_say_with_which_sliders_they_were_solved_and_the_cases_own_come_back(talks):
    """In the message, in the document and in the report; putting the slider back solves the case as written."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            own = await page.until("answers")
            assert own["answers"]["run"]["sliders"] == []
            await page.ask("shift", changes={"pain": 3.0})
            await page.ask("refresh")
            moved = await page.until("answers")
            assert moved["shifts"] == {"pain": 3.0}
            said = moved["answers"]["run"]
            assert [one["parameter"] for one in said["sliders"]] == ["pain"]
            assert "1 slider moved" in said["moved"]
            prior = {a["parameter"]: a["median"] for a in own["answers"]["assumptions"]}
            given = {a["parameter"]: a["median"] for a in moved["answers"]["assumptions"]}
            assert given == prior, "the prior is that of the file"
            assert said["sliders"][0]["median_as_written"] == pytest.approx(prior["pain"])
            full = bench.answering.full
            assert full is not None
            (report,) = await bench.answering.tasks.run("report", {}, full.document)
            assert "1 slider moved" in report
            for back in ("reset", "shift"):
                changes = {"what": "shifts"} if back == "reset" else {"changes": {"pain": None}}
                await page.ask(back, **changes)
                last = await page.quiet()
                assert last["answers"]["shifts"] == {}
                assert last["answers"]["answers"]["run"]["moved"] == ""
                assert last["answers"]["answers"]["whys"] == own["answers"]["whys"]
                await page.ask("shift", changes={"pain": 3.0})
                await page.ask("refresh")
                await page.until(lambda m: m["type"] == "answers" and m["shifts"])

    run(scenario())


def test_sliders_put_back_while_everything_is_solved_with_them_leave_no_other_answers(talks):
    """What is being solved is not wanted any more, or is followed by what is."""

    async def scenario():
        async with opened(talks) as bench:
            page = Page(bench)
            await page.until("answers")
            await page.ask("shift", changes={"pain": 3.0})
            await page.ask("refresh")
            await page.ask("reset", what="shifts")
            last = await page.quiet()
            assert last["answers"]["shifts"] == {}
            assert bench.answering.full is not None
            assert not bench.answering.full.request.shifts

    run(scenario())
