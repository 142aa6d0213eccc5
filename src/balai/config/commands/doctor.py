"""doctor: what is missing or unsafe in this installation, in words."""

import json
import sys
from pathlib import Path

import click

from balai.config.starting import enter, home_option

COLOURS = {"ok": "green", "care": "yellow", "bad": "red"}


@click.command("doctor")
@home_option
@click.option("--json", "as_json", is_flag=True)
def doctor_command(home: Path | None, as_json: bool) -> None:
    """Examine this installation; exit code 1 when something is wrong."""
    enter(home, tables=False)
    from balai.config.health import examine

    findings = examine()
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.secho(f"{finding.grade:4} ", fg=COLOURS[finding.grade], nl=False)
            click.echo(f"{finding.what}: {finding.words}")
    sys.exit(1 if any(finding.grade == "bad" for finding in findings) else 0)
