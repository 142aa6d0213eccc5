"""audit, user, work, export, and what every command promises: help, words, no questions."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner

from balai.config.cli import COMMANDS, main
from balai.config.tests import console
from balai.governance.models import AuditEntry, AuditHead
from balai.governance.services import record
from balai.inbox.models import Conversation
from balai.inbox.tests.talking import hear, make_line
from balai.people.models import Member, User
from balai.people.selectors import OPERATOR
from balai.people.tests.make import make_institution, make_member

HELP = """
import sys
from click.testing import CliRunner
from balai.config.cli import COMMANDS, main
for name in COMMANDS:
    done = CliRunner().invoke(main, [name, "--help"])
    assert done.exit_code == 0, (name, done.output)
    assert done.output.startswith("Usage: ") and len(done.output.splitlines()) > 4, name
    assert "django" not in sys.modules, name
"""


def run(*arguments):
    done = CliRunner().invoke(main, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def test_every_command_has_help_without_a_home_a_database_or_django(tmp_path):
    environment = console.environment(tmp_path / "none")
    done = subprocess.run(
        [sys.executable, "-c", HELP], env=environment, cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    assert "import" in COMMANDS


@pytest.mark.parametrize(
    "command",
    [
        ("audit", "verify"), ("audit", "head", "--institution", "x"), ("secrets", "rotate"),
        ("user", "reset", "a@b.example"), ("channel", "check", "x"), ("backup", "b.tar"),
        ("export", "out", "--institution", "x"), ("doctor",), ("work", "--once"),
    ],
)  # fmt: skip
def test_a_mistyped_home_is_told_and_never_becomes_an_empty_installation(command, tmp_path):
    done = console.balai(tmp_path / "typo", *command)

    assert done.returncode == 1
    assert "there is no installation in" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgres://a:b@127.0.0.1:1/c", "the database does not answer"),
        ("mysql://x", "must begin with postgres://"),
        ("balai", "must begin with postgres://"),
    ],
)
def test_a_database_that_does_not_answer_is_told_in_words(url, words, tmp_path):
    (tmp_path / "home").mkdir()

    done = console.balai(tmp_path / "home", "audit", "verify", BALAI_DATABASE_URL=url)

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


# audit


@pytest.fixture
def institution(db):
    institution = make_institution()
    for number in range(3):
        record(by=OPERATOR, did=f"test.{number}", on=institution)
    return institution


def test_a_chain_that_holds_is_told_with_exit_code_0(institution):
    done = run("audit", "verify", "--institution", institution.slug)

    assert done.exit_code == 0
    assert "3" in done.stdout
    assert json.loads(run("audit", "verify", "--json").stdout)[-1]["holds"] is True


def test_a_chain_that_was_edited_is_told_with_its_first_broken_row(institution):
    end = AuditHead.objects.get(institution_id=institution.pk)
    AuditHead.objects.filter(pk=end.pk).update(hash="0" * 64)

    done = run("audit", "verify", "--json")

    assert done.exit_code == 1
    assert [r["number"] for r in json.loads(done.stdout) if not r["holds"]] == [3]


def test_a_kept_head_proves_what_was_rewritten_or_removed(institution, tmp_path):
    head = json.loads(run("audit", "head", "--institution", institution.slug).stdout)
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps(head))
    assert run("audit", "verify", "--head", str(kept)).exit_code == 0

    AuditHead.objects.filter(institution_id=institution.pk).update(number=0, hash="")
    assert run("audit", "verify", "--head", str(kept)).exit_code == 1
    AuditHead.objects.filter(institution_id=institution.pk).delete()
    assert run("audit", "verify", "--head", str(kept)).exit_code == 1


@pytest.mark.parametrize("content", ["", "{}", "[]", "halo", '{"institution_id": "x"}'])
def test_a_file_that_is_no_head_is_told(institution, tmp_path, content):
    (tmp_path / "head.json").write_text(content)

    done = run("audit", "verify", "--head", str(tmp_path / "head.json"))

    assert done.exit_code == 1
    assert "is no head that balai audit head printed" in done.stderr


def test_a_head_whose_signature_is_wrong_is_told(institution, tmp_path):
    head = json.loads(run("audit", "head", "--institution", institution.slug).stdout)
    (tmp_path / "head.json").write_text(json.dumps({**head, "number": 1}))

    done = run("audit", "verify", "--head", str(tmp_path / "head.json"))

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")


def test_an_unknown_institution_is_never_verified_by_silence(institution):
    for command in (("verify",), ("head",)):
        done = run("audit", *command, "--institution", "atlantis")
        assert done.exit_code == 1
        assert "no institution is called atlantis" in done.stderr


# user


def create(institution, email="sari@contoh.example", *more):
    return run(
        "user", "create", email, "--institution", institution.slug, "--name", "Sari",
        "--role", "responder", *more,
    )  # fmt: skip


def password_in(done):
    return done.stdout.split(" password ")[1].split()[0]


def test_a_member_who_was_created_signs_in_with_the_printed_password(institution):
    done = create(institution)

    assert done.exit_code == 0, done.stderr
    assert User.objects.get(email="sari@contoh.example").check_password(password_in(done))
    assert Member.objects.get().grants.get().role == "responder"


def test_a_person_who_signs_in_already_keeps_the_password_and_is_told_none(institution):
    member = make_member(make_institution(), password="kampung-durian-runtuh-7")

    done = create(institution, member.user.email)

    assert done.exit_code == 0, done.stderr
    assert "keeps the password" in done.stdout
    member.user.refresh_from_db()
    assert member.user.check_password("kampung-durian-runtuh-7")


@pytest.mark.parametrize("email", ["sari", "sari@", ""])
def test_an_address_that_is_none_is_refused_in_words(institution, email):
    done = create(institution, email)

    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert not User.objects.exists()


def test_a_member_is_not_created_twice_nor_with_a_role_that_is_none(institution):
    create(institution)

    assert create(institution).exit_code == 1
    done = create(institution, "budi@contoh.example", "--role", "raja")
    assert "no such role: raja (there are: " in done.stderr
    assert Member.objects.count() == 1


def test_a_reset_gives_a_new_password_and_takes_the_second_factor(institution):
    member = make_member(institution, "responder", password="kampung-durian-runtuh-7")
    Authenticator.objects.create(user=member.user, type="totp", data={})

    done = run("user", "reset", member.user.email.upper())

    assert done.exit_code == 0, done.stderr
    member.user.refresh_from_db()
    assert member.user.check_password(password_in(done))
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.filter(did="sign_in.reset", actor__contains="operator").exists()


def test_a_reset_of_nobody_is_told(institution):
    assert "nobody signs in as" in run("user", "reset", "x@contoh.example").stderr


# work


def test_work_once_does_what_is_due_and_ends(institution):
    assert run("work", "--once", "--role", "land").stdout == "0 done\n"


def test_an_unknown_role_is_told_with_those_that_exist(institution):
    done = run("work", "--role", "menyapu")

    assert done.exit_code == 1
    assert "no such role: menyapu (there are: land, receive, send, sweep)" in done.stderr


# export


@pytest.fixture
def spoken(institution):
    line = make_line(institution)
    hear(line, "Hubungi saya di 0812-3456-7890 atau sari@contoh.example")
    sealed = hear(line, "Ini rahasia")
    Conversation.objects.filter(pk=sealed.pk).update(state="sealed", is_open=False)
    return institution


def exported(institution, folder, *more):
    done = run("export", str(folder), "--institution", institution.slug, *more)
    assert done.exit_code == 0, done.stderr
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_an_export_is_masked_lacks_what_was_sealed_and_is_recorded(spoken, tmp_path):
    files = exported(spoken, tmp_path / "out")

    (message,) = map(json.loads, files["messages.jsonl"].splitlines())
    assert "0812" not in files["messages.jsonl"]
    assert "sari@" not in files["messages.jsonl"]
    assert message["text"].startswith("Hubungi saya di ")
    assert message["remote_id"] == ""  # a network's name of a message often names its author
    assert len(files["conversations.jsonl"].splitlines()) == 1
    assert "rahasia" not in "".join(files.values())
    entry = AuditEntry.objects.get(did="institution.exported")
    assert entry.facts["masked"] is True
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_the_manifest_of_an_export_has_the_hash_and_the_rows_of_each_file(spoken, tmp_path):
    files = exported(spoken, tmp_path / "out")

    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["sha256"] == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()
    }
    assert manifest["rows"] == {
        name.removesuffix(".jsonl"): len(text.splitlines()) for name, text in files.items()
    }


def test_personal_data_is_exported_only_when_asked_for_and_the_log_says_so(spoken, tmp_path):
    files = exported(spoken, tmp_path / "out", "--with-personal-data")

    assert "0812-3456-7890" in files["messages.jsonl"]
    assert AuditEntry.objects.get(did="institution.exported").facts["masked"] is False


def test_personal_data_behind_the_last_character_that_is_read_is_not_exported(spoken, tmp_path):
    hear(make_line(spoken), "panjang " * 4_000 + "sari@contoh.example")

    assert "sari@" not in exported(spoken, tmp_path / "out")["messages.jsonl"]


def test_an_export_never_mixes_with_other_files(spoken, tmp_path):
    (tmp_path / "ada").write_text("x")

    done = run("export", str(tmp_path), "--institution", spoken.slug)

    assert done.exit_code == 1
    assert "is not empty" in done.stderr
    assert os.listdir(tmp_path) == ["ada"]
