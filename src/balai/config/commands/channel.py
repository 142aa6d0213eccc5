"""channel, new-channel: prove a line to a network, and start the connector of another one."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from balai.config.starting import enter, home_option

if TYPE_CHECKING:
    from balai.channels.contract import Limits
    from balai.channels.models import Connection

ROOT = Path(os.environ.get("BALAI_ROOT", Path(__file__).resolve().parents[4]))
SLUG = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


@click.group("channel")
def channel_command() -> None:
    """Lines to official accounts."""


@channel_command.command("check")
@home_option
@click.argument("account")
@click.option("--json", "as_json", is_flag=True)
def check(home: Path | None, account: str, as_json: bool) -> None:
    """Test the line called ACCOUNT (its name or number) against the live network.

    Signs in, looks what would come in without keeping it, and says the limits. Publishes nothing.
    The exit code is 1 when something does not work.
    """
    enter(home)
    steps = list(examine(_connection(account)))
    if as_json:
        click.echo(json.dumps(steps, ensure_ascii=False))
    else:
        for step in steps:
            click.secho(f"{'ok  ' if step['ok'] else 'NO  '} {step['step']}: {step['words']}")
    sys.exit(0 if all(step["ok"] for step in steps) else 1)


@click.command("new-channel")
@click.argument("slug")
def new_channel_command(slug: str) -> None:
    """Copy the channel `helloworld` as SLUG and add it to the catalogue."""
    for path in new_channel(ROOT, slug):
        click.echo(path.relative_to(ROOT))
    click.echo(
        "\nNow write connector.py, README.md and the fixtures, then run:\n"
        f"  ./balai docs\n  ./balai test src/balai/channels -k {slug}"
    )


def examine(connection: "Connection") -> list[dict[str, Any]]:
    """What works on this line and what does not, step by step, in words. Keeps no message."""
    from balai.channels.contract import Can, RemoteError
    from balai.channels.models import Connection
    from balai.channels.selectors import connector_of, promises
    from balai.channels.services import CannotConnect, check_line
    from balai.people.selectors import OPERATOR

    if connection.state == Connection.State.CLOSED:
        return [_step("line", False, "this connection was closed; open a new one")]
    can, limits = promises(connection).can, promises(connection).limits
    steps = []
    if Can.CHECK in can:
        try:
            health = check_line(connection, by=OPERATOR)
        except CannotConnect as no:
            return [_step("sign-in", False, str(no))]
        who = f"we are {health.handle} ({health.platform_user_id})"
        steps.append(_step("sign-in", True, f"{who}. {health.words}".strip()))
    else:
        steps.append(_step("sign-in", True, "this channel has nothing to sign in to"))
    if Can.FETCH in can:
        connector = connector_of(connection)
        try:
            fetched = connector.fetch(connection.cursor)
            steps.append(_looked(fetched.parcels, fetched.more, connector))
        except RemoteError as no:
            steps.append(_step("look", False, str(no)))
        finally:
            connector.close()
    elif Can.HEAR in can:
        steps.append(_step("look", True, "the network calls us; this line is not asked"))
    else:
        steps.append(_step("look", True, "nothing is fetched on this channel"))
    return [*steps, _step("limits", True, _limits(limits))]


def new_channel(root: Path, slug: str) -> list[Path]:
    """The files of the new channel, the catalogue among them. Raises click.ClickException."""
    channels = root / "src/balai/channels"
    folder, catalogue = channels / "providers" / slug, channels / "catalogue.py"
    if not SLUG.fullmatch(slug):
        raise click.ClickException("a slug is written small, in letters and digits: mastodon")
    if folder.exists():
        raise click.ClickException(f"there is a channel {slug} already: {folder}")
    name = "".join(part.capitalize() for part in slug.split("_"))
    renamed = {"helloworld": slug, "HelloWorld": name, "Hello World": name}
    shutil.copytree(
        channels / "providers/helloworld", folder, ignore=shutil.ignore_patterns("__pycache__")
    )
    for file in folder.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            for old, new in renamed.items():
                text = text.replace(old, new)
            file.write_text(text, encoding="utf-8")
    catalogue.write_text(_with_line(catalogue.read_text(), slug, name), encoding="utf-8")
    ruff = Path(sys.executable).parent / "ruff"
    if ruff.exists():
        command = [str(ruff), "format", "--quiet", str(catalogue)]
        subprocess.run(command, check=False)  # noqa: S603
    return [*sorted(file for file in folder.rglob("*") if file.is_file()), catalogue]


def _connection(account: str) -> "Connection":
    from balai.channels.models import Connection

    lines = Connection.objects.select_related("institution").order_by("pk")
    found = lines.filter(name__iexact=account)
    if account.isdigit():
        found = found or lines.filter(pk=int(account))
    if len(found) == 1:
        return found[0]
    known = [f"  {c.pk}  {c.name} ({c.channel}, {c.institution})" for c in found or lines]
    words = "several lines have that name; say the number" if found else "no line has that name"
    raise click.ClickException("\n".join([f"{account}: {words}", *known]))


def _step(step: str, ok: bool, words: str) -> dict[str, Any]:
    return {"step": step, "ok": ok, "words": words}


def _looked(parcels: tuple[bytes, ...], more: bool, connector: Any) -> dict[str, Any]:
    from balai.channels.contract import Unreadable

    unreadable = 0
    for parcel in parcels:
        try:
            connector.parse(parcel)
        except Unreadable:
            unreadable += 1
    words = f"{len(parcels)} new{' and more' if more else ''}, {unreadable} of them unreadable"
    return _step("look", unreadable == 0, f"{words}; nothing was kept")


def _limits(limits: "Limits") -> str:
    said = [f"{limits.text:,} {limits.counted_in} a message" if limits.text else ""]
    said.append(f"{limits.pictures} pictures" if limits.pictures else "")
    said.append(f"{limits.per_day:,} messages a day" if limits.per_day else "")
    said.append(f"answers within {limits.reply_within}" if limits.reply_within else "")
    return ", ".join(filter(None, said)) or "none is known"


def _with_line(text: str, slug: str, name: str) -> str:
    """The catalogue with one import, in its alphabetical place, and one name more."""
    line = f"from balai.channels.providers.{slug}.connector import {name}"
    lines = text.splitlines()
    imports = [place for place, one in enumerate(lines) if one.startswith("from balai.")]
    later = [place for place in imports if lines[place] > line]
    lines.insert(later[0] if later else imports[-1] + 1, line)
    before, names, after = re.split(r"(for connector in \([^)]*?)(?=,?\s*\))", "\n".join(lines))
    return f"{before}{names}, {name}{after}\n"
