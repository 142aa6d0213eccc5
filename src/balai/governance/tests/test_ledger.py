"""The ledger: one act, one entry, one chain."""

import pytest

from balai.governance.models import AuditEntry
from balai.ground.ledger import record
from balai.people.rules import SYSTEM
from balai.people.tests.make import make_institution, make_member


@pytest.mark.django_db
def test_an_act_is_appended_to_its_institutions_chain():
    institution = make_institution()
    member = make_member(institution, "responder")

    record(by=member, did="unit.added", on=institution, reason="baru", count=3)
    record(by=SYSTEM, did="case.closed", institution_id=institution.pk)

    entries = list(AuditEntry.objects.order_by("number"))
    assert [entry.number for entry in entries] == [1, 2]
    assert entries[0].actor == f"member:{member.pk}"
    assert entries[0].object_kind == "people.institution"
    assert entries[0].facts == {"count": 3}
    assert entries[1].prev_hash == entries[0].hash != ""
    assert entries[1].actor == "system"
