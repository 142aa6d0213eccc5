"""The command line as an operator has it: processes of their own, in homes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[3]
OWN = ("BALAI_HOME", "BALAI_DATABASE_URL", "BALAI_SECRET_KEYS", "DJANGO_SETTINGS_MODULE")
FOUNDING = """
from balai.people.tests.make import make_institution, make_member
institution = make_institution("Kota Contoh", slug="contoh")
make_member(institution, "system_admin", "responder", password="kampung-durian-runtuh-7")
"""
LOADED = "import django; django.setup()\n"


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a process that works in this home."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    return {
        **kept,
        "BALAI_HOME": str(home),
        "PYTHONPATH": str(SOURCE),
        "DJANGO_SETTINGS_MODULE": "balai.config.settings",
        "BALAI_LOG_LEVEL": "ERROR",
        **more,
    }


def balai(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; it is asked nothing."""
    return _run(home, ["-m", "balai", *arguments], more)


def python(home: Path, script: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines in this home, the house loaded."""
    return _run(home, ["-c", LOADED + script], more)


def told(home: Path, expression: str, **more: str) -> Any:
    """What an expression over the models of this home is worth, as JSON."""
    rooms = ("inbox", "channels", "governance", "people")
    lines = "\n".join(f"from balai.{room}.models import *" for room in rooms)
    script = f"import json, sys\n{lines}\nsys.stdout.write(json.dumps({expression}))"
    done = python(home, script, **more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def found(home: Path, **more: str) -> Path:
    """A home with tables, an institution called contoh and one administrator."""
    home.mkdir(parents=True)
    for done in (balai(home, "migrate", **more), python(home, FOUNDING, **more)):
        assert done.returncode == 0, done.stderr
    return home


def _run(
    home: Path, arguments: list[str], more: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=environment(home, **more), cwd=home.parent, check=False,
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
