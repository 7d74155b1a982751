"""`python -m tests.compare_answers BEFORE AFTER`: whether two folders of answers documents say the same.

`--write DIR` writes the documents of all cases in the catalog. Numbers must be equal to 1e-9; what a
document says in words may change and is counted only; seconds and versions are ignored.
"""

from __future__ import annotations

import argparse
import base64
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

TOLERANCE = 1e-9
"""Relative to numbers above 1, absolute below."""
IGNORED = ("/run/seconds", "/run/versions", "/version")
SEED = 3
NAMES = ("id", "name", "parameter", "unknown", "decision", "node", "value", "source", "target")
"""Fields that say which entry of a list is which; those that an entry has make its name together."""
COLUMNS = dict.fromkeys(
    ("scores", "given_record", "prior", "before", "after"), "<u2"
) | dict.fromkeys(("weights", "prior_weights", "weights_before", "weights_after"), "<f4")
"""Fields below `/draws` that are columns of numbers in base64."""
STEP = {"<f4": 2e-7, "<u2": 1.01}
"""How far numbers of a column may lie apart that were equal to 1e-9 before they were rounded."""


class Comparison:
    """Every difference between two documents, and how many texts differ."""

    def __init__(self) -> None:
        self.differences: list[str] = []
        self.texts: Counter[str] = Counter()

    def compare(self, before: Any, after: Any, path: str = "") -> None:
        """Compare two values at the same place of their documents."""
        if path in IGNORED:
            return
        field = path.rpartition("/")[2]
        if isinstance(before, dict) and isinstance(after, dict):
            self._fields(before, after, path)
        elif isinstance(before, list) and isinstance(after, list):
            self._lists(before, after, path)
        elif isinstance(before, str) and isinstance(after, str):
            if path.startswith("/draws/") and field in COLUMNS:
                self._columns(before, after, path, COLUMNS[field])
            elif before != after:
                self.texts[field.partition("[")[0]] += 1
        elif _is_number(before) and _is_number(after):
            if abs(before - after) > TOLERANCE * max(1.0, abs(before), abs(after)):
                self._differ(path, f"{before!r} → {after!r}")
        elif type(before) is not type(after) or before != after:
            self._differ(path, f"{_short(before)} → {_short(after)}")

    def _fields(self, before: dict[str, Any], after: dict[str, Any], path: str) -> None:
        for key in before.keys() | after.keys():
            if f"{path}/{key}" in IGNORED:
                continue
            if key not in after:
                self._differ(f"{path}/{key}", f"{_short(before[key])} → missing")
            elif key not in before:
                self._differ(f"{path}/{key}", f"missing → {_short(after[key])}")
            else:
                self.compare(before[key], after[key], f"{path}/{key}")

    def _lists(self, before: list[Any], after: list[Any], path: str) -> None:
        if all(isinstance(item, str) for item in [*before, *after]):
            if before != after:
                self.texts[path.rpartition("/")[2].partition("[")[0]] += 1
            return
        if not all(isinstance(item, dict) for item in [*before, *after]):
            if len(before) != len(after):
                self._differ(path, f"{len(before)} → {len(after)} entries")
            for i, (one, other) in enumerate(zip(before, after, strict=False)):
                self.compare(one, other, f"{path}[{i}]")
            return
        befores, afters = _named(before), _named(after)
        self._fields(befores, afters, path)
        moved = list(befores) != list(afters) and befores.keys() == afters.keys()
        if moved and not _is_tie(before, after):
            self._differ(path, f"the order {list(befores)} → {list(afters)}")

    def _columns(self, before: str, after: str, path: str, kind: str) -> None:
        one, other = (np.frombuffer(base64.b64decode(text), kind) for text in (before, after))
        if one.shape != other.shape:
            self._differ(path, f"a column of {one.size} → {other.size} numbers")
        elif (
            one.size and (gap := np.abs(one.astype(float) - other.astype(float)).max()) > STEP[kind]
        ):
            self._differ(path, f"a column whose numbers differ by up to {gap:.3g}")

    def _differ(self, path: str, how: str) -> None:
        self.differences.append(f"{path or '/'}: {how}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _named(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries of a list by name; a name that comes again is numbered."""
    found: dict[str, dict[str, Any]] = {}
    times: Counter[str] = Counter()
    for item in items:
        name = " ".join(str(item[key]) for key in NAMES if key in item and _is_plain(item[key]))
        times[name] += 1
        found[f"{name} {times[name]}".strip() if times[name] > 1 else name or "1"] = item
    return found


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _is_tie(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    """Whether some number ranks the entries in both orders, so that those which moved tie in it."""
    keys = {key for key in before[0] if all(_is_number(item.get(key)) for item in before + after)}
    return any(all(_is_ranked(items, key) for items in (before, after)) for key in keys)


def _is_ranked(items: list[dict[str, Any]], key: str) -> bool:
    sizes = np.abs([item[key] for item in items])
    return bool(np.ptp(sizes) > TOLERANCE and (np.diff(sizes) <= TOLERANCE).all())


def differences(before: Path, after: Path) -> Iterator[str]:
    """Every difference between the documents of two folders, and last the texts that differ."""
    files = [{file.name: file for file in folder.glob("*.json")} for folder in (before, after)]
    texts: Counter[str] = Counter()
    for name in sorted(files[0].keys() | files[1].keys()):
        if name not in files[0] or name not in files[1]:
            yield f"{name}: only in {before if name in files[0] else after}"
            continue
        found = Comparison()
        found.compare(*(json.loads(folder[name].read_text("utf-8")) for folder in files))
        yield from (f"{name}{difference}" for difference in found.differences)
        texts += found.texts
    told = ", ".join(f"{field} {count}" for field, count in texts.most_common())
    print(f"{len(files[0])} and {len(files[1])} documents; texts that differ: {told or 'none'}")


def write(folder: Path, *, draws: int) -> None:
    """Write the answers document of every case in the catalog."""
    import backchannel

    folder.mkdir(parents=True, exist_ok=True)
    catalog = Path(backchannel.__file__).parent / "catalog"
    for name in sorted(path.parent.name for path in catalog.glob("*/case.yaml")):
        study = backchannel.Study.load(name, draws=draws, seed=SEED)
        (folder / f"{name}.json").write_text(study.answers().model_dump_json(), "utf-8")
        print(name, flush=True)


def main() -> None:
    """Compare two folders, or write one."""
    parser = argparse.ArgumentParser(prog="python -m tests.compare_answers", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="BEFORE AFTER")
    parser.add_argument("--write", type=Path, metavar="DIR", help="Write the documents there.")
    parser.add_argument("--draws", type=int, default=64, help="Draws to write with; 64.")
    chosen = parser.parse_args()
    if chosen.write:
        write(chosen.write, draws=chosen.draws)
        return
    if len(chosen.folders) != 2 or not all(folder.is_dir() for folder in chosen.folders):
        parser.error("name two folders of documents")
    if not any(chosen.folders[0].glob("*.json")):
        parser.error(f"there are no documents in {chosen.folders[0]}")
    found = list(differences(*chosen.folders))
    print(*found, f"{len(found)} differences", sep="\n")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
