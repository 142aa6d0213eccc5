"""What every command does first: choose the home, set up Django, migrate."""

import os
from pathlib import Path

import click

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="The folder of this installation (default: $BALAI_HOME or ./var).",
)


def set_up(home: Path | None = None) -> None:
    """Point Balai to its home and load Django."""
    if home is not None:
        os.environ["BALAI_HOME"] = str(home.resolve())
    elif "BALAI_HOME" not in os.environ:
        os.environ["BALAI_HOME"] = str(Path.cwd() / "var")
    import django

    django.setup()


def migrate(*, quiet: bool = True) -> None:
    """Bring the database to this version's tables, and collect the static files."""
    from django.conf import settings
    from django.core.management import call_command

    settings.HOME.path.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0 if quiet else 1, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
