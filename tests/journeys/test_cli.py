"""The command line, end to end, as a user meets it."""

from __future__ import annotations

import json

import pytest

from backchannel.answers.document import Answers
from tests.commands import QUICK, run, run_alone
from tests.helpers import CANAL


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """`run` on the canal case: what it prints, and the document that it writes."""
    path = tmp_path_factory.mktemp("run") / "answers.json"
    done = run_alone("run", CANAL, "--seed", "3", "--draws", "128", "--json", path)
    return done, path


def test_run_opens_with_a_sentence_for_each_question_and_stops(ran):
    """Then what the answers hinge on, and the certificate in one line."""
    out = ran[0].stdout
    order = [
        "Canal tolls",
        "\n1. ",
        "\n2. ",
        "\n3. ",
        "What the answers hinge on",
        "Certificate. All 128 draws are solved",
        "--full",
    ]
    places = [out.index(piece) for piece in order]
    assert places == sorted(places)
    assert out.count("Confidence: ") == 3
    assert len(out.splitlines()) < 40
    assert not [piece for piece in ("What next\n", "What if (changes", "1 claim: ") if piece in out]
    assert "\x1b[" not in out


def test_run_prints_everything_on_request():
    """All sentences and tables, and the rule for confidence, below the same lines."""
    short = run("run", CANAL, *QUICK).stdout
    out = run("run", CANAL, *QUICK, "--full").stdout
    assert out.startswith(short[: short.index("Certificate. ")])
    for piece in (
        "What next",
        "What if (changes in points)",
        "Claims",
        "1 claim: ",
        "hinges on",
        "How confidence is judged",
        "draws, all converged",
        "recomputed independently",
    ):
        assert piece in out


def test_the_document_holds_what_was_printed_and_fits_its_schema(ran):
    """It validates, and its numbers are those of the table."""
    answers = Answers.model_validate_json(ran[1].read_text())
    parley = next(f for f in answers.forecasts if f.node == "parley")
    talk = next(v for v in parley.values if v.value == "talk")
    assert f"{100 * max(v.probability for v in parley.values):.0f}%" in ran[0].stdout
    assert sum(v.probability for v in parley.values) == pytest.approx(1)
    assert sum(talk.histogram) == pytest.approx(1)
    assert talk.low <= talk.probability <= talk.high
    assert {a.parameter for a in answers.assumptions} >= {
        "war_cost",
        "aria.p_high",
        "aria.precision",
    }
    assert all(a.reasons for a in answers.assumptions if a.kind == "parameter")
    assert [event.node for event in answers.timeline][:3] == ["resolve", "demand", "reply"]
    assert answers.certificate.worst_residual < 1e-9
    assert {node.kind for node in answers.nodes} == {"chance", "decision"}
    assert answers.rules[0].probabilities


@pytest.mark.slow
def test_the_same_seed_writes_the_same_document(ran, tmp_path):
    """But for the seconds that it took. Both in processes of their own: this one compiles in another way."""
    again = tmp_path / "again.json"
    run_alone("run", CANAL, "--seed", "3", "--draws", "128", "--json", again)
    one, two = json.loads(ran[1].read_text()), json.loads(again.read_text())
    for document in (one, two):
        document["run"].pop("seconds")
        document["certificate"].pop("line")
        document["certificate"].pop("short")
    assert one == two


def test_new_writes_a_case_that_checks_and_runs(tmp_path):
    """The newcomer's first three commands."""
    run("new", "talks", cwd=tmp_path)
    assert "fine" in run("check", "talks.yaml", cwd=tmp_path).stdout
    assert "Will they be freed?" in run("run", "talks.yaml", *QUICK, cwd=tmp_path).stdout


def test_new_never_overwrites(tmp_path):
    """What somebody wrote is not lost."""
    (tmp_path / "talks.yaml").write_text("mine")
    assert "exists already" in run("new", "talks", cwd=tmp_path, check=2).stderr
    assert (tmp_path / "talks.yaml").read_text() == "mine"


def test_forecast_what_if_and_claims_print_their_tables():
    """One question each."""
    assert "wait" in run("forecast", CANAL, "parley", *QUICK).stdout
    told = run("what-if", CANAL, "--do", "demand=10", "--outcome", "reply", *QUICK).stdout
    assert "if" in told
    assert "“demand: 10” holds" in told
    assert "everyone learns of the change when it happens" in " ".join(told.split())
    silent = run(
        "what-if", CANAL, "--do", "demand=10", "--announced", "false", "--outcome", "reply", *QUICK
    ).stdout
    assert "nobody is told" in silent
    named = run("what-if", CANAL, "--cause", "greed", "--outcome", "reply", *QUICK).stdout
    assert "“demand: 10” holds" in named
    assert "Aria overreached" in run("claims", CANAL, *QUICK).stdout


