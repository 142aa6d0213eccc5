"""Whatever officers and citizens try, in whatever order, a case stays lawful."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balai.cases import services
from balai.cases.models import Case, Clock
from balai.cases.rules import life
from balai.cases.tests.make import Office, fresh, seen
from balai.governance.selectors import verify_chain
from balai.ground.clock import now
from balai.people.tests.make import make_institution

Try = Callable[[Office, Case], Any]


def said(case: Case) -> dict[str, Any]:
    return {"text": "Kami periksa besok.", "key": services.fresh_key(), "seen": seen(case)}


TRIES: dict[str, Try] = {
    "verify": lambda o, c: services.verify_case(c, scrutiny="ordinary", by=o.coordinator),
    "ask": lambda o, c: services.ask_citizen(c, **said(c), by=o.coordinator),
    "clarified": lambda o, c: services.note_clarified(c, by=o.coordinator),
    "dispatch": lambda o, c: services.dispatch_case(c, unit=o.unit, by=o.coordinator),
    "decide": lambda o, c: services.dispatch_case(c, unit=o.unit, by=o.superior),
    "return": lambda o, c: services.return_case(c, reason="bukan kami", by=o.coordinator),
    "work": lambda o, c: services.start_work(c, by=o.officer),
    "promise": lambda o, c: services.promise_day(
        c, on=(now() + timedelta(days=9)).date(), words="Besok.", by=o.officer
    ),
    "refer": lambda o, c: services.refer_case(c, agency="Provinsi", by=o.coordinator),
    "answer": lambda o, c: services.answer_case(c, **said(c), by=o.officer),
    "resolve": lambda o, c: services.resolve_case(c, result="fixed", by=o.coordinator),
    "confirm": lambda o, c: services.citizen_confirms(c.voices.get()),
    "dispute": lambda o, c: services.citizen_disputes(c.voices.get()),
    "take up": lambda o, c: services.take_up_dispute(
        c, officer=o.second, reason="lain", by=o.coordinator
    ),
    "judge": lambda o, c: services.take_up_dispute(
        c, officer=o.second, reason="lain", by=o.superior
    ),
    "withdraw": lambda o, c: services.withdraw(c.voices.get()),
    "close": lambda o, c: services.close_some(),
    "escalate": lambda o, c: services.escalate_some(),
    "calendar": lambda o, c: (
        services.follow_calendar(o.institution.pk),
        services.recompute_some_clocks(),
    ),
}
# The usual way, so that chance also gets far; between its steps anything is tried.
USUAL = ("verify", "dispatch", "work", "answer", "resolve", "dispute", "take up", "answer")


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(st.sampled_from(sorted(TRIES)), max_size=3), min_size=4, max_size=8))
def test_no_illegal_move_no_bent_clock_whatever_is_tried(db, between):
    with transaction.atomic():
        office = Office(make_institution())
        case = office.open()
        wishes = [
            one for usual, more in zip(USUAL, between, strict=False) for one in (*more, usual)
        ]
        promised: dict[int, Any] = {}
        for wish in wishes:
            try:
                with transaction.atomic():
                    TRIES[wish](office, fresh(case))
            except (ValidationError, PermissionDenied, life.NotAllowedNow):
                pass
            _is_lawful(fresh(case), promised)
        assert verify_chain(office.institution.pk).holds
        transaction.set_rollback(True)


def _is_lawful(case: Case, promised: dict[int, Any]) -> None:
    moves = list(case.moves.order_by("pk").values_list("was", "became"))
    for (_was, became), (was, after) in pairwise(moves):
        assert became == was
        life.check_move(was, after)
    assert moves[-1][1] == case.state
    assert case.is_open == (case.state in life.OPEN)
    running = list(case.clocks.filter(ended_at=None))
    assert bool(running) == (case.state in life.OPEN or case.state == "resolved")
    assert case.state in life.ENDED | {"confirmed"} or case.due_at == min(c.due_at for c in running)
    for clock in case.clocks.all():
        assert clock.due_at >= promised.get(clock.pk, clock.due_at)  # never shortened
        promised[clock.pk] = clock.due_at
        if clock.kind == Clock.Kind.RESOLUTION and clock.minutes_left is None:
            assert clock.started_at == case.received_at  # sending round starts nothing anew
