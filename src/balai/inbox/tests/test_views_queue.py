"""The queue: who sees what, in which order, at which cost."""

import gzip
import re
import sys
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from balai.ground.clock import now
from balai.ground.models import LogBatch
from balai.inbox import services
from balai.inbox.models import Conversation
from balai.inbox.tests.talking import came_to, hear, make_line, say, signed_in
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db
QUEUE, ROWS = "/kotak-masuk/", "/kotak-masuk/baris/"


@pytest.fixture
def institution():
    return make_institution()


@pytest.fixture
def line(institution):
    return make_line(institution)


@pytest.fixture
def officer(institution):
    return make_member(institution, "responder", name="Siti Rahma")


def rows_of(answer) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="c(\d+)"', answer.content.decode())]


def seen(member, **asked) -> list[int]:
    return rows_of(signed_in(member).get(QUEUE, asked))


def test_danger_stands_at_the_top_however_old_it_is(line, officer):
    danger = hear(line, "Ada kebakaran", priority=2, intent="report_emergency")
    newer = hear(line, "Kapan buka?")
    answer = signed_in(officer).get(QUEUE)
    assert rows_of(answer) == [danger.pk, newer.pk]
    assert "Bahaya" in answer.content.decode()


def test_each_tab_holds_its_own_and_says_how_many(line, officer):
    free, mine, done = hear(line), hear(line), hear(line, intent="praise")
    late = hear(line, due_at=now() - timedelta(hours=2))
    services.assign(mine, by=officer, to=officer)
    services.triage(done, by=officer, said={})
    services.set_aside(done, by=officer, reason="praise")
    waiting = hear(line)
    say(waiting, officer)
    assert seen(officer) == [late.pk, mine.pk, free.pk]
    assert seen(officer, view="mine") == [mine.pk]
    assert seen(officer, view="unassigned") == [late.pk, free.pk]
    assert seen(officer, view="late") == [late.pk]
    assert seen(officer, view="waiting") == [waiting.pk]
    assert seen(officer, view="done") == [done.pk]
    assert set(seen(officer, view="all")) == {free.pk, mine.pk, done.pk, late.pk, waiting.pk}
    page = signed_in(officer).get(QUEUE).content.decode()
    counts = re.findall(r'<span class="count[^"]*">(\d+)', page)
    assert counts == ["3", "1", "1", "1", "1"]  # open, mine, late, waiting, done


def test_what_is_late_comes_by_its_due_moment(line, officer):
    second = hear(line, due_at=now() - timedelta(hours=1))
    first = hear(line, due_at=now() - timedelta(hours=5))
    hear(line, due_at=now() + timedelta(hours=5))
    assert seen(officer, view="late") == [first.pk, second.pk]


def test_an_answer_that_only_a_person_can_settle_stands_before_what_is_late(line, officer):
    late = hear(line, due_at=now() - timedelta(hours=2))
    doubtful = hear(line, due_at=now() + timedelta(days=2))
    said = say(doubtful, officer)
    came_to(said, "unknown", looks_made=99)
    services.note_delivery(said)
    assert seen(officer, view="late") == [doubtful.pk, late.pk]
    page = signed_in(officer).get(QUEUE, {"view": "late"}).content.decode()
    assert "Sampaikah jawaban kita?" in page
    assert re.search(r"Terlambat atau perlu orang <span[^>]*>2<", page)
    came_to(said, "out")
    services.note_delivery(said)
    assert seen(officer, view="late") == [late.pk]


def test_what_only_machines_wrote_is_not_counted_as_waiting(line, officer):
    hear(line)
    hear(line, "Saya sedang cuti", is_automatic=True)
    page = signed_in(officer).get(QUEUE).content.decode()
    assert re.findall(r'<span class="count[^"]*">(\d+)', page)[0] == "1"
    machines = Conversation.objects.get(is_open=False)
    services.triage(machines, by=officer, said={})
    page = signed_in(officer).get(QUEUE).content.decode()
    assert re.findall(r'<span class="count[^"]*">(\d+)', page)[0] == "2"


def test_filters_narrow_the_queue_and_nonsense_filters_nothing(institution, line, officer):
    other = make_line(institution, "email")
    unit = make_unit(institution)
    complaint = hear(line, intent="complaint", language="jav")
    mail = hear(other)
    services.assign(mail, by=officer, unit=unit)
    assert seen(officer, channel="email") == [mail.pk]
    assert seen(officer, intent="complaint") == [complaint.pk]
    assert seen(officer, language="jav") == [complaint.pk]
    assert seen(officer, unit=str(unit.pk)) == [mail.pk]
    nonsense = {"channel": "x' OR 1=1", "unit": "-1", "after": "1-a", "view": "../"}
    assert seen(officer, **nonsense) == [mail.pk, complaint.pk]


def test_older_rows_follow_without_a_gap_or_a_repeat_in_every_view(line, officer):
    made = [hear(line, priority=n % 3).pk for n in range(53)]
    for view in ("open", "unassigned", "all"):
        client, found, address = signed_in(officer), [], f"?view={view}"
        while address:
            answer = client.get(QUEUE + address)
            found += rows_of(answer)
            link = re.search(r'rel="next"[^>]*href="([^"]+)"', answer.content.decode())
            address = link[1].replace("&amp;", "&") if link else ""
        assert sorted(found) == sorted(made), view


