"""The command line. `./balai` in a checkout and `balai` when installed are the same program."""

import importlib
import os
import sys
from typing import Any

import click

from balai.config.starting import in_words

# One line a command: its module under balai.config.commands is opened only when it is called.
COMMANDS = {
    "serve": "serving",
    "demo": "serving",
    "work": "serving",
    "migrate": "serving",
    "doctor": "doctor",
    "backup": "keeping",
    "restore": "keeping",
    "export": "keeping",
    "import": "importing",
    "understand": "understanding",
    "claims": "claims",
    "audit": "audit",
    "secrets": "secrets",
    "channel": "channel",
    "user": "user",
    "new-channel": "channel",
    "test": "developing",
    "check": "developing",
    "bench": "developing",
    "docs": "developing",
    "manage": "developing",
}


class Commands(click.Group):
    """Finds a command by name, so that `--help` does not load the house."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"balai.config.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_") + "_command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as failure:
            words = in_words(failure)
            if words is None:
                raise
            raise click.ClickException(words) from failure


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version="0.1.0", prog_name="balai")
def main(**_: Any) -> None:
    """Balai: the public hall of a government office."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balai.config.settings")
    # A command may be called from anywhere; its own folder must not shadow the package.
    sys.path[:] = [place for place in sys.path if place]
