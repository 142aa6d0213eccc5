"""serve, demo, work: everything that runs until it is told to stop."""

import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path

import click

from balai.config.starting import enter, home_option, migrate, set_up

DEMO_HOME = "demo"
port_option = click.option("--port", default=8000, show_default=True, help="Where to listen.")
host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Which address to listen on."
)


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as failure:
            raise click.ClickException(
                f"port {port} is taken ({failure.strerror}); choose another with --port"
            ) from failure


def _serve(host: str, port: int, words: str) -> None:
    from django.conf import settings

    from balai.config.serve import House

    cores = min(os.cpu_count() or 1, 4)
    house = House(
        host=host,
        port=port,
        workers=int(os.environ.get("BALAI_WEB_WORKERS", cores)),
        landers=int(os.environ.get("BALAI_LAND_WORKERS", cores - 1)),
        announce=words,
        proxies=settings.BALAI_TRUSTED_PROXIES,
    )
    sys.exit(house.run())


@click.command("serve")
@home_option
@host_option
@port_option
def serve_command(home: Path | None, host: str, port: int) -> None:
    """Bring Balai up: database, pages, live stream and work, until Ctrl-C."""
    _must_be_free(host, port)
    os.environ.setdefault("BALAI_ADDRESS", f"http://localhost:{port}")
    set_up(home)
    migrate()
    from balai.people.models import Institution

    address = os.environ["BALAI_ADDRESS"]
    if Institution.objects.exists():
        words = f"\nBalai: {address}/\n\n"
    else:
        from balai.config.beginning import address_to_begin

        words = f"\nBalai: open {address_to_begin(address)} to set up your institution.\n\n"
    _serve(host, port, words)


@click.command("demo")
@home_option
@host_option
@port_option
@click.option("--fresh", is_flag=True, help="Start over: throw the sample away first.")
def demo_command(home: Path | None, host: str, port: int, fresh: bool) -> None:
    """The same with a sample institution: a fictional regency with a week of conversations."""
    _must_be_free(host, port)
    home = home or Path(os.environ.get("BALAI_HOME", Path.cwd() / "var")) / DEMO_HOME
    if fresh and home.exists():
        if not (home / "keys").is_dir():
            raise click.ClickException(f"{home} is not a home of Balai; nothing was removed")
        shutil.rmtree(home)
    os.environ.setdefault("BALAI_ADDRESS", f"http://localhost:{port}")
    set_up(home)
    migrate()
    from balai.config import sample

    sample.make(home)
    _serve(host, port, sample.welcome(os.environ["BALAI_ADDRESS"]))


@click.command("work")
@home_option
@click.option("--role", multiple=True, help="Only these roles: receive, land, send, sweep.")
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def work_command(home: Path | None, role: tuple[str, ...], once: bool) -> None:
    """A worker: runs the timetable on this or any other machine."""
    enter(home)
    from balai.config.timetable import ROLES, TIMETABLE
    from balai.ground.worker import run, run_once

    unknown = sorted(set(role) - set(ROLES))
    if unknown:
        raise click.ClickException(
            f"no such role: {', '.join(unknown)} (there are: {', '.join(ROLES)})"
        )
    if once:
        done = run_once([turn for turn in TIMETABLE if not role or turn.role in role])
        click.echo(f"{done} done")
        return
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    run(TIMETABLE, roles=role, stop=stop)


@click.command("migrate")
@home_option
def migrate_command(home: Path | None) -> None:
    """Bring the database to this version's tables."""
    set_up(home)
    migrate(quiet=False)
