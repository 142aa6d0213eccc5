"""backup, restore: what was kept is proved before anything is written, and opens with its keys."""

import io
import json
import os
import shutil
import tarfile

import pytest

from balai.config.tests import console

SEALED = "[c.identity for c in Citizen.objects.all()]"
SPEAK = """
from datetime import UTC, datetime
from balai.people.models import Institution
from balai.people.selectors import OPERATOR
from balai.channels.services import open_file_line
from balai.config.imports import import_file
from balai.config.mapping import Mapping
from pathlib import Path
file = Path("rows.csv")
file.write_text("text,date,nama\\nLampu mati,2026-11-01,Sari\\n")
import_file(file, Mapping.of((), zone="UTC", sent_at=None), connection_name="Arsip",
    institution_slug=None, dry_run=False, refused=lambda *_: None)
from django.conf import settings
kept = settings.HOME.path / "files" / "ab" / "abcd"
kept.parent.mkdir(parents=True)
kept.write_bytes(b"foto")
"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory, founded):
    """A home in which a citizen spoke, with its backups: (home, without keys, with keys)."""
    place = tmp_path_factory.mktemp("spoken")
    home = place / "home"
    shutil.copytree(founded, home)
    for done in (
        console.python(home, SPEAK),
        console.balai(home, "backup", str(place / "bare.tar")),
        console.balai(home, "backup", str(place / "keys.tar"), "--with-keys"),
    ):
        assert done.returncode == 0, done.stderr
    return home, place / "bare.tar", place / "keys.tar"


def snapshot(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restore(backup, home, **more):
    return console.balai(home, "restore", str(backup), **more)


def test_a_restored_home_opens_with_its_keys_and_its_audit_log_holds(spoken, tmp_path):
    home, _, backup = spoken
    head = console.balai(home, "audit", "head", "--institution", "contoh")
    (tmp_path / "head.json").write_text(head.stdout)

    done = restore(backup, tmp_path / "new")

    assert done.returncode == 0, done.stderr
    assert console.told(tmp_path / "new", SEALED) == console.told(home, SEALED) != []
    assert "Sari" in console.told(tmp_path / "new", SEALED)[0]
    verified = console.balai(
        tmp_path / "new", "audit", "verify", "--head", str(tmp_path / "head.json")
    )
    assert verified.returncode == 0, verified.stdout
    assert (tmp_path / "new" / "files" / "ab" / "abcd").read_bytes() == b"foto"
    again = console.balai(tmp_path / "new", "import", str(home.parent / "rows.csv"),
                          "--channel", "Arsip")  # fmt: skip
    assert "0 kept, 1 known already" in again.stdout


def test_a_backup_without_keys_says_so_and_waits_for_the_old_ones(spoken, tmp_path):
    home, backup, _ = spoken

    done = restore(backup, tmp_path / "new")

    assert done.returncode == 0
    assert "put the keys of that installation into" in done.stdout
    assert not (tmp_path / "new" / "keys").exists()  # no new keys in the place of the old ones
    shutil.copytree(home / "keys", tmp_path / "new" / "keys")
    assert console.told(tmp_path / "new", SEALED) == console.told(home, SEALED)


def test_a_backup_is_readable_by_its_owner_only_and_leaves_nothing_beside_it(spoken):
    _, bare, with_keys = spoken

    assert bare.stat().st_mode & 0o077 == with_keys.stat().st_mode & 0o077 == 0
    assert {path.name for path in bare.parent.iterdir()} == {
        "home", "bare.tar", "keys.tar", "rows.csv",
    }  # fmt: skip


def rewritten(backup, target, change):
    """The backup with its members changed: `change` gets and gives a dict of name and bytes."""
    with tarfile.open(backup) as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar}
    with tarfile.open(target, "w") as tar:
        for name, body in change(members).items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
    return target


def manifest_with(members, change):
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    return {**members, "manifest.json": json.dumps(manifest).encode()}


TAMPERED = {
    "a file was changed": (
        lambda m: {**m, "files/ab/abcd": b"lain"}, "files/ab/abcd is not what the manifest says",
    ),
    "the database was changed": (
        lambda m: {**m, "balai.sqlite3": m["balai.sqlite3"][:-1] + b"x"}, "is not what the",
    ),
    "a file was added": (lambda m: {**m, "files/ab/new": b""}, "files/ab/new is not what"),
    "a file is missing": (
        lambda m: {k: v for k, v in m.items() if k != "files/ab/abcd"}, "lacks files/ab/abcd",
    ),
    "the manifest is missing": (
        lambda m: {k: v for k, v in m.items() if k != "manifest.json"}, "no backup of Balai",
    ),
    "the manifest is no JSON": (lambda m: {**m, "manifest.json": b"{"}, "no backup of Balai"),
    "a name leads out of the home": (
        lambda m: manifest_with(
            {**m, "files/../../escaped": b"x"},
            lambda manifest: manifest["files"].update({"files/../../escaped": "0"}),
        ),
        "belongs to no backup",
    ),
    "the manifest names no database": (
        lambda m: manifest_with(m, lambda manifest: manifest["files"].pop("balai.sqlite3")),
        "it has no database",
    ),
    "it is of another database": (
        lambda m: manifest_with(
            {**m, "balai.pgdump": b""},
            lambda manifest: (
                manifest.update(database="postgresql"),
                manifest["files"].update({"balai.pgdump": manifest["files"]["balai.sqlite3"]}),
            ),
        ),
        "is not what the manifest says",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_a_backup_that_was_tampered_with_is_refused_and_nothing_is_written(how, spoken, tmp_path):
    change, words = TAMPERED[how]
    backup = rewritten(spoken[1], tmp_path / "tampered.tar", change)

    done = restore(backup, tmp_path / "new")

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"tampered.tar"}


@pytest.mark.parametrize("kind", ["link", "half", "text"])
def test_what_is_no_whole_backup_is_refused_in_words(kind, spoken, tmp_path):
    backup = tmp_path / "odd.tar"
    if kind == "link":
        with tarfile.open(backup, "w") as tar:
            member = tarfile.TarInfo("manifest.json")
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(member)
    else:
        whole = spoken[1].read_bytes()
        backup.write_bytes(whole[: len(whole) // 2] if kind == "half" else b"halo" * 1000)

    done = restore(backup, tmp_path / "new")

    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "new").exists()


def test_a_home_that_lives_is_never_overwritten(spoken):
    home, _, backup = spoken
    before = snapshot(home)

    done = restore(backup, home)

    assert done.returncode == 1
    assert "restore into a new home" in done.stderr
    assert snapshot(home) == before


def test_other_keys_in_the_new_home_are_never_overwritten(spoken, tmp_path):
    (tmp_path / "new" / "keys").mkdir(parents=True)
    (tmp_path / "new" / "keys" / "master").write_text("punya orang lain")

    done = restore(spoken[2], tmp_path / "new")

    assert done.returncode == 1
    assert "is another key than the backup's" in done.stderr
    assert snapshot(tmp_path / "new").popitem()[1] == b"punya orang lain"


def test_a_backup_of_sqlite_does_not_go_into_postgresql(spoken, tmp_path):
    done = restore(spoken[1], tmp_path / "new", BALAI_DATABASE_URL="postgres://a@127.0.0.1/b")

    assert "the backup is of sqlite, BALAI_DATABASE_URL says postgresql" in done.stderr


def test_a_folder_that_is_not_there_is_told(spoken, tmp_path):
    done = console.balai(spoken[0], "backup", str(tmp_path / "nirgends" / "b.tar"))

    assert done.returncode == 1
    assert "No such file or directory" in done.stderr
    assert "Traceback" not in done.stderr


POSTGRES = os.environ.get("BALAI_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")


@pytest.fixture
def databases():
    """Two empty databases on the test server, and their addresses."""
    psycopg = pytest.importorskip("psycopg")
    if shutil.which("pg_dump") is None:
        pytest.skip("NO POSTGRESQL: pg_dump is not on this machine")
    names = [f"balai_keeping_{os.getpid()}_{which}" for which in ("old", "new")]
    try:
        with psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3) as server:
            for name in names:
                server.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        pytest.skip(f"NO POSTGRESQL: nothing answers at {POSTGRES.rpartition('@')[2]}")
    yield [f"{POSTGRES.rpartition('/')[0]}/{name}" for name in names]
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        for name in names:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_postgresql_is_kept_and_restored_into_an_empty_database_only(databases, tmp_path):
    old, new = ({"BALAI_DATABASE_URL": url} for url in databases)
    home = console.found(tmp_path / "old", **old)
    assert console.python(home, SPEAK, **old).returncode == 0
    backup = tmp_path / "b.tar"
    kept = console.balai(home, "backup", str(backup), "--with-keys", **old)
    assert kept.returncode == 0, kept.stderr

    full = restore(backup, tmp_path / "full", **old)
    done = restore(backup, tmp_path / "new", **new)

    assert full.returncode == 1
    assert "is not empty" in full.stderr
    assert not (tmp_path / "full").exists()
    assert done.returncode == 0, done.stderr
    assert console.told(tmp_path / "new", SEALED, **new) == console.told(home, SEALED, **old)
    assert console.balai(tmp_path / "new", "audit", "verify", **new).returncode == 0
