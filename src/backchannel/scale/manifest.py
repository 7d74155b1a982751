"""The manifest of a folder of shards: what they are shards of."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path

from backchannel.files.inputs import MissingFile, read_text
from backchannel.language.errors import CommandError
from backchannel.scale.plan import FORMAT, ShardPlan
from backchannel.scale.stamp import short

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 100_000
NAMES = {
    "case_hash": "the case",
    "backchannel": "the version of Backchannel",
    "seed": "the seed",
    "draws": "the number of draws",
    "size": "the size of a shard",
}
"""What can differ between the plan of a folder and that of a run, in words."""


def manifest_text(plan: ShardPlan) -> str:
    """The manifest of the shards of a plan."""
    return json.dumps(asdict(plan), indent=1) + "\n"


def read_manifest(folder: Path) -> ShardPlan | None:
    """Read what the shards of a folder are; `None` if it has no manifest.

    Raises:
        CommandError: The manifest is damaged, or of a newer version.
    """
    path = folder / MANIFEST
    try:
        content = json.loads(read_text(path, limit=LARGEST_MANIFEST, what="a manifest"))
    except MissingFile:
        return None
    except (ValueError, RecursionError):
        raise CommandError(f"{path} is damaged. Name a new folder.") from None
    made = content.get("format") if isinstance(content, dict) else None
    if not isinstance(made, int):
        raise CommandError(f"{path} is not a manifest of shards. Name a new folder.")
    if made > FORMAT:
        raise CommandError(
            f"{path} was written by a newer version of Backchannel (format {made}; this one knows {FORMAT}). "
            "Update Backchannel, or name a new folder."
        )
    if set(content) != {field.name for field in fields(ShardPlan)}:
        raise CommandError(f"{path} is damaged. Name a new folder.")
    return ShardPlan(**content)


def check_plan(folder: Path, kept: ShardPlan, plan: ShardPlan) -> None:
    """Check that the shards of a folder are those of a run.

    Raises:
        CommandError: They are not; the message says what differs.
    """
    if kept == plan:
        return
    wrong = [
        f"{words} ({short(getattr(kept, key))} there, {short(getattr(plan, key))} now)"
        for key, words in NAMES.items()
        if getattr(kept, key) != getattr(plan, key)
    ]
    raise CommandError(
        f"{folder} holds shards of “{kept.case}” that do not fit this run: different are {', '.join(wrong)}. "
        "Name a new folder, or run what the folder was made for."
    )
