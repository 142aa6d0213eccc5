"""import on real exports: what is kept and refused is counted again here, with the csv module.

The rows are personal data of others: nothing of them is printed, and a failure tells numbers only.
"""

import csv
import gzip
import io
import os
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from balai.config.cli import main
from balai.ground.clock import now
from balai.inbox.models import Conversation, Message
from balai.inbox.search import search
from balai.people.tests.make import make_institution

DATA = Path(os.environ.get("BALAI_TEST_DATA") or Path(__file__).parents[5] / "shared" / "data")
LAPOR = "civic/sp4n-lapor-tweets/sp4n_mentions_a.csv"
MEDIA_CENTER = "civic/surabaya-complaints-2022/complaints_mod6_0.csv"
ANNOTATED = "nlp/complaints_surabaya/valid.csv"
TRAIN = "nlp/complaints_surabaya/train.csv.gz"

pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def office():
    if not (DATA / LAPOR).exists():
        pytest.skip(f"NO DATA FOLDER: {DATA} (set BALAI_TEST_DATA)")
    return make_institution()


def rows_of(path):
    packed = path.read_bytes()
    plain = gzip.decompress(packed) if path.suffix == ".gz" else packed
    return list(csv.DictReader(io.StringIO(plain.decode("utf-8-sig"), newline="")))


def run(path, *arguments):
    done = CliRunner().invoke(main, ["import", str(path), "--channel", "Arsip", *arguments])
    found = re.search(r"(\d+) rows, (\d+) kept.*?, (\d+) known already, (\d+) refused", done.stdout)
    assert found is not None, done.exit_code
    return [int(number) for number in found.groups()], done


def a_word_of(texts):
    """A word that stands in few of the texts, and in how many."""
    words = Counter(w for text in texts for w in set(re.findall(r"[^\W_]+", text.lower())))
    plain = re.compile(r"[a-z]{6,12}")
    return min((n, word) for word, n in words.items() if 2 <= n <= 20 and plain.fullmatch(word))


def test_the_mentions_of_lapor_are_kept_wholly_as_the_csv_module_counts_them(office):
    texts = [row["full_text"] for row in rows_of(DATA / LAPOR)]
    distinct = len(set(texts))

    counted, _ = run(DATA / LAPOR, "--sent-at", "2024-06-01")

    assert counted == [len(texts), distinct, len(texts) - distinct, 0]
    assert Message.objects.count() == distinct
    kept = Counter(Message.objects.values_list("text", flat=True)) == Counter(set(texts))
    assert kept  # letter for letter
    again, _ = run(DATA / LAPOR, "--sent-at", "2024-06-01")
    assert again == [len(texts), 0, len(texts), 0]


def test_rows_without_a_time_are_refused_each_with_its_line(office):
    rows = rows_of(DATA / ANNOTATED)

    done = CliRunner().invoke(main, ["import", str(DATA / ANNOTATED), "--channel", "Arsip"])

    assert done.exit_code == 1
    assert "no column is known as sent_at" in done.stderr
    counted, done = run(DATA / ANNOTATED, "--map", "sent_at=bulan")
    assert counted == [len(rows), 0, 0, len(rows)]  # a month is no time
    numbers = [int(line.split(":")[1]) for line in done.stderr.splitlines()]
    assert numbers == lines_of(DATA / ANNOTATED)


def lines_of(path):
    """On which line each row begins, told by a reader that knows where the one before it ended."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader, begins = csv.reader(text), []
        next(reader)
        end = reader.line_num
        for _ in reader:
            begins.append(end + 1)
            end = reader.line_num
    return begins


def test_ten_thousand_complaints_of_surabaya_are_kept_and_found_by_a_word(office, tmp_path):
    rows = rows_of(DATA / TRAIN)
    plain = tmp_path / "train.csv"
    plain.write_bytes(gzip.decompress((DATA / TRAIN).read_bytes()))

    counted, _ = run(plain, "--sent-at", "2023-06-30", "--history")

    blank = sum(not row["text"].strip() for row in rows)
    assert counted == [len(rows), len(rows) - blank, 0, blank]
    assert not Conversation.objects.filter(is_open=True).exists()
    count, word = a_word_of(row["text"] for row in rows)
    assert len(search(office.pk, word).found) == count


def test_the_times_of_surabaya_are_utc_and_old_messages_are_never_in_time(office):
    rows = rows_of(DATA / MEDIA_CENTER)

    counted, done = run(DATA / MEDIA_CENTER, "--zone", "UTC")

    assert counted == [len(rows), len(rows), 0, 0]
    assert f"{len(rows)} rows older than 30 days are open now, and late" in done.stdout
    sent = dict(Message.objects.values_list("remote_id", "sent_at"))
    wrong = [
        row["id"] for row in rows
        if sent[row["id"]] != datetime.fromisoformat(row["tanggal_keluhan"]).replace(tzinfo=UTC)
    ]  # fmt: skip
    assert wrong == []
    late = Conversation.objects.filter(due_at__lt=now(), first_answered_at=None, is_open=True)
    assert late.count() == len(rows)
    assert not Conversation.objects.filter(response_minutes__isnull=False).exists()
