"""import: every row is kept once, known already, or refused with the line on which it stands."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from balai.channels.models import Connection, Parcel
from balai.channels.services import close_connection
from balai.config.cli import main
from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.inbox.models import Conversation, Message
from balai.inbox.selectors import Asked, queue
from balai.people.selectors import OPERATOR
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its path."""

    def write(content, name="arsip.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def run(file, *arguments):
    return CliRunner().invoke(main, ["import", str(file), "--channel", "Arsip", *arguments])


def refusals(done):
    return [line.split(":", 2)[1:] for line in done.stderr.splitlines()]


def lines_refused(done):
    return [int(line) for line, _ in refusals(done)]


def texts():
    return list(Message.objects.order_by("id").values_list("text", flat=True))


def test_rows_land_as_messages_with_their_columns_as_facts(institution, file):
    done = run(file("nomor,isi,tanggal,kecamatan\n7,Lampu mati,2026-11-02 08:00,Wonokromo\n"))

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "arsip.csv: 1 rows, 1 kept, 0 known already, 0 refused\n"
    message = Message.objects.get()
    assert (message.text, message.remote_id) == ("Lampu mati", "7")
    assert message.sent_at == datetime(2026, 11, 2, 8, tzinfo=UTC)
    assert message.extra["facts"] == {"kecamatan": "Wonokromo"}
    assert AuditEntry.objects.get(did="file.imported").facts["kept"] == 1


def test_a_second_import_of_the_same_file_keeps_nothing_twice(institution, file):
    arsip = file("text,created_at\nsatu,2026-11-01\ndua,2026-11-01\ndua,2026-11-01\n")

    first, second = run(arsip), run(arsip)

    assert "3 rows, 2 kept, 1 known already, 0 refused" in first.stdout
    assert "3 rows, 0 kept, 3 known already, 0 refused" in second.stdout
    assert texts() == ["satu", "dua"]
    assert Parcel.objects.count() == 1


def test_every_refused_row_is_told_with_the_line_on_which_it_begins(institution, file):
    rows = [
        b"\xef\xbb\xbftext;created_at;id",  # 1: a BOM stands before the first name
        b"",  # 2
        b'"dua\nbaris";2026-11-01;a',  # 3-4
        b"terlalu;sedikit",  # 5: two cells
        b"",  # 6
        b'"tiga\n\nbaris";bukan waktu;b',  # 7-9
        b"caf\xe9;2026-11-01;c",  # 10: ISO 8859-1
        b"nol\x00;2026-11-01;d",  # 11
        b";2026-11-01;e",  # 12: no text
        b"baik;2026-11-01;f",  # 13
        b"tanpa waktu;;g",  # 14
        b'"buka;2026-11-01;h',  # 15: a quotation mark that is never closed
        b"tetap;2026-11-01;i",  # 16
    ]

    done = run(file(b"\r\n".join(rows)))

    assert lines_refused(done) == [5, 7, 10, 11, 12, 14, 15]
    assert done.exit_code == 1
    assert texts() == ["dua\nbaris", "baik", "tetap"]
    words = dict(refusals(done))
    assert "2 cells, the header has 3" in words["5"]
    assert "'bukan waktu' cannot be read" in words["7"]
    assert "0xE9" in words["10"]
    assert "cp1252" in words["10"]
    assert "NUL" in words["11"]
    assert "--sent-at" in words["14"]
    assert "never closed" in words["15"]


def test_an_open_quotation_mark_costs_only_its_own_row(institution, file):
    rows = ["id,text,date", '1,"buka,2026-11-01', '2,"utuh",2026-11-01', '3,"dua",2026-11-01']

    done = run(file("\n".join(rows) + "\n"))

    assert lines_refused(done) == [2]
    assert texts() == ["utuh", "dua"]


def test_broken_json_is_told_and_what_stands_behind_it_is_kept(institution, file):
    rows = [
        '{"text": "satu", "date": "2026-11-01"}',
        "",
        '{"text": "putus", ',
        '["bukan", "objek"]',
        '{"text": {"id": "bersarang"}, "date": "2026-11-01"}',
        '{"text": NaN, "date": "2026-11-01"}',
        "[" * 100_000,
        '{"text": "\\ud83d separuh \\u0000", "date": "2026-11-01"}',
        '{"text": "akhir", "date": 1761955200}',
    ]

    done = run(file("\n".join(rows), "arsip.jsonl"))

    assert lines_refused(done) == [3, 4, 5, 6, 7]
    assert texts() == ["satu", "? separuh ", "akhir"]


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-04T05:06:00+00:00",
        "2026-03-04T12:06:00+07:00",
        "2026-03-04 05:06:00",
        "2026-03-04T05:06:00Z",
        "04/03/2026 05:06",
        "04-03-2026 05:06:00",
        "04/03/2026 05.06",
        "Wed, 04 Mar 2026 12:06:00 +0700",
        "Wed Mar 04 05:06:00 +0000 2026",
        "1772600760",
        "1772600760000",
    ],
)
def test_a_time_is_read_as_offices_and_networks_write_it(institution, file, written):
    run(file(f'text,date\nhalo,"{written}"\n'))

    assert Message.objects.get().sent_at == datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def test_a_time_without_a_zone_lies_in_the_zone_that_was_said(institution, file):
    run(file("text,date\nhalo,2026-03-04 05:06\n"), "--zone", "Asia/Makassar")

    assert Message.objects.get().sent_at == datetime(2026, 3, 3, 21, 6, tzinfo=UTC)


