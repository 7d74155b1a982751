"""Unit tests lie in the folders of what they test, and every room of the source has some."""

from __future__ import annotations

from pathlib import Path

from tests.house.test_house import ROOT, SOURCE

UNIT = ROOT / "tests" / "unit"
WITHOUT = {
    "cli": "commands are tested as they are run, by tests/journeys",
}
"""Rooms without unit tests, each with its reason. `catalog` is data, which tests/unit/case reads."""


def folders(top: Path) -> set[Path]:
    """Every folder below one, by its path from there, that holds files."""
    files = (file.relative_to(top) for file in top.rglob("*") if "__pycache__" not in file.parts)
    return {folder for file in files if (top / file).is_file() for folder in file.parents}


def rooms(source: Path) -> set[str]:
    """The top folders of a source that hold Python beside the file of the package."""
    return {
        file.relative_to(source).parts[0]
        for file in source.rglob("*.py")
        if file.name != "__init__.py" and file.parent != source
    }


def strangers(unit: Path, source: Path) -> list[str]:
    """Folders of tests that are no folder of the source."""
    return sorted(map(str, folders(unit) - folders(source)))


def untested(unit: Path, source: Path) -> list[str]:
    """Rooms of the source in whose folder of tests there is no test."""
    return sorted(room for room in rooms(source) if not [*(unit / room).rglob("test_*.py")])


def test_every_folder_of_unit_tests_is_a_folder_of_the_source():
    """Whoever changes a module finds its tests at the same place."""
    assert strangers(UNIT, SOURCE) == []


def test_every_room_has_unit_tests_or_a_reason():
    """And a reason goes when the tests come."""
    assert untested(UNIT, SOURCE) == sorted(WITHOUT)


def test_a_wrong_folder_and_a_room_without_tests_would_be_found(tmp_path):
    """The test bites."""
    unit, source = tmp_path / "unit", tmp_path / "source"
    for file in (
        source / "case" / "read" / "mend.py",
        source / "diagram" / "nodes.py",
        source / "catalog" / "canal" / "case.yaml",
        unit / "case" / "reading" / "test_mend.py",
        unit / "diagram" / "helpers.py",
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert strangers(unit, source) == ["case/reading"]
    assert untested(unit, source) == ["diagram"]
