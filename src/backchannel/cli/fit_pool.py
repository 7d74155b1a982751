"""The command `fit --pool`: compare ways to reason on many games at once."""

from __future__ import annotations

from pathlib import Path

from backchannel.console.say import say
from backchannel.console.writing import document, plan_files
from backchannel.language.errors import CommandError


def fit_games(
    pool: str,
    by: str | None,
    weights: str | None,
    json_file: str | None,
    *,
    extra: bool,
    force: bool,
) -> None:
    """Fit ways to reason to a pool of games."""
    if extra:
        raise CommandError("--pool FOLDER takes the place of CASE and DATA; give one or the other.")
    files = plan_files(
        ("--json", json_file, document("estimation.pool.document", "PoolView")),
        force=force,
        reads={},
    )
    from backchannel.console.progress import Bar
    from backchannel.estimation.pool.ask import fit_pool
    from backchannel.estimation.pool.document import compose_pool
    from backchannel.machine.compile_cache import keep_compiled

    bar = Bar()
    keep_compiled()
    try:
        pooled = fit_pool(pool, by=by, weights=weights, progress=bar)
    finally:
        bar.close()
    from backchannel.console.safe_console import console
    from backchannel.estimation.pool.terminal import show_pool

    view = compose_pool(pooled, folder=Path(pool).name)
    files.write(json_file, lambda: view.model_dump_json(indent=1) + "\n")
    show_pool(view, console())
    if json_file:
        say(f"Wrote {json_file}.", err=True)
