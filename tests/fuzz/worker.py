"""A process that checks one text after another, as the command line would, within 2 GB.

Run as a program it takes lines of JSON, `[kind, text]`, and answers each by one, `[code, said, seconds]`. What
breaks it, ends it; whoever started it sees that and the time.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import tempfile
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

MEMORY = 2_000_000_000
"""Bytes of address space."""

CASE = """\
case: A visit
utility_unit: one visit
as_of: 2030-01-03
sources:
  diary: {title: Harbour log, date: 2030-01-02, grade: A1}
players:
  envoy: {name: the envoy, precision: 1}
parameters:
  shift: {prior: {normal: [0, 1]}, unit: visits, why: {judgement: made up}}
  slope: {linear: LINEAR, unit: visits, why: {judgement: made up}}
quantities:
  cost: shift * 2
nodes:
  weather: {chance: true, domain: [storm, clear], probability: {storm: 0.3, clear: 0.7}, at: 2030-01-01}
  size: {chance: true, domain: [1, 2, 3], probability: {1: 0.2, 2: 0.3, 3: rest}, at: 2030-01-01}
  trip: {player: envoy, sees: [weather], domain: [stays, sails], at: 2030-01-02}
interests:
  comfort: {player: envoy, worth: WORTH}
claims:
  - {says: it stays, source: diary, test: TEST}
"""
PARTS = {"formula": "LINEAR", "expression": "WORTH", "test": "TEST"}
PLAIN = {"LINEAR": "1 + z", "WORTH": "(trip == 'stays') + cost", "TEST": "P(trip == 'stays') > 0.5"}


def case_with(kind: str, text: str) -> str:
    """A small case in which a text stands where a formula, a worth or a claim's test stands."""
    case = CASE
    for word in PLAIN:
        said = text if PARTS[kind] == word else PLAIN[word]
        case = case.replace(word, json.dumps(said), 1)
    return case


def run(kind: str, text: str, folder: Path) -> tuple[int, str]:
    """Check one text; give the exit code and everything that was printed."""
    if kind == "table":
        return _table(text, folder)
    path = folder / ("game.efg" if kind == "efg" else "case.yaml")
    whole = case_with(kind, text) if kind in PARTS else text
    path.write_bytes(whole.encode("utf-8", errors="surrogatepass"))
    from backchannel.cli import main

    return _caught(lambda: main(["check", str(path)]))


def _table(text: str, folder: Path) -> tuple[int, str]:
    from backchannel.case.lower.lower import lower
    from backchannel.case.read.case_file import read_case_text
    from backchannel.estimation.plays import read_plays, read_table
    from backchannel.language.errors import BackchannelError

    path = folder / "plays.csv"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    diagram = lower(*read_case_text(case_with("expression", PLAIN["WORTH"]))).diagram

    def read() -> None:
        try:
            read_plays(read_table(path), diagram, covariates=["z"])
        except BackchannelError as error:
            print(error)
            sys.exit(error.exit_code)

    return _caught(read)


def _caught(command) -> tuple[int, str]:
    said = io.StringIO()
    code = 0
    with redirect_stdout(said), redirect_stderr(said):
        try:
            command()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 3
        except BaseException:
            code = 99
            traceback.print_exc()
    return code, said.getvalue()


def main() -> None:
    """Answer until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answers = os.fdopen(os.dup(1), "w")
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            kind, text = json.loads(line)
            began = time.process_time()
            code, said = run(kind, text, Path(folder))
            took = time.process_time() - began
            answers.write(json.dumps([code, said[-4000:], took]) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