def test_schema_and_cases_print():
    """For editors, and for the curious."""
    assert json.loads(run_alone("schema").stdout)["title"] == "Backchannel case"
    assert json.loads(run("schema", "--answers").stdout)["title"] == "Answers"
    assert "belarus-2025" in run("cases").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run", "nowhere.yaml"], 2, "There is no file 'nowhere.yaml'"),
        (["run", "belarus-2026"], 2, "Did you mean 'belarus-2025'"),
        (["forecast", CANAL, "parly", *QUICK], 2, "Did you mean 'parley'"),
        (["what-if", CANAL, "--outcome", "reply"], 2, "Say what is changed"),
        (["what-if", CANAL, "--do", "demand=15", "--outcome", "reply", *QUICK], 2, "cannot be '15'"),
        (["what-if", CANAL, "--do", "demand", "--outcome", "reply", *QUICK], 2, "not of the form NODE=VALUE"),
        (["what-if", CANAL, "--cause", "gred", "--outcome", "reply", *QUICK], 2, "mean 'greed'"),
        (["what-if", CANAL, "--do", "demand=10", "--outcome", "reply", "--announced", "soon", *QUICK],
         2, "should be true"),
        (["run", CANAL, "--draws", "0"], 2, "from 2 to 1,048,576, not 0"),
        (["run", CANAL, "--json", "no/such/folder/a.json"], 2, "cannot be written"),
        (["frecast", CANAL], 2, "No such command"),
        (["check", CANAL.parent.parent / "broken" / "unknown_names.yaml"], 1, "6 problems."),
        (["run", CANAL.parent.parent / "broken" / "unknown_names.yaml"], 1, "Nothing was run."),
    ],
)  # fmt: skip
def test_a_mistake_is_met_with_a_remedy_and_an_exit_code(arguments, code, message):
    """1: the case is wrong; 2: the command is wrong; and never a traceback."""
    done = run(*arguments, check=code)
    assert message in done.stderr
    assert done.stdout == ""


def test_exit_codes_and_messages_reach_the_shell():
    """A process ends with what the command said."""
    broken = CANAL.parent.parent / "broken" / "unknown_names.yaml"
    assert "6 problems." in run_alone("check", broken, check=1).stderr
    assert "No such command" in run_alone("frecast", CANAL, check=2).stderr


@pytest.mark.slow
def test_too_few_converged_draws_exit_with_3(tmp_path):
    """Precisions at which the sweep cycles: no answer is made up from the few that settled."""
    path = tmp_path / "pennies.yaml"
    path.write_text(PENNIES)
    assert "converged to an equilibrium" in run_alone("run", path, "--draws", "16", check=3).stderr


PENNIES = """\
case: Pennies
utility_unit: one penny
as_of: 2030-01-01
players:
  even: {name: Even, precision: 4000}
  odd: {name: Odd, precision: 4000}
nodes:
  left: {player: even, domain: [heads, tails], at: 2030-01-02}
  right: {player: odd, domain: [heads, tails], at: 2030-01-03}
interests:
  match: {player: even, worth: "(left == right) * (1 + (left == 'heads'))"}
  mismatch: {player: odd, worth: "left != right"}
"""


def test_an_impossible_record_names_its_entry(tmp_path):
    """And how to mend it."""
    path = tmp_path / "canal.yaml"
    text = CANAL.read_text().replace(
        "odds: {high: p_high, low: 1 - p_high}", "odds: {high: 1, low: 0}"
    )
    entry = "record:\n  - {node: resolve, value: low, date: 2031-01-01, source: gazette}\n"
    path.write_text(
        text.replace("record:\n", entry).replace(
            "aria: {parameters: {p_high: unlikely}}", "aria: {parameters: {war_cost: 0.1}}"
        )
    )
    done = run("run", path, *QUICK, check=1)
    assert "resolve = low (2031-01-01) cannot happen" in done.stderr


def test_a_mechanism_that_breaks_only_in_some_draws_is_told_with_the_draw(tmp_path):
    """`check` tries corners; a run looks at every draw, and says which numbers broke it."""
    path = tmp_path / "canal.yaml"
    kink = "probability: {high: 0.4 + 0.7 * (0.6 < p_high and p_high < 0.66), low: rest}"
    path.write_text(CANAL.read_text().replace("odds: {high: p_high, low: 1 - p_high}", kink))
    assert "fine" in run("check", path).stdout
    done = run("run", path, *QUICK, check=1)
    assert "nodes.resolve: the mechanism would give a probability outside 0 to 1" in done.stderr
    assert "with p_high = 0.6" in done.stderr


def test_help_has_an_example_everywhere():
    """Nobody should have to guess."""
    assert "Example" in run_alone("--help").stdout
    for command in ("run", "check", "new", "forecast", "what-if", "claims", "schema", "cases"):
        assert "Example" in run(command, "--help").stdout
