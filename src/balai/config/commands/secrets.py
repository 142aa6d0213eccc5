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
    """Wrap every sealed value's key with the newest of BALAI_SECRET_KEYS. Safe to repeat.

    The exit code is 1 when there are values that none of the keys opens: they are left as they are.
    """
    enter(home)
    from balai.config.rotation import rewrap_everything

    rotated = rewrap_everything()
    for label, count in rotated.done.items():
        click.echo(f"{label}: {count}")
    for row in rotated.lost:
        click.echo(f"{row}: no key in BALAI_SECRET_KEYS opens it", err=True)
    if rotated.lost:
        raise click.ClickException(
            f"{len(rotated.lost)} values are lost without the key that sealed them: "
            "add it at the end of BALAI_SECRET_KEYS and rotate again"
        )
