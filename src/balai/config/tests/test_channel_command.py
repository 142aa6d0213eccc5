"""channel check, new-channel: a line is proved in words; a new connector starts complete."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from balai.channels.models import Parcel
from balai.channels.services import close_connection, connect
from balai.config.commands.channel import channel_command, new_channel, new_channel_command
from balai.people.selectors import OPERATOR
from balai.people.tests.make import make_institution

ROOT = Path(__file__).resolve().parents[4]
LINE = '{"id": "1", "author": "w", "text": "Halo", "at": "2026-11-16T08:00:00+07:00"}\n'


@pytest.fixture
def line(tmp_path, db):
    (tmp_path / "in.jsonl").write_text(LINE)
    return connect(
        institution=make_institution(), channel="helloworld", name="Latihan",
        answers={"folder": str(tmp_path)}, by=OPERATOR,
    )  # fmt: skip


def check(*arguments: str):
    return CliRunner().invoke(channel_command, ["check", *arguments])


def test_a_healthy_line_is_told_step_by_step_and_keeps_nothing(line):
    done = check("latihan")

    assert done.exit_code == 0, done.output
    assert "ok   sign-in: we are" in done.output
    assert "1 new, 0 of them unreadable; nothing was kept" in done.output
    assert "500 characters a message" in done.output
    assert not Parcel.objects.exists()
    line.refresh_from_db()
    assert line.cursor == ""


def test_a_line_is_found_by_its_number_and_told_as_json(line):
    done = check(str(line.pk), "--json")

    assert [step["step"] for step in json.loads(done.output)] == ["sign-in", "look", "limits"]


def test_a_line_that_broke_is_told_in_the_networks_words_with_exit_code_1(line):
    shutil.rmtree(line.settings["folder"])

    done = check("Latihan")

    assert done.exit_code == 1
    assert "NO   sign-in: the folder" in done.output
    line.refresh_from_db()
    assert line.state != "healthy"


def test_a_parcel_that_nobody_can_read_is_told(line):
    (Path(line.settings["folder"]) / "in.jsonl").write_text(LINE + "not a line\n")

    done = check("Latihan")

    assert done.exit_code == 1
    assert "2 new, 1 of them unreadable" in done.output


def test_a_closed_line_is_not_tried(line):
    close_connection(line, by=OPERATOR)

    done = check("Latihan")

    assert done.exit_code == 1
    assert "was closed" in done.output


def test_an_unknown_name_lists_the_lines_that_exist(line):
    done = check("Latihn")

    assert done.exit_code == 1
    assert "no line has that name" in done.output
    assert f"{line.pk}  Latihan (helloworld" in done.output


def test_a_name_that_two_lines_have_asks_for_the_number(line):
    connect(
        institution=make_institution(), channel="helloworld", name="Latihan",
        answers=line.settings, by=OPERATOR,
    )  # fmt: skip

    done = check("Latihan")

    assert done.exit_code == 1
    assert "say the number" in done.output


@pytest.fixture
def checkout(tmp_path):
    """The rooms that a connector and its tests need, where a test may write."""
    ignored = shutil.ignore_patterns("__pycache__", "*.npz", "static", "locale", "templates")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_new_channel_is_a_folder_and_one_line_and_passes_the_shared_suite(checkout):
    written = new_channel(checkout, "papan_warta")

    names = {path.relative_to(checkout / "src/balai/channels").as_posix() for path in written}
    assert {
        "catalogue.py", "providers/papan_warta/connector.py", "providers/papan_warta/README.md",
        "providers/papan_warta/logo.svg", "providers/papan_warta/__init__.py",
    } <= names  # fmt: skip
    copied = (checkout / "src/balai/channels/providers/papan_warta/connector.py").read_text()
    assert "class PapanWarta(Connector)" in copied
    assert 'slug = "papan_warta"' in copied
    assert "helloworld" not in copied.lower().replace(" ", "")
    suite = "src/balai/channels/tests/test_conformance.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", suite]
    env = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    done = subprocess.run(
        [*command, "-k", "papan_warta"], env=env, cwd=checkout, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_the_catalogue_gets_its_lines_and_loses_none(checkout):
    catalogue = checkout / "src/balai/channels/catalogue.py"
    before = set(catalogue.read_text().split())

    new_channel(checkout, "papan")

    after = catalogue.read_text()
    assert before - set(after.split()) <= {"HelloWorld)", "(Bluesky,"}
    assert after.count("Papan") == 2
    assert "from balai.channels.providers.papan.connector import Papan\n" in after


@pytest.mark.parametrize("slug", ["Papan", "papan-warta", "../papan", "1papan", "papan_", ""])
def test_a_slug_that_is_no_name_is_refused(slug, tmp_path):
    with pytest.raises(click.ClickException, match="written small"):
        new_channel(tmp_path, slug)


def test_an_existing_channel_is_never_overwritten():
    done = CliRunner().invoke(new_channel_command, ["helloworld"])

    assert done.exit_code == 1
    assert "already" in done.output
