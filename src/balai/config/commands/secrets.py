"""secrets: rotate the keys under which everything sealed is kept."""

from pathlib import Path

import click

from balai.config.starting import enter, home_option


@click.group("secrets")
def secrets_command() -> None:
    """Keys at rest."""


@secrets_command.command("rotate")
@home_option
def rotate(home: Path | None) -> None:
    """Wrap every sealed value's key with the newest of BALAI_SECRET_KEYS. Safe to repeat."""
    enter(home)
    from balai.config.rotation import rewrap_everything

    for label, count in rewrap_everything().items():
        click.echo(f"{label}: {count}")
