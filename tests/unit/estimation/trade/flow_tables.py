"""Tables of monthly flows, made for tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from backchannel.case.read.case_file import read_case

ROOT = Path(__file__).parents[4]
CASE = ROOT / "tests" / "cases" / "fit" / "machine_exports.yaml"


def good():
    case, _ = read_case(CASE)
    return case.trade["exports"]


def table_of(tmp_path, rows):
    """A file of flows, and its name."""
    file = tmp_path / "flows.csv"
    pd.DataFrame(rows, columns=["month", "partner", "eur"]).to_csv(file, index=False)
    return file


NAMES = [
    "Russian Federation (Russia)",
    "Armenia",
    "Belarus (Belorussia)",
    "Georgia",
    "Kazakhstan",
    "Kyrgyzstan",
    "Uzbekistan",
]


def flat(months, names=NAMES):
    return [(str(month.date()), name, 5.0) for month in months for name in names]
