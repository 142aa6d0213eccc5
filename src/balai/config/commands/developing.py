"""test, check, bench, docs, manage: for developers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from balai.config.starting import set_up

ROOT = Path(os.environ.get("BALAI_ROOT", Path(__file__).resolve().parents[4]))


def _run(title: str, *command: str, env: dict[str, str] | None = None) -> bool:
    click.secho(f"== {title}", bold=True)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, check=False)  # noqa: S603
    if done.returncode:
        click.secho(f"== {title}: failed", fg="red", bold=True)
    return done.returncode == 0


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


@click.command("check")
def check_command() -> None:
    """What must hold before anything lands: style, types, floors, tables, translations, docs."""
    from balai.config import checks

    results = [
        _run("ruff", _tool("ruff"), "check", "."),
        _run("ruff format", _tool("ruff"), "format", "--check", "."),
        _run("djlint", _tool("djlint"), "--check", "--lint", "--quiet", "src"),
        _run("mypy", _tool("mypy")),
        _run("import-linter", _tool("lint-imports"), "--no-cache"),
        checks.run_all(ROOT),
    ]
    sys.exit(0 if all(results) else 1)


@click.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test_command(arguments: tuple[str, ...]) -> None:
    """All tests: on SQLite, then what touches the database again on PostgreSQL.

    Arguments go to pytest; with arguments only SQLite is used.
    """
    from balai.config.testing import run_everything

    sys.exit(run_everything(ROOT, arguments))


@click.command("bench")
@click.argument("name")
@click.option("--rows", type=int, default=None, help="How many; the default ends within a minute.")
@click.option("--json", "as_json", is_flag=True, help="Print the object of docs/operate.md.")
def bench_command(name: str, rows: int | None, as_json: bool) -> None:
    """Measure, with the bare limit and a peer beside ours in the same run."""
    from balai.config.bench import BENCHES, for_people

    if name not in BENCHES:
        raise click.ClickException(f"no such bench: {name} (there are: {', '.join(BENCHES)})")
    result = BENCHES[name](rows)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else for_people(result))


@click.command("docs")
def docs_command() -> None:
    """Write the generated documents anew (docs/channels.md)."""
    set_up()
    from balai.config.docs import write_all

    for path in write_all(ROOT):
        click.echo(path)


@click.command("manage", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage_command(arguments: tuple[str, ...]) -> None:
    """Django's own commands (makemigrations, shell, …)."""
    from django.core.management import execute_from_command_line

    set_up()
    execute_from_command_line(["balai manage", *arguments])
