"""What the sample shows of a desk that works together."""

import pytest

from balai.config.sample.office import Office
from balai.config.sample.teamwork import fill_teamwork
from balai.inbox import services
from balai.inbox.models import Call, HeldAnswer, SideQuestion, Task
from balai.inbox.tests.talking import hear, make_line
from balai.people.tests.make import make_institution, make_member, make_unit


@pytest.mark.django_db
def test_an_answer_waits_a_task_is_given_and_a_unit_answered():
    institution = make_institution()
    pdam = make_unit(institution, name="Perumda Air Minum")
    members = {
        "petugas": make_member(institution, "responder", name="Sekar Widuri"),
        "petugas2": make_member(institution, "responder", name="Tegar Marubi"),
        "koordinator": make_member(institution, "case_coordinator", name="Lasmi Kencani"),
        "air": make_member(institution, "case_officer", name="Tirta Wulani", unit=pdam),
    }
    line = make_line(institution)
    for intent in ("complaint", "question", "question"):
        talk = hear(line, intent=intent)
        services.triage(talk, by=members["petugas"], said={})
    fill_teamwork(Office(institution, {"pdam": pdam}, members, {}))
    assert HeldAnswer.objects.get().state == "waiting"
    assert Task.objects.get().who == members["petugas"]
    assert SideQuestion.objects.get().state == "answered"
    assert {one.kind for one in Call.objects.all()} == {"mention", "task", "held", "asked", "told"}
