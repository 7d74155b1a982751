"""Compose the document of a ledger: runs, the course of each forecast, outcomes, scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backchannel.ledger.checked import read_value
from backchannel.ledger.document import (
    CalibrationRow,
    LedgerView,
    LoggedRun,
    ScoreRow,
    Track,
    TrackOutcome,
    TrackPoint,
    ViewComparisonView,
    ViewRow,
)
from backchannel.ledger.ledger import Ledger
from backchannel.ledger.outcomes import ResolvedOutcome
from backchannel.ledger.score_report import ForecastScore, ScoreReport
from backchannel.ledger.scores import score
from backchannel.ledger.sentences import not_counted, score_caption
from backchannel.ledger.view_sentences import comparison_title, difference_sentences, weight_text
from backchannel.ledger.views import ViewComparison
from backchannel.wording.pieces import clean, clean_or_none

MOST_RUNS = 400
"""Runs of a case that are shown: the last ones."""
HINDCASTS = "“Count hindcasts”"
"""What the box on the page is called that counts late forecasts."""


def compose_ledger(
    path: Path, case_name: str, *, for_all: bool = False, hindcasts: bool = False
) -> LedgerView:
    """Say what a ledger holds of one case.

    Args:
        path: The file of the ledger; one that is not there holds nothing.
        case_name: The case, by its name in the ledger.
        for_all: Whether to score every case of the ledger, and not this one alone.
        hindcasts: Whether forecasts that were logged after their outcome count.

    Raises:
        CommandError: The file is not a ledger, is damaged, or cannot be read.
    """
    ledger = Ledger(path) if path.exists() else None
    report = ledger and score(
        ledger, case_name=None if for_all else case_name, hindcasts=hindcasts, learns=True
    )
    runs = [run for run in ledger.runs() if run["case_name"] == case_name] if ledger else []
    shown = runs[-MOST_RUNS:]
    return LedgerView(
        path=str(path),
        exists=ledger is not None,
        case_name=case_name,
        runs=[_run(run) for run in reversed(shown)],
        runs_in_all=len(runs),
        tracks=_tracks(ledger, case_name, first=shown[0]["id"]) if ledger and shown else [],
        is_for_all=for_all,
        hindcasts=hindcasts,
        scores=_scores(report) if report else [],
        calibration=_calibration(report) if report else [],
        comparisons=[_comparison(compared) for compared in report.comparisons] if report else [],
        weight=_weight(report) if report else "",
        not_counted=not_counted(report, hindcasts=HINDCASTS) if report else [],
        caption=score_caption(report.total) if report and report.total else "",
    )


def _run(run: dict[str, Any]) -> LoggedRun:
    return LoggedRun(
        run=run["id"],
        withdrawn=run["withdrawn"] or "",
        **{
            key: run[key]
            for key in (
                "logged_at", "as_of", "by", "forecasts", "draws", "seed", "version", "case_hash",
            )
        },
    )  # fmt: skip


def _tracks(ledger: Ledger, case_name: str, *, first: int) -> list[Track]:
    """The course of every node's forecast, in runs that count, from a first run on."""
    rows = ledger.rows(
        "SELECT r.id AS run, r.as_of, f.id AS forecast, f.node, f.title, f.due, f.resolves, c.value, "
        "c.probability, c.low, c.high FROM chances c JOIN forecasts f ON f.id = c.forecast "
        "JOIN runs r ON r.id = f.run LEFT JOIN withdrawals w ON w.run = r.id "
        "WHERE r.case_name = ? AND r.id >= ? AND w.run IS NULL "
        "ORDER BY r.logged_at, f.id, c.place",
        (case_name, first),
    )
    by_node: dict[str, dict[int, list[dict[str, Any]]]] = {}
    for row in rows:
        by_node.setdefault(row["node"], {}).setdefault(row["forecast"], []).append(row)
    outcomes = {outcome.node: outcome for outcome in ledger.outcomes(case_name)}
    tracks = [
        _track(list(forecasts.values()), outcomes.get(node)) for node, forecasts in by_node.items()
    ]
    return sorted(tracks, key=lambda track: (track.due is None, str(track.due)))


def _track(forecasts: list[list[dict[str, Any]]], outcome: ResolvedOutcome | None) -> Track:
    last = forecasts[-1]
    values = [row["value"] for row in last]
    points = []
    for chances in forecasts:
        known = {row["value"]: row for row in chances}
        columns = {
            key: [clean(known[value][key]) if value in known else None for value in values]
            for key in ("probability", "low", "high")
        }
        points.append(
            TrackPoint(
                run=chances[0]["run"],
                as_of=chances[0]["as_of"],
                probabilities=columns["probability"],
                lows=columns["low"],
                highs=columns["high"],
            )
        )
    return Track(
        node=last[0]["node"],
        title=last[0]["title"],
        due=last[0]["due"],
        resolves=last[0]["resolves"],
        values=[read_value(value) for value in values],
        points=sorted(points, key=lambda point: (point.as_of, point.run)),
        outcome=outcome
        and TrackOutcome(
            value=outcome.value, date=outcome.date, source=outcome.source, why=outcome.why
        ),
    )


def _scores(report: ScoreReport) -> list[ScoreRow]:
    if report.total is None:
        return []
    by_case = report.by_case if len(report.by_case) > 1 else ()
    return [_score(group) for group in (report.total, *by_case, *report.by_horizon)]


def _score(score: ForecastScore) -> ScoreRow:
    return ScoreRow(
        group=score.group,
        forecasts=score.forecasts,
        nodes=score.nodes,
        brier=clean_or_none(score.brier),
        brier_uniform=clean_or_none(score.brier_uniform),
        brier_base=clean_or_none(score.brier_base),
        log=clean_or_none(score.log),
        log_uniform=clean_or_none(score.log_uniform),
        log_base=clean_or_none(score.log_base),
        skill_base=clean_or_none(score.skill_base),
        skill_low=clean_or_none(score.interval_base[0]),
        skill_high=clean_or_none(score.interval_base[1]),
    )


def _calibration(report: ScoreReport) -> list[CalibrationRow]:
    return [
        CalibrationRow(
            word=row.word,
            low=clean(row.low),
            high=clean(row.high),
            events=row.events,
            mean_forecast=clean(row.mean_forecast),
            came_about=clean(row.came_about),
            interval_low=clean(row.interval[0]),
            interval_high=clean(row.interval[1]),
        )
        for row in report.calibration
    ]


def _comparison(compared: ViewComparison) -> ViewComparisonView:
    return ViewComparisonView(
        title=comparison_title(compared),
        rows=[
            ViewRow(view=view.view, brier=clean_or_none(view.brier), log=clean_or_none(view.log))
            for view in compared.scores
        ],
        sentences=difference_sentences(compared),
    )


def _weight(report: ScoreReport) -> str:
    learnt = report.learnt_weight
    return weight_text(learnt) if learnt is not None and learnt.nodes else ""
