"""Two landers at once, a locked database, a full disk, a poison: nothing half, nothing twice."""

import json
import os
import sqlite3
import subprocess
import sys

import msgspec
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection

from balai.governance.models import AuditEntry
from balai.ground.models import Announcement
from balai.inbox.landing import Busy, NoRoom, open_store
from balai.inbox.landing.table import TableStore
from balai.inbox.models import Citizen, Conversation, Message, MessageKey, QueueCount
from balai.inbox.search import search
from balai.inbox.tests.landing import make_arrival, make_connection

EVERYTHING = (Citizen, Conversation, Message, MessageKey, QueueCount, Announcement, AuditEntry)
only_sqlite = pytest.mark.only_on("sqlite")  # its own trouble


class Lander:
    """A process that lands what it is told."""

    def __init__(self, url):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "balai.inbox.tests.lander"],
            env={
                **os.environ,
                "BALAI_DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "balai.config.settings",
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def land(self, *batch):
        self.tell(batch=msgspec.to_builtins(batch))

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def landers(shared):
    line = make_connection()
    url, ask = shared
    ask.publish()
    pair = [Lander(url), Lander(url)]
    for lander in pair:
        lander.tell(timeout=20)
    for lander in pair:
        assert lander.hear() == {"ready": True}
    yield line, pair, ask
    for lander in pair:
        lander.stop()


def test_two_landers_with_one_new_citizen_make_one_conversation(landers):
    line, pair, ask = landers
    rounds = 25
    for n in range(rounds):
        for side, lander in enumerate(pair):
            several = [
                make_arrival(
                    line, f"{side}-{n}-{k}", citizen_key=f"c{n}-{k}", thread_key=f"t{n}-{k}"
                )
                for k in range(4)
            ]
            lander.land(*(several if side else several[::-1]), make_arrival(line, f"same-{n}"))
        heard = [lander.hear() for lander in pair]
        assert sum(answer["repeats"] for answer in heard) == 1
        assert len({number for answer in heard for number in answer["message_ids"]}) == 9

    assert ask("SELECT count(*) FROM inbox_citizen") == [(rounds * 4 + 1,)]
    talks = ask("SELECT messages_in, count(*) FROM inbox_conversation GROUP BY 1 ORDER BY 1")
    assert talks == [(2, rounds * 4), (rounds, 1)]
    assert ask("SELECT state, n FROM inbox_queuecount") == [("new", rounds * 4 + 1)]
    stray = (
        "SELECT count(*) FROM inbox_message m LEFT JOIN inbox_conversation c"
        " ON c.id = m.conversation_id WHERE c.id IS NULL"
    )
    assert ask(stray) == [(0,)]


@only_sqlite
def test_a_locked_database_is_said_to_be_busy_and_takes_the_same_batch_later(landers, tmp_path):
    line, (lander, _), ask = landers
    holder = sqlite3.connect(tmp_path / "shared.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    lander.tell(timeout=0.01)
    lander.hear()

    lander.land(make_arrival(line))
    assert lander.hear() == {"busy": True}
    holder.execute("ROLLBACK")
    holder.close()
    lander.land(make_arrival(line))

    assert len(lander.hear()["message_ids"]) == 1
    assert ask("SELECT count(*) FROM inbox_messagekey") == [(1,)]


@only_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_keeps_nothing_half_and_the_batch_lands_when_there_is_room():
    line = make_connection()
    store = open_store()
    store.land([make_arrival(line, "before", text="sebelum")])
    batch = [make_arrival(line, f"m{n}", text="penuh " * 200) for n in range(200)]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 20}")
        with pytest.raises(NoRoom):
            store.land(batch)
        assert Message.objects.count() == MessageKey.objects.count() == 1
        assert Conversation.objects.get().messages_in == 1
        assert search(line.institution_id, "penuh").found == []
        cursor.execute("PRAGMA max_page_count = 1073741823")

    assert len(store.land(batch).message_ids) == 200
    assert len(search(line.institution_id, "penuh").found) == 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "step",
    [
        "_keep_names",
        "_add_citizens",
        "_add_talks",
        "_add_messages",
        "_count",
        "_parcels_read",
        "_index",
        "_attach",
        "_tell",
    ],
)
def test_whatever_fails_on_the_way_nothing_is_kept(step, monkeypatch):
    line = make_connection()
    store = open_store()
    real = getattr(store, step)
    before = [model.objects.count() for model in EVERYTHING]

    def fail(*args):
        real(*args)
        raise OperationalError("the power went")

    monkeypatch.setattr(store, step, fail)
    with pytest.raises(OperationalError):
        store.land([make_arrival(line)])
    monkeypatch.setattr(store, step, real)

    assert [model.objects.count() for model in EVERYTHING] == before
    assert search(line.institution_id, "lampu").found == []
    assert len(store.land([make_arrival(line)]).message_ids) == 1


@pytest.mark.django_db(transaction=True)
def test_a_poisoned_batch_leaves_nothing_and_its_good_half_lands():
    line = make_connection()
    store = open_store()
    batch = [
        make_arrival(line, f"m{n}", thread_key=f"t{n}", receipt=receipt)
        for n, receipt in enumerate(("r1", "", "r2", "r2"))
    ]
    with pytest.raises(IntegrityError):
        store.land(batch)
    assert Message.objects.count() == 0

    assert len(store.land(batch[:2]).message_ids) == 2
    assert len(store.land(batch[2:3]).message_ids) == 1
    with pytest.raises(IntegrityError):
        store.land(batch[3:])
    assert Conversation.objects.count() == QueueCount.objects.get().n == 3


@pytest.mark.parametrize(
    ("cause", "named"),
    [
        ("psycopg.errors.LockNotAvailable", Busy),
        ("psycopg.errors.DeadlockDetected", Busy),
        ("psycopg.errors.SerializationFailure", Busy),
        ("psycopg.errors.DiskFull", NoRoom),
        ("psycopg.errors.UniqueViolation", DatabaseError),
    ],
)
def test_trouble_of_postgresql_has_a_name_a_caller_can_act_on(cause, named):
    from django.utils.module_loading import import_string

    from balai.inbox.landing.postgres import PostgresStore

    failure = DatabaseError("trouble")
    failure.__cause__ = import_string(cause)()
    store: TableStore = PostgresStore(lambda *_: None)
    assert type(store._named(failure)) is named
