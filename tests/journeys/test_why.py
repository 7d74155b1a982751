"""Why, from the command line and from a notebook."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from backchannel import Study
from backchannel.cli import main
from backchannel.language.errors import CommandError
from backchannel.questions.why.document import Why
from tests.helpers import CANAL


def run(*arguments: object):
    """Run a command in this process."""
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_the_command_explains_a_question_of_the_case():
    """Sentences, shares, a cause taken apart, and what it rests on."""
    done = run("why", CANAL, "--draws", 64, "--worlds", 8)
    assert done.exit_code == 0, done.output
    printed = " ".join(done.output.split())
    for part in ("would probably still have happened", "Caution: these numbers assume",
                 "all of these", "How it reached the outcome", "Rests on"):  # fmt: skip
        assert part in printed


def test_the_command_explains_an_outcome_given_by_hand():
    """One cause, taken apart."""
    done = run("why", CANAL, "--draws", 64, "--worlds", 8, "--outcome", "reply=fight",
               "--cause", "greed", "--apart", "greed")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "through" in done.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--outcome", "reply=fight"], "at least one --cause"),
        (["--outcome", "reply=pay", "--cause", "greed"], "did not happen"),
        (["--outcome", "parley=talk", "--cause", "greed"], "does not say what"),
        (["--question", "blam"], "Did you mean 'blame'?"),
        (["--apart", "gred"], "Did you mean 'greed'?"),
        (["--outcome", "reply=fight", "--cause", "gred"], "Did you mean 'greed'?"),
    ],
)
def test_a_question_without_an_answer_is_refused_before_anything_is_solved(options, told, capsys):
    """In the user's words, with exit code 2."""
    with pytest.raises(SystemExit) as caught:
        main([*("why", str(CANAL)), *options])
    assert caught.value.code == 2
    assert told in capsys.readouterr().err


def test_everything_wrong_with_a_question_by_hand_is_told_at_once(canal):
    """Contradictions, what never happened, and the outcome itself."""
    causes = {
        "low": {"do": {"demand": 10}},
        "high": {"do": {"demand": 50}},
        "idle": {"do": {"demand": 30}},
        "itself": {"do": {"reply": "pay"}},
    }
    with pytest.raises(CommandError) as caught:
        canal.why({"reply": "fight"}, causes=causes)
    text = str(caught.value)
    assert "demand cannot be both 10 and 50" in text
    assert "idle: it undoes nothing" in text
    assert "itself: it changes the outcome itself" in text


def test_a_notebook_gets_a_table_that_adds_up(canal):
    """One row a cause, and all together."""
    found = canal.why(worlds=8)
    table = found.to_frame()
    assert list(table["cause"]) == ["misread", "greed", "(all)"]
    shares = table["share"].to_numpy()
    assert shares[:2].sum() == pytest.approx(shares[2])
    assert "<table" in found._repr_html_()
    assert "<table" in canal.why.decompose("greed", worlds=8)._repr_html_()


def test_the_answers_document_holds_all_of_it():
    """With the facts that a picture's caption needs, and no stand-in."""
    answers = Study.load(CANAL, draws=64).answers()
    [why] = answers.whys
    assert Why.model_validate_json(why.model_dump_json()) == why
    assert [one.cause for one in why.apart] == [why.causes[0].cause]
    assert f"{why.draws:,} draws" in why.caption.rests_on
    answer = next(a for a in answers.answers if a.kind == "why")
    assert answer.sentences == why.sentences
