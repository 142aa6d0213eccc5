"""audit: the chain that an auditor checks without trusting us."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from balai.config.starting import enter, home_option


@click.group("audit")
def audit_command() -> None:
    """Verify the audit chain and export its signed head."""


@audit_command.command("verify")
@home_option
@click.option("--institution", default=None, help="Only this one (its short name).")
@click.option(
    "--head", "heads", multiple=True, type=click.Path(exists=True, path_type=Path),
    help="A signed head exported earlier; the chain must still contain it.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True)
def verify(
    home: Path | None, institution: str | None, heads: tuple[Path, ...], as_json: bool
) -> None:
    """Walk each chain; exit code 1 and the first broken row when one does not hold."""
    enter(home)
    from balai.governance.selectors import chains, verify_chain

    stored = [_read(path) for path in heads]
    numbers = set(chains(institution))
    if institution is not None and not numbers:
        raise click.ClickException(f"no institution is called {institution}")
    if institution is None:  # a chain that somebody removed wholly is missed by its kept head
        numbers |= {int(head["institution_id"]) for head in stored}
    results = [verify_chain(number, heads=stored) for number in sorted(numbers)]
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], ensure_ascii=False))
    else:
        for result in results:
            click.echo(str(result))
    sys.exit(0 if all(result.holds for result in results) else 1)


def _read(path: Path) -> dict[str, Any]:
    try:
        head = json.loads(path.read_text())
        int(head["institution_id"])
    except (ValueError, KeyError, TypeError) as failure:
        raise click.ClickException(
            f"{path} is no head that balai audit head printed: {failure!r}"
        ) from failure
    return dict(head)


@audit_command.command("head")
@home_option
@click.option("--institution", required=True, help="The institution's short name.")
def head(home: Path | None, institution: str) -> None:
    """Print the signed head of the chain: store it where nobody of us can change it."""
    enter(home)
    from balai.governance.selectors import signed_head
    from balai.people.models import Institution

    found = Institution.objects.filter(slug=institution).first()
    if found is None:
        raise click.ClickException(f"no institution is called {institution}")
    click.echo(json.dumps(signed_head(found), sort_keys=True))
