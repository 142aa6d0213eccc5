"""The parties of bench 9 in one process: fill, ask for pages, tell of deadlines."""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from balai.config.bench.scratch import answer, percentiles, settle

ASKED = 60
UNITS = 40
OPEN_ONE_IN = 20
AT_ONCE = 2_000
SEED = 9


def main(rows: int) -> None:
    """Fill, then ask; says the three parties."""
    settle()
    from django.db import connection
    from django.test import Client

    from balai.cases.selectors import Asked, listed, view_counts
    from balai.cases.sweeps import escalate

    desk = _fill(rows)
    client = Client(SERVER_NAME="localhost")
    client.force_login(
        desk["member"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    member, owner = desk["member"], desk["owner"]
    openly = desk["open"]

    def bare(_n: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM cases_case WHERE institution_id = %s AND is_open"
                " ORDER BY due_at, id LIMIT 51",
                (owner,),
            )
            return cursor.fetchall()

    def sorted_anew(_n: int) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM cases_case WHERE +institution_id = %s AND +is_open"
                " ORDER BY +due_at, id LIMIT 51",
                (owner,),
            )
            return cursor.fetchall()

    views = ("open", "unit", "overdue", "ended")
    ours = _asked(lambda n: listed(member, Asked(view=views[n % len(views)])))
    began = time.perf_counter()
    told = 0
    while some := escalate():
        told += some
    swept = time.perf_counter() - began
    page = _asked(lambda n: client.get(f"/perkara/?view={views[n % len(views)]}"))
    one = _asked(lambda n: client.get(f"/perkara/{openly[n * 7 % len(openly)]}/"))
    counts = _asked(lambda _n: view_counts(member))
    stages = {
        "page of the list, p95 (ms)": page["p95_ms"],
        "page of one case, p95 (ms)": one["p95_ms"],
        "counts of the tabs, p95 (ms)": counts["p95_ms"],
        "deadlines told": told,
        "deadlines told a second": round(told / swept) if told else 0,
    }
    answer(
        ours={"what": "the next fifty by deadline, four views", "stages": stages, **ours},
        limit={"what": "bare query on its index", **_asked(bare)},
        peer={"what": "all open ones sorted for each page", **_asked(sorted_anew)},
    )


def _asked(ask: Callable[[int], Any]) -> dict[str, float]:
    ask(0)  # what is compiled once is not what is measured
    took = []
    for number in range(ASKED):
        began = time.perf_counter()
        ask(number)
        took.append(time.perf_counter() - began)
    return percentiles(took)


def _fill(rows: int) -> dict[str, Any]:
    from balai.cases.models import Case, Clock
    from balai.config.bench.words import Town
    from balai.people.models import Grant, Institution, Member, Unit, User

    owner = Institution.objects.create(name="Bench", slug="bench", kind="city", is_sample=True)
    units = [
        Unit.objects.create(institution=owner, name=f"Unit {n}", code=f"u{n}") for n in range(UNITS)
    ]
    user = User.objects.create_user("bench@bench.example", None)
    member = Member.objects.create(user=user, institution=owner, name="Bench", unit=units[0])
    Grant.objects.create(member=member, role="case_coordinator")
    chance = random.Random(SEED)  # noqa: S311 - a bench, not a secret
    town, end = Town(), datetime.now(UTC)
    openly: list[int] = []
    for first in range(0, rows, AT_ONCE):
        batch = []
        for number in range(first, min(first + AT_ONCE, rows)):
            is_open = number % OPEN_ONE_IN == 0
            at = end - timedelta(days=730 * (rows - number) / rows)
            at = end - timedelta(days=chance.random() * 20) if is_open else at
            batch.append(
                Case(
                    institution=owner, kind="complaint", scrutiny="without_oversight",
                    title=town.text()[:120], category="jalan", unit=chance.choice(units),
                    state="in_progress" if is_open else "closed", is_open=is_open,
                    result="" if is_open else "fixed", received_at=at, opened_at=at,
                    due_at=at + timedelta(days=18), opened_by=member,
                    closed_at=None if is_open else at + timedelta(days=9),
                )
            )  # fmt: skip
        made = Case.objects.bulk_create(batch)
        running = [case for case in made if case.is_open]
        openly += [case.pk for case in running]
        Clock.objects.bulk_create(
            [
                Clock(
                    case=case, kind="resolution", started_at=case.received_at, due_at=case.due_at,
                    pack="bench", pack_clock="complaint_without_oversight", limit=14,
                    unit="working_days", citation="bench", mark="D",
                    next_mark_at=case.received_at + timedelta(days=9),
                )
                for case in running
            ]
        )  # fmt: skip
    return {"owner": owner.pk, "member": member, "open": openly}


if __name__ == "__main__":
    main(json.loads(sys.argv[1])["rows"])