def test_the_page_costs_the_same_for_ten_conversations_as_for_five_hundred(line, officer):
    client = signed_in(officer)
    for _ in range(10):
        hear(line)
    client.get(QUEUE)  # what is read once in a process
    for view in ("open", "late", "waiting", "all"):
        with CaptureQueriesContext(database) as few:
            client.get(QUEUE, {"view": view})
        assert len(few) <= 18, view
    for _ in range(490):
        hear(line, due_at=now() - timedelta(hours=1))
    with CaptureQueriesContext(database) as few:
        client.get(QUEUE)
    assert len(few) <= 16  # one of them is the bell, one the order that the reader chose
    with CaptureQueriesContext(database) as few:
        client.get(QUEUE)
    assert len(few) <= 8  # nothing was announced since; drafts announce nothing
    answer = client.get(QUEUE)
    assert len(rows_of(answer)) == 50


@pytest.mark.only_on("sqlite")  # the plans are its own
@pytest.mark.parametrize("view", ["open", "mine", "unassigned", "late", "waiting", "done", "all"])
def test_no_view_of_the_queue_sorts_or_scans_what_history_left(line, officer, view):
    hear(line)
    client = signed_in(officer)
    with CaptureQueriesContext(database) as asked:
        client.get(QUEUE, {"view": view})
    reads = [q["sql"] for q in asked if "LIMIT 51" in q["sql"]]
    assert reads
    for sql in reads:
        with database.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = " | ".join(row[3] for row in cursor.fetchall())
        assert "TEMP B-TREE" not in plan, plan
        assert "SCAN inbox_conversation" not in plan, plan


def test_a_rare_filter_looks_through_a_bounded_part_and_says_where_it_stopped(
    line, officer, monkeypatch
):
    monkeypatch.setattr(sys.modules["balai.inbox.selectors.rows"], "WALK", 10)
    rare = hear(line, language="jav", due_at=now() - timedelta(hours=9))
    for n in range(24):
        hear(line, priority=n % 2, due_at=now() - timedelta(hours=1))
    for view in ("open", "unassigned", "late", "all"):
        client, found, pages, address = signed_in(officer), [], 0, f"?view={view}&language=jav"
        while address:
            page = client.get(QUEUE + address)
            body = page.content.decode()
            found, pages = found + rows_of(page), pages + 1
            link = re.search(r'rel="next"[^>]*href="([^"]+)"', body)
            address = link[1].replace("&amp;", "&") if link else ""
            assert not address or "yang lebih lama" in body
        assert found == [rare.pk], view
        assert pages <= 4, view


def test_a_page_of_rows_is_small(line, officer):
    texts = [
        "Selamat pagi, mohon bantuannya, saluran air di depan rumah kami tersumbat sejak hari "
        f"{n}, air masuk ke gang {n * 7 % 31} dan baunya menyengat, sudah lapor RT belum ada"
        for n in range(50)
    ]
    for n, text in enumerate(texts):
        hear(line, text, priority=n % 3, intent=("complaint", "question", "aspiration")[n % 3])
    body = signed_in(officer).get(ROWS).content
    assert len(gzip.compress(body, 6)) <= 5_000


def test_asking_again_costs_nothing_while_nothing_moved(line, officer):
    first = hear(line)
    client = signed_in(officer)
    answer = client.get(ROWS)
    assert "no-cache" in answer.headers["Cache-Control"]
    with CaptureQueriesContext(database) as asked:
        again = client.get(ROWS, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert len(asked) <= 5
    services.write_note(first, text="ditelepon", by=officer)
    moved = client.get(ROWS, headers={"If-None-Match": answer.headers["ETag"]})
    assert moved.status_code == 200


def test_the_part_and_the_page_show_the_same_rows(line, officer):
    hear(line), hear(line, priority=1)
    client = signed_in(officer)
    page, part = client.get(QUEUE).content.decode(), client.get(ROWS).content.decode()
    cut = re.compile(r'<ul class="rows.*?</ul>', re.S)
    assert cut.search(page)[0] == cut.search(part)[0]


def test_how_much_time_is_left_is_said_in_service_time(line, officer):
    hear(line, due_at=now() - timedelta(hours=2, minutes=1))
    hear(line, clock="emergency_acknowledgement", due_at=now() + timedelta(minutes=4, seconds=50))
    page = signed_in(officer).get(QUEUE).content.decode()
    assert "Terlambat 2 jam" in page
    assert "Sisa 5 menit<" in page


def test_the_lag_of_the_log_is_shown_when_a_person_would_notice_it(line, officer):
    LogBatch.objects.create(subject="in.x", body=b"", size=1200, appended_at=now())
    client = signed_in(officer)
    assert "1200" not in client.get(ROWS).content.decode()
    LogBatch.objects.update(appended_at=now() - timedelta(seconds=30))
    assert "1200" in client.get(ROWS).content.decode()


def test_a_search_finds_words_newest_first_and_keeps_them_in_the_field(line, officer):
    older = hear(line, "Lampu jalan mati di Melati")
    hear(line, "Kapan posyandu buka?")
    newer = hear(line, "lampu taman padam")
    answer = signed_in(officer).get(QUEUE, {"q": "lampu"})
    assert rows_of(answer) == [newer.pk, older.pk]
    assert 'value="lampu"' in answer.content.decode()
    assert rows_of(signed_in(officer).get(QUEUE, {"q": '"; DROP TABLE x; --'})) == []


def test_after_one_conversation_comes_the_gravest_that_is_free(line, officer):
    here, danger, taken = hear(line), hear(line, priority=1), hear(line, priority=2)
    other = make_member(line.institution, "responder")
    services.assign(taken, by=officer, to=other)
    client = signed_in(officer)
    assert client.get(f"{QUEUE}{here.pk}/berikutnya/").url == f"{QUEUE}{danger.pk}/"
    came_to(say(danger, officer), "out")
    assert client.get(f"{QUEUE}{here.pk}/berikutnya/").url == QUEUE
