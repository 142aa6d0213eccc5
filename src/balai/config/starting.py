"""What every command does first: choose the home, set up Django, migrate. And its last words."""

import os
import sys
from pathlib import Path
from typing import Any

import click

home_option = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="The folder of this installation (default: $BALAI_HOME or ./var).",
)


DATABASES = ("postgres://", "postgresql://", "sqlite://")


def choose_home(home: Path | None = None) -> Path:
    """The folder of this installation; nothing is made there."""
    if home is not None:
        os.environ["BALAI_HOME"] = str(home.resolve())
    elif "BALAI_HOME" not in os.environ:
        os.environ["BALAI_HOME"] = str(Path.cwd() / "var")
    return Path(os.environ["BALAI_HOME"])


def set_up(home: Path | None = None) -> None:
    """Point Balai to its home and load Django."""
    choose_home(home)
    url = os.environ.get("BALAI_DATABASE_URL", "")
    if url and not url.startswith(DATABASES):
        raise click.ClickException(
            "BALAI_DATABASE_URL must begin with postgres:// (leave it out for SQLite in the home)"
        )
    import django

    django.setup()


def enter(home: Path | None = None, *, tables: bool = True) -> None:
    """The same for a command that works on an installation: it must exist, and makes nothing."""
    place = choose_home(home)
    if not place.is_dir():
        raise click.ClickException(
            f"there is no installation in {place}: say where it is with --home or BALAI_HOME; "
            "balai serve makes a new one"
        )
    set_up()
    from django.db import connection

    if tables and "django_migrations" not in connection.introspection.table_names():
        raise click.ClickException(
            f"the database of {place} has no tables yet: run balai migrate, or balai serve"
        )


def migrate(*, quiet: bool = True) -> None:
    """Bring the database to this version's tables, and collect the static files."""
    from django.conf import settings
    from django.core.management import call_command

    settings.HOME.path.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0 if quiet else 1, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def in_words(failure: Exception) -> str | None:
    """What an operator is told instead of a traceback; None for what nobody foresaw."""
    if isinstance(failure, PermissionError):
        return f"{failure.filename}: permission denied (which user runs Balai here?)"
    if isinstance(failure, OSError) and failure.filename:
        return f"{failure.filename}: {failure.strerror}"
    for module, name, say in FORESEEN:
        kind = getattr(sys.modules.get(module), name, None)  # nothing is loaded to ask
        if kind is not None and isinstance(failure, kind):
            return say(failure)
    return None


def _database(failure: Any) -> str:
    words = str(failure).strip()
    if "no such table" in words or "does not exist" in words:
        return f"the tables are not those of this version ({words}): run balai migrate"
    if "locked" in words:
        return "the database is busy (something else holds it for long): try again"
    return f"the database does not answer as it should: {words} (BALAI_DATABASE_URL?)"


FORESEEN = (
    ("django.db.utils", "OperationalError", _database),
    ("django.db.utils", "ProgrammingError", _database),
    ("django.core.exceptions", "ValidationError", lambda no: " ".join(no.messages)),
    ("django.core.exceptions", "ImproperlyConfigured", str),
    ("balai.people.services", "NotAllowed", str),
    ("balai.ground.secrets", "CannotReveal", lambda no: f"{no}: is it the right key?"),
    ("balai.governance.selectors", "HeadNotGenuine", str),
)
