"""import: exports of other systems into the inbox, row by row, nothing lost silently."""

import json
import sys
from pathlib import Path

import click

from balai.config.starting import enter, home_option


@click.command("import")
@home_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", required=True, help="The connection to import into (its name).")
@click.option("--institution", default=None, help="Needed only when there are several.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column is which field: text, sent_at, id, author, author_name, thread, url, "
    "subject, kind. Other columns are kept as facts.",
)
@click.option("--zone", default="UTC", show_default=True, help="The zone of times that name none.")
@click.option("--sent-at", default=None, help="The time of rows that have none (ISO 8601).")
@click.option(
    "--encoding",
    default=None,
    metavar="NAME",
    help="How the file writes letters: cp1252 for many exports of Excel; UTF-8 when not said.",
)
@click.option(
    "--history",
    is_flag=True,
    help="All of it was handled elsewhere: it can be found, but nobody owes an answer.",
)
@click.option(
    "--history-before",
    default=None,
    metavar="TIME",
    help="The same, only for what was said before this time (ISO 8601).",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_command(
    home: Path | None,
    file: Path,
    channel: str,
    institution: str | None,
    mapping: tuple[str, ...],
    zone: str,
    sent_at: str | None,
    encoding: str | None,
    history: bool,
    history_before: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring a JSONL or CSV file of any size into the inbox.

    Refused rows are told with their line numbers on standard error; the exit code is 1 when there
    were any. An import may be broken off and repeated: no row is kept twice.

    Every message is owed an answer from the moment the citizen spoke. Messages that were handled in
    another system are brought in with --history.
    """
    enter(home)
    from balai.config.imports import import_file
    from balai.config.mapping import Mapping
    from balai.config.rows import CannotImport

    try:
        plan = Mapping.of(
            mapping, zone=zone, sent_at=sent_at, history=history, history_before=history_before
        )
        report = import_file(
            file, plan, connection_name=channel, institution_slug=institution, dry_run=dry_run,
            encoding=encoding,
            refused=lambda line, why: click.echo(f"{file.name}:{line}: {why}", err=True),
            progress=None if as_json or not sys.stderr.isatty() else _progress,
        )  # fmt: skip
    except CannotImport as trouble:
        raise click.ClickException(str(trouble)) from trouble
    if not as_json and sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    if as_json:
        click.echo(json.dumps(report.as_json()))
    else:
        click.echo(str(report))
    sys.exit(1 if report.refused else 0)


def _progress(rows: int) -> None:
    click.echo(f"\r{rows} rows", nl=False, err=True)
