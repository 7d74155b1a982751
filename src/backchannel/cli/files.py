"""Commands about case files: `check`, `new`, `schema`, `cases`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from backchannel.cli.group import main
from backchannel.console.command import draws_option, example, memory_option
from backchannel.console.say import say
from backchannel.language.errors import CommandError


@main.command(epilog=example("backchannel check talks.yaml"))
@click.argument("case")
@draws_option
@memory_option
def check(case: str, draws: int) -> None:
    """Check a case without solving it; list all problems with their places, and what a run will cost."""
    from backchannel.case.lower.lower import lower
    from backchannel.case.lowered import is_runnable
    from backchannel.case.open import open_case
    from backchannel.questions.cost import cost_of, cost_sentences
    from backchannel.questions.registry import limits
    from backchannel.wording.nouns import several

    if case.endswith(".efg"):
        from backchannel.interop.gambit import case_and_document

        opened = case_and_document(Path(case))
    else:
        opened = open_case(case)[:2]
    lowered = lower(*opened)
    for warning in lowered.warnings:
        say(f"{warning} (warning)")
    too_large = limits(lowered)
    for limit in too_large:
        say(f"{limit} Until then it is left out of a run (warning)")
    diagram = lowered.diagram
    counts = (
        (len(diagram.players), "player"),
        (len(diagram.nodes), "node"),
        (len(lowered.priors), "uncertain number"),
        *([(len(lowered.case.base_rates), "base rate")] if lowered.case.base_rates else []),
        (len(lowered.questions), "question"),
        (len(lowered.deals), "deal"),
        (len(lowered.claims), "claim"),
    )
    players, nodes, *rest = (several(count, noun) for count, noun in counts)
    decisions = several(len(diagram.decisions), "decision")
    warned = several(len(lowered.warnings) + len(too_large), "warning")
    say(f"{case}: fine. {players}, {nodes} ({decisions}), {', '.join(rest)}; {warned}.")
    if is_runnable(lowered):
        say(cost_sentences(cost_of(lowered, draws), draws))


@main.command(
    epilog=example(
        "backchannel new talks",
        "backchannel new talks --pattern ransom --role captor=Minsk --role payer=Washington",
    )
)
@click.argument("name")
@click.option(
    "--from", "copied", metavar="CASE", help="Copy this case instead of the starter case."
)
@click.option("--pattern", "patterns", multiple=True, metavar="PATTERN",
              help="Write a case of this shape of bargaining (see `backchannel patterns`); repeatable.")  # fmt: skip
@click.option("--role", "roles", multiple=True, metavar="ROLE=NAME",
              help="Who plays a role of a pattern; without it you are asked.")  # fmt: skip
@click.option("--roles", "roles_file", metavar="FILE.yaml",
              help="A file with a line `ROLE: NAME` for each role.")  # fmt: skip
def new(
    name: str,
    copied: str | None,
    patterns: tuple[str, ...],
    roles: tuple[str, ...],
    roles_file: str | None,
) -> None:
    """Write NAME.yaml, a starter case with comments that runs as it is."""
    from backchannel.case.catalog import FOLDER, find_case
    from backchannel.case.edit.journal import read_case_file
    from backchannel.case.starter import starter
    from backchannel.files.durable import file_exists_error, write_new

    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if os.path.lexists(path):
        raise file_exists_error(path)
    if copied and patterns:
        raise CommandError("`--from` copies a case and `--pattern` composes one. Use one of them.")
    if (roles or roles_file) and not patterns:
        raise CommandError(
            "`--role` and `--roles` fill the roles of a pattern. Name it with `--pattern`."
        )
    if patterns:
        text = _composed(path.stem.replace("_", " "), patterns, roles, roles_file)
        write_new(path, text, access_of=None)
    else:
        source = find_case(copied) if copied else None
        own = source if source and not source.is_relative_to(FOLDER) else None
        write_new(path, read_case_file(source) if source else starter(), access_of=own)
    say(f"Wrote {path}. Try: backchannel run {path}")
    if patterns:
        say(
            "Its days are examples: let `as_of` be the last day that you know about, and `at` the days to come."
        )


def _composed(
    title: str, patterns: tuple[str, ...], roles: tuple[str, ...], roles_file: str | None
) -> str:
    """Compose patterns; a person at a terminal is asked for the roles that nothing fills."""
    import sys

    from backchannel.case.patterns.compose import compose_case, open_roles
    from backchannel.case.patterns.roles import read_role, read_roles

    given = read_roles(Path(roles_file)) if roles_file else {}
    given |= dict(map(read_role, roles))
    for question in open_roles(patterns, given):
        if sys.stdin.isatty():
            given[question.key] = click.prompt(question.asks, default=question.default, err=True)
    return compose_case(title, patterns, given)


@main.command(epilog=example("backchannel patterns", "backchannel new talks --pattern spoiler"))
def patterns() -> None:
    """List the patterns: common shapes of bargaining, with their roles and sources."""
    from backchannel.case.patterns.pattern import pattern_library

    for name, pattern in pattern_library().items():
        say(f"{name}: {pattern.title}")
        say(f"  {pattern.about}")
        say(f"  Known: {pattern.behaviour} ({pattern.source.author} {pattern.source.date.year})")
        say(f"  Roles: {', '.join((*pattern.roles, *pattern.events))}")


@main.command(
    epilog=example("backchannel schema > case.schema.json", "backchannel schema --answers")
)
@click.option("--answers", is_flag=True, help="Print the schema of the answers document instead.")
def schema(answers: bool) -> None:
    """Print the JSON Schema of case files, which editors use for completion."""
    from backchannel.case.schema.json_schema import case_schema

    document = case_schema()
    if answers:
        from backchannel.answers.document import answers_schema

        document = answers_schema()
    say(json.dumps(document, indent=1, ensure_ascii=False))


@main.command(epilog=example("backchannel cases"))
def cases() -> None:
    """List the cases that come with Backchannel."""
    from backchannel.case.catalog import catalog, find_case, is_reference
    from backchannel.case.read.case_file import read_case

    shipped = {name: read_case(find_case(name))[0] for name in catalog()}
    games = {name: case for name, case in shipped.items() if is_reference(case)}
    for title, group in (
        ("Cases", {name: case for name, case in shipped.items() if name not in games}),
        ("Games from the literature, by citation", games),
    ):
        say(f"{title}:")
        width = max(map(len, group), default=0)
        for name, case in group.items():
            say(f"  {name:<{width}}  {case.case}: {case.question or case.about}")
