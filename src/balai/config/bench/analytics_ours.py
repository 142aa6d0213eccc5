"""The parties of bench 8 in one process: land, keep up, answer, keep up, and read series."""

import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from balai.config.bench.scratch import Stages, answer, percentiles, settle

MOST_AT_ONCE = 1_000  # as many as the log hands over
A_TURN = 1_000  # messages between two counts: half a minute at 33 a second, three million a day
DAYS = 730
UNITS = 50
ASKED = 100
SPAN = timedelta(days=DAYS)
SEED = 8


def main(rows: int) -> None:
    """Fill two years, then ask; says the three parties."""
    settle()
    from django.db import connection

    from balai.analytics.models import Dimension
    from balai.analytics.selectors import Period, figures, series
    from balai.people.models import Unit

    stages = Stages()
    owner, end = _fill(rows, stages)
    units = list(Unit.objects.filter(institution_id=owner).values_list("pk", flat=True))
    period = Period((end - SPAN).date(), end.date())
    year = Period((end - timedelta(days=365)).date(), end.date())

    def bare(unit: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                'SELECT "on", taken_in, answered FROM analytics_dailymeasure WHERE'
                " institution_id = %s AND dimension = 'unit' AND key = %s"
                ' AND "on" BETWEEN %s AND %s',
                (owner, str(unit), period.first, period.last),
            )
            return cursor.fetchall()

    def counted(unit: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT date(opened_at), count(*), count(first_answered_at)"
                " FROM inbox_conversation WHERE unit_id = %s GROUP BY 1",
                (unit,),
            )
            return cursor.fetchall()

    ours = _asked(lambda unit: series(owner, "unit", str(unit), period), units)
    page = _asked(lambda _unit: figures(owner, Dimension.UNIT, year, at=end), units[:10])
    told = {
        **stages.a_row(rows),
        "report of a year by unit, p50 (ms)": page["p50_ms"],
        "upkeep of messages / landing, CPU": round(
            (stages.spent["note messages"] + stages.spent["count messages"])
            / stages.spent["landing"],
            2,
        ),
    }
    answer(
        ours={"what": f"series of one of {UNITS} units, two years", "stages": told, **ours},
        limit={"what": "bare query on its index", **_asked(bare, units)},
        peer={"what": "the same counted from conversations of the unit", **_asked(counted, units)},
    )


def _asked(ask: Callable[[int], Any], units: Sequence[int]) -> dict[str, float]:
    took = []
    for number in range(ASKED):
        began = time.perf_counter()
        ask(units[number % len(units)])
        took.append(time.perf_counter() - began)
    return percentiles(took)


def _fill(rows: int, stages: Stages) -> tuple[int, datetime]:
    from django.db.models import F

    from balai.analytics.services import count_told, note_told
    from balai.channels.models import Connection
    from balai.config.bench.words import Town
    from balai.inbox.landing import Arrival, open_store
    from balai.inbox.models import Conversation
    from balai.people.models import Institution, Unit

    owner = Institution.objects.create(name="Bench", slug="bench", kind="city")
    line = Connection.objects.create(institution=owner, channel="file", name="b", address="b")
    units = [
        Unit.objects.create(institution=owner, name=f"Unit {n}", code=f"u{n}") for n in range(UNITS)
    ]
    chance = random.Random(SEED)  # noqa: S311 - a bench, not a secret
    town, end = Town(), datetime.now(UTC)
    land = stages.timed("landing", open_store().land)
    hear = stages.timed("note messages", note_told)
    count = stages.timed("count messages", _all_of(count_told))
    follow = stages.timed("note moves", note_told)
    recount = stages.timed("count moves", _all_of(count_told))
    intents = [intent for intent in Conversation.Intent.values if intent != "spam"]
    a_day = max(1, min(rows // DAYS, MOST_AT_ONCE))
    waiting: list[tuple[Any, Sequence[int]]] = []
    for first in range(0, rows, a_day):
        batch = []
        for number in range(first, min(first + a_day, rows)):
            at = end - SPAN * (rows - first) / rows  # a batch arrives on one day
            text = town.text()
            batch.append(
                Arrival(
                    institution_id=owner.pk, connection_id=line.pk, channel="file",
                    remote_id=f"m{number}", thread_key=f"t{number}", citizen_key=f"c{number}",
                    text=text, preview=text[:160], sent_at=at, received_at=at,
                    intent=chance.choice(intents), language="ind",
                    clock="question_first_response", due_at=at + timedelta(hours=4),
                )
            )  # fmt: skip
        landed = land(batch)
        hear(owner.pk, landed.conversation_ids, message_ids=landed.message_ids)
        waiting.append((chance.choice(units), landed.conversation_ids))
        if first + a_day < rows and len(waiting) * a_day < A_TURN:
            continue
        count()
        for unit, ids in waiting:
            Conversation.objects.filter(pk__in=ids).update(
                unit=unit,
                state="answered",
                is_open=False,
                first_answered_at=F("opened_at"),
                response_minutes=chance.randint(1, 2_000),
            )
            follow(owner.pk, ids)
        waiting.clear()
        recount()
    return owner.pk, end


def _all_of(sweep: Callable[[], int]) -> Callable[[], None]:
    """Let the sweep turn until nothing waits, as it does in a worker."""

    def turn() -> None:
        while sweep():
            pass

    return turn


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["rows"])
