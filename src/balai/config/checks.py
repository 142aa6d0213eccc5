"""What `balai check` proves beyond the tools of the trade: tables, translations, documents."""

import re
from collections.abc import Callable
from pathlib import Path

import click

from balai.config.starting import set_up


def run_all(root: Path) -> bool:
    """Run each check and say what is wrong; True when nothing is."""
    set_up()
    checks: dict[str, Callable[[Path], list[str]]] = {
        "missing migrations": missing_migrations,
        "translations": untranslated,
        "generated documents": stale_documents,
    }
    whole = True
    for title, check in checks.items():
        click.secho(f"== {title}", bold=True)
        for problem in check(root):
            click.secho(problem, fg="red")
            whole = False
    click.echo(f"debt: {len(ignored_imports(root))} imports excused in pyproject.toml")
    return whole


def missing_migrations(root: Path) -> list[str]:
    """Models that changed without a migration."""
    from django.core.management import call_command

    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        return ["a model changed without a migration: ./balai manage makemigrations"]
    return []


def untranslated(root: Path) -> list[str]:
    """Words of the screens that have no Indonesian, and catalogues that were not compiled."""
    from balai.config.catalogues import problems

    return problems()


def stale_documents(root: Path) -> list[str]:
    """Generated documents that the code no longer says."""
    from balai.config.docs import stale

    return [f"{path} is stale: run ./balai docs" for path in stale(root)]


def ignored_imports(root: Path) -> list[str]:
    """Debt: imports that a contract excuses by name."""
    text = (root / "pyproject.toml").read_text()
    return [
        line
        for block in re.findall(r"ignore_imports = \[(.*?)\]", text, re.DOTALL)
        for line in block.splitlines()
        if line.strip()
    ]
