"""Memory on the command line: how much there is, and what is refused before it is taken."""

import pytest
from click.testing import CliRunner

from backchannel.cli import main
from tests.large import bounded, dense, wide, written


def told(*command):
    return CliRunner().invoke(main, list(command))


@pytest.mark.slow
def test_a_case_that_checks_and_can_never_be_solved_is_refused_within_seconds(tmp_path):
    """Eighty nodes with six parents each: one table would join some forty of them."""
    path = written(tmp_path, dense(80, 6))
    assert bounded("check", path, gigabytes=2, seconds=30).returncode == 0
    done = bounded("run", path, "--draws", "64", gigabytes=6, seconds=60)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Solving the case would take about" in done.stderr
    assert "nodes at once (n0, " in done.stderr
    assert "by a derived node that summarises them" in done.stderr
    # More memory than there is on any machine is no remedy.
    assert "--memory" not in done.stderr


@pytest.mark.slow
def test_what_would_take_more_than_is_said_names_the_option(tmp_path):
    path = written(tmp_path, dense(30, 7))
    done = bounded("run", path, "--draws", "65536", "--memory", "100MB", gigabytes=6, seconds=60)
    assert done.returncode == 2
    assert "more than the 100 MB that is allowed" in done.stderr
    assert "--memory " in done.stderr


@pytest.mark.parametrize(
    "command", ["run", "forecast", "what-if", "why", "fit", "simulate", "serve"]
)
def test_every_command_that_solves_or_fits_says_how_to_allow_more(command):
    assert "--memory SIZE" in told(command, "--help").output


@pytest.mark.parametrize("size", ["much", "4", "-1GB", "1MB"])
def test_what_is_no_size_is_a_wrong_command(size, tmp_path):
    done = told("run", written(tmp_path, wide(3)), "--memory", size)
    assert done.exit_code == 2
    assert size in done.output
    assert "--memory" in done.output


def test_plays_that_would_not_fit_are_refused_and_nothing_is_written(tmp_path):
    path, out = written(tmp_path, wide(3)), tmp_path / "plays.csv"
    done = told("simulate", path, "-n", "100000000", "--out", str(out), "--memory", "1GB")
    assert done.exit_code == 2, done.output
    assert "100,000,000 plays" in done.output
    assert not out.exists()


@pytest.mark.slow
def test_draws_that_would_not_fit_are_refused(tmp_path):
    many = "".join(
        f"  u{k}: {{prior: {{uniform: [0, 1]}}, unit: u, why: {{judgement: me}}}}\n"
        for k in range(300)
    )
    path = written(tmp_path, wide(3).replace("nodes:\n", many + "nodes:\n", 1))
    done = bounded("run", path, "--draws", "1048576", "--memory", "2GB", gigabytes=6, seconds=60)
    assert done.returncode == 2
    assert "1,048,576 draws" in done.stderr
    assert "Traceback" not in done.stderr
