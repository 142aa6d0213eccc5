"""doctor: each thing that can be missing or unsafe is found once, in words that say what to do."""

import json
from collections import namedtuple
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.conf import settings

from balai.channels.models import Dispatch, Parcel
from balai.channels.tests.make import make_connection
from balai.config.cli import main
from balai.config.tests import console
from balai.ground.clock import now
from balai.ground.log import open_log
from balai.ground.models import Announcement, Beat, LogBatch
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


def examined():
    done = CliRunner().invoke(main, ["doctor", "--json"])
    found = {one["what"]: one for one in json.loads(done.stdout)}
    assert done.exit_code == (1 if any(one["grade"] == "bad" for one in found.values()) else 0)
    return found


def grade_and_words(what):
    one = examined()[what]
    return one["grade"], one["words"]


def test_the_findings_are_told_for_people_with_their_grade():
    done = CliRunner().invoke(main, ["doctor"])

    assert "tables: current, on" in done.stdout
    assert {line.split()[0] for line in done.stdout.splitlines()} <= {"ok", "care", "bad"}


def test_a_key_that_others_can_read_is_bad():
    key = settings.HOME.path / "keys" / "session"
    key.chmod(0o644)
    try:
        grade, words = grade_and_words("keys")
    finally:
        key.chmod(0o600)
    assert grade == "bad"
    assert "others can read session" in words
    assert "chmod 600" in words


def test_a_master_key_in_the_home_wants_a_copy_and_one_in_the_environment_does_not(monkeypatch):
    monkeypatch.delenv("BALAI_SECRET_KEYS", raising=False)
    assert grade_and_words("keys")[0] == "care"
    monkeypatch.setenv("BALAI_SECRET_KEYS", "x")
    assert grade_and_words("keys")[0] == "ok"


def test_an_address_without_tls_is_told(settings):
    settings.BEHIND_TLS = False
    assert "no TLS" in grade_and_words("address")[1]
    settings.BEHIND_TLS = True
    assert grade_and_words("address")[0] == "ok"


def test_administrators_without_a_second_factor_are_counted():
    assert grade_and_words("second factor")[0] == "ok"
    make_member(make_institution(), "system_admin")

    assert grade_and_words("second factor") == (
        "care", "1 administrators sign in with a password alone",
    )  # fmt: skip


def test_work_that_fails_is_bad_and_work_that_nobody_does_is_told():
    assert "no worker ran" in grade_and_words("work")[1]
    moment = now()
    Beat.objects.create(sweep="inbox.take_in", ran_at=moment, next_at=moment)
    assert grade_and_words("work") == ("ok", "all sweeps run")

    Beat.objects.update(trouble="kaputt", failed_at=moment)
    assert grade_and_words("work") == ("bad", "failing: inbox.take_in (see the log)")

    past = moment - timedelta(minutes=11)
    Beat.objects.update(trouble="", ran_at=past, next_at=past)
    assert "no worker ran" in grade_and_words("work")[1]


def test_parcels_that_wait_too_long_are_counted():
    open_log().append("in.file", b"", size=7)
    assert grade_and_words("log")[0] == "ok"
    LogBatch.objects.update(appended_at=now() - timedelta(minutes=2))

    assert grade_and_words("log")[1].startswith("7 parcels wait since")


def test_a_broken_connection_is_bad_in_the_networks_words():
    make_connection(make_institution(), name="Papan", state="broken", trouble="kata sandi salah")

    assert grade_and_words("connections") == ("bad", "Papan: kata sandi salah")


def test_dispatches_of_unknown_outcome_are_counted():
    line = make_connection(make_institution())
    Dispatch.objects.create(
        institution=line.institution, connection=line, key="k", purpose="x", ref=1, outgoing="{}",
        state="unknown", due_at=now(), created_at=now(),
    )  # fmt: skip

    assert grade_and_words("dispatches")[1].startswith("1 with unknown outcome")


def test_unreadable_parcels_are_counted_and_dead_letters_are_bad():
    Parcel.objects.create(
        connection=make_connection(make_institution()), body=b"", arrived_at=now(),
        state="unreadable",
    )  # fmt: skip
    assert grade_and_words("parcels")[0] == "care"
    Announcement.objects.create(
        name="x", facts={}, announced_at=now(), next_try_at=now(), is_dead=True
    )

    assert grade_and_words("dead letters")[0] == "bad"


@pytest.mark.parametrize(("gigabytes", "grade"), [(0.5, "bad"), (3, "care"), (50, "ok")])
def test_a_disk_that_fills_up_is_told_before_it_is_full(gigabytes, grade, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(0, 0, gigabytes * 2**30))

    assert grade_and_words("disk")[0] == grade


def test_missing_tables_are_bad_and_every_other_look_goes_on(tmp_path):
    (tmp_path / "home").mkdir()

    done = console.balai(tmp_path / "home", "doctor", "--json")

    found = {one["what"]: one for one in json.loads(done.stdout)}
    assert done.returncode == 1
    assert "run balai migrate" in found["tables"]["words"]
    assert found["disk"]["grade"] in ("ok", "care", "bad")


def test_a_home_that_is_not_there_is_told_and_not_made(tmp_path):
    done = console.balai(tmp_path / "typo", "doctor")

    assert done.returncode == 1
    assert "there is no installation in" in done.stderr
    assert not (tmp_path / "typo").exists()