@pytest.mark.parametrize("written", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+07:00"])
def test_a_time_that_no_calendar_holds_is_refused(institution, file, written):
    assert lines_refused(run(file(f"text,date\nhalo,{written}\n"))) == [2]


def test_huge_cells_are_refused_and_the_numbers_behind_them_stay_true(institution, file):
    rows = [
        "text,date",
        f"{'a' * 300_000},2026-11-01",  # 2: longer than the inbox keeps
        f"{'b' * 2_000_000},2026-11-01",  # 3: longer than a cell may be
        f"{'c' * 9_000_000},2026-11-01",  # 4: longer than a line may be
        f"{'d' * 100_000},2026-11-01",  # 5
        ",2026-11-01",  # 6
    ]

    done = run(file("\n".join(rows)))

    assert lines_refused(done) == [2, 3, 4, 6]
    assert texts() == ["d" * 100_000]


def test_an_export_of_excel_is_read_with_its_own_letters(institution, file):
    excel = file("text,date\ncafé ditutup,2026-11-01\n".encode("cp1252"))

    assert run(excel).exit_code == 1
    assert run(excel, "--encoding", "cp1252").exit_code == 0
    assert texts() == ["café ditutup"]


def test_a_file_in_utf_16_is_known_by_its_mark(institution, file):
    done = run(file("text\tdate\nkafé\t2026-11-01\n".encode("utf-16")))

    assert done.exit_code == 0, done.stderr
    assert texts() == ["kafé"]


def test_a_mapping_points_at_any_column_also_inside_of_an_object(institution, file):
    row = {"pesan warga": "Halo", "pada": "2026-11-01", "siapa": {"id": 12, "nama": "Sari"}}

    done = run(
        file(json.dumps(row), "arsip.jsonl"), "--map", "text=pesan warga", "--map", "sent_at=pada",
        "--map", "author=siapa.id", "--map", "author_name=siapa.nama",
    )  # fmt: skip

    assert done.exit_code == 0, done.stderr
    assert json.loads(Conversation.objects.get().citizen.identity)["name"] == "Sari"


def test_a_dry_run_keeps_nothing_and_says_what_would_be_kept(institution, file):
    arsip = file("text,date\nsatu,2026-11-01\n,2026-11-01\n")

    done = run(arsip, "--dry-run")

    assert done.exit_code == 1
    assert "2 rows, 1 would be kept, 0 known already, 1 refused" in done.stdout
    assert lines_refused(done) == [3]
    assert not Message.objects.exists()
    assert not Connection.objects.exists()
    assert not AuditEntry.objects.filter(did="file.imported").exists()


def test_a_dry_run_knows_what_was_imported_before(institution, file):
    arsip = file("text,date\nsatu,2026-11-01\n")
    run(arsip)

    assert "0 would be kept, 1 known already" in run(arsip, "--dry-run").stdout


def test_the_report_is_one_json_object_when_it_is_asked_for(institution, file):
    done = run(file(f"text,date\nsatu,{now().isoformat()}\n"), "--json")

    assert json.loads(done.stdout) == {
        "file": "arsip.csv", "dry_run": False, "rows": 1, "kept": 1, "known": 0, "refused": 0,
        "history": 0, "old": 0, "waiting": 0,
    }  # fmt: skip


def test_old_messages_are_open_and_late_and_the_operator_is_told(institution, file):
    old = now() - timedelta(days=400)

    done = run(file(f"text,date\nLampu jalan mati,{old.isoformat()}\nX,1999-01-01\n"))

    assert "2 rows older than 30 days are open now, and late" in done.stdout
    assert "--history" in done.stdout
    for talk in Conversation.objects.all():
        assert talk.is_open
        assert talk.due_at < now()
        assert talk.first_answered_at is None


def test_history_can_be_found_and_nobody_owes_an_answer(institution, file):
    member = make_member(institution, "responder")

    done = run(file("text,date,id\nLampu jalan mati,2025-01-01,1\n"), "--history")

    assert "1 kept (1 as history), 0 known already" in done.stdout
    assert "late" not in done.stdout
    talk = Conversation.objects.get()
    assert (talk.state, talk.is_open, talk.clock, talk.due_at) == ("confirmed", False, "", None)
    assert talk.first_answered_at is None  # nobody answered it here: it never counts as in time
    assert queue(member, Asked(view="open")).rows == []
    assert len(queue(member, Asked(view="done")).rows) == 1


def test_what_was_said_before_a_day_is_history_and_the_rest_is_owed(institution, file):
    rows = "text,date\nlama,2026-10-31 23:59\nbaru,2026-11-01 00:00\n"

    run(file(rows), "--history-before", "2026-11-01")

    assert {t.preview: t.is_open for t in Conversation.objects.all()} == {
        "lama": False, "baru": True,
    }  # fmt: skip


def test_a_thread_of_history_is_one_conversation_that_ended_with_its_last_word(institution, file):
    rows = "text,date,thread,author\nb,2025-01-02,u,s\na,2025-01-01,u,s\nc,2025-03-09,u,s\n"

    run(file(rows), "--history")

    talk = Conversation.objects.get()
    assert talk.messages_in == 3
    assert talk.opened_at == datetime(2025, 1, 1, tzinfo=UTC)
    assert talk.resolved_at == talk.last_at == datetime(2025, 3, 9, tzinfo=UTC)


def test_what_a_citizen_adds_long_after_history_is_a_new_conversation(institution, file):
    run(file("text,date,thread,author\nlama,2025-01-01,u,s\n"), "--history")
    run(file(f"text,date,thread,author\nbaru,{now().isoformat()},u,s\n"))

    assert [(t.preview, t.is_open) for t in Conversation.objects.order_by("id")] == [
        ("lama", False), ("baru", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "arguments", "words"),
    [
        ("", "a.csv", [], "no header line"),
        ("\n\n\n", "a.csv", [], "no header line"),
        ("kolom,lain\n1,2\n", "a.csv", [], "no column is known as text: say --map text=COLUMN"),
        ("text,lain\n1,2\n", "a.csv", [], "--map sent_at=COLUMN or --sent-at"),
        ("text,date\n", "a.csv", ["--map", "author=x"], "no such column; the file has: text, date"),
        ("text,text,date\n", "a.csv", [], "two columns have one name: text"),
        ("x", "a.xlsx", [], "must end in .jsonl or .csv"),
        ('[{"text": "a"}]', "a.json", [], "jq -c '.[]'"),
        ("text,date\n", "a.csv", ["--map", "isi"], "say FIELD=COLUMN"),
        ("text,date\n", "a.csv", ["--map", "warna=x"], "say FIELD=COLUMN"),
        ("text,date\n", "a.csv", ["--zone", "Mars"], "no such zone"),
        ("text,date\n", "a.csv", ["--zone", "Asia"], "no such zone"),
        ("text,date\n", "a.csv", ["--sent-at", "kemarin"], "no time that can be read"),
        ("text,date\n", "a.csv", ["--encoding", "latein"], "no such encoding"),
        ("text,date\n", "a.csv", ["--institution", "atlantis"], "no institution is called"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_at_all_is_told_in_words(
    institution, file, content, name, arguments, words
):
    done = run(file(content, name), *arguments)

    assert done.exit_code == 1
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert not Message.objects.exists()


def test_several_institutions_ask_for_the_choice_and_none_for_the_founding(file):
    arsip = file("text,date\nsatu,2026-11-01\n")
    assert "setting one up" in run(arsip).stderr
    one, _ = make_institution(), make_institution()
    assert "choose one with --institution" in run(arsip).stderr

    assert run(arsip, "--institution", one.slug).exit_code == 0


def test_a_pipe_is_refused_because_it_cannot_be_read_twice(institution, tmp_path):
    os.mkfifo(tmp_path / "pipa.csv")

    assert "only a file can be imported" in run(tmp_path / "pipa.csv").stderr


def test_a_closed_connection_takes_nothing_in(institution, file):
    arsip = file("text,date\nsatu,2026-11-01\n")
    run(arsip)
    close_connection(Connection.objects.get(), by=OPERATOR)

    assert "was closed" in run(arsip).stderr


def test_rows_that_the_landing_cannot_keep_are_refused_and_not_lost(institution, file, monkeypatch):
    monkeypatch.setattr(
        "balai.inbox.sweeps._land",
        lambda opened: Parcel.objects.update(state="unreadable", trouble="gudang penuh"),
    )

    done = run(file("text,date\nsatu,2026-11-01\n\ndua,2026-11-01\n"))

    assert lines_refused(done) == [2, 4]
    assert "gudang penuh" in done.stderr
    assert "0 kept" in done.stdout
