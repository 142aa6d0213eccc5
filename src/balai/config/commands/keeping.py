"""backup, restore, export: nothing of an installation exists only here."""

import os
from pathlib import Path

import click

from balai.config.starting import choose_home, enter, home_option


@click.command("backup")
@home_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--with-keys", is_flag=True, help="Put the keys in too; then guard the file like them."
)
def backup_command(home: Path | None, file: Path, with_keys: bool) -> None:
    """Write database, files and a manifest of hashes into FILE (.tar), while Balai runs."""
    enter(home)
    from django.conf import settings

    from balai.config.keeping import CannotKeep, back_up

    try:
        manifest = back_up(
            file, home=settings.HOME.path, database=settings.DATABASES["default"],
            with_keys=with_keys,
        )  # fmt: skip
    except CannotKeep as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(f"{file}: {len(manifest['files'])} files, {file.stat().st_size / 2**20:.1f} MB")
    if not with_keys:
        click.echo("The keys are not in it: without a copy of them sealed values cannot be read.")


@click.command("restore")
@home_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(home: Path | None, file: Path) -> None:
    """Make an installation from a backup in an empty home; every hash is checked first."""
    place = choose_home(home).resolve()
    from balai.config.keeping import CannotKeep, restore

    try:
        manifest = restore(file, home=place, url=os.environ.get("BALAI_DATABASE_URL", ""))
    except CannotKeep as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(f"{place}: restored {len(manifest['files'])} files of {manifest['made_at']}")
    if not (place / "keys" / "master").exists() and "BALAI_SECRET_KEYS" not in os.environ:
        click.echo(
            f"Now put the keys of that installation into {place / 'keys'}, before any start."
        )


@click.command("export")
@home_option
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--institution", required=True, help="The institution's short name.")
@click.option(
    "--with-personal-data", is_flag=True,
    help="Do not mask personal data in citizens' words; the export is recorded.",
)  # fmt: skip
def export_command(
    home: Path | None, folder: Path, institution: str, with_personal_data: bool
) -> None:
    """Write conversations, messages and the audit chain as JSON lines with a manifest of hashes."""
    enter(home)
    from balai.config.exports import CannotExport, export

    try:
        counts = export(folder, institution, masked=not with_personal_data)
    except CannotExport as trouble:
        raise click.ClickException(str(trouble)) from trouble
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
