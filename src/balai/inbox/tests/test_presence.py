"""Who else reads or writes at this moment: told to colleagues, soon forgotten."""

from datetime import timedelta

import pytest

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.inbox import services
from balai.inbox.models import Presence
from balai.inbox.tests.talking import hear, make_line, signed_in
from balai.people.tests.make import make_institution, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(db):
    return make_line(make_institution())


@pytest.fixture
def siti(line):
    return make_member(line.institution, "responder", name="Siti Rahma")


@pytest.fixture
def budi(line):
    return make_member(line.institution, "responder", name="Budi Santoso")


def at(member, talk, **said) -> str:
    return signed_in(member).post(f"/kotak-masuk/{talk.pk}/hadir/", said).content.decode()


def test_colleagues_at_one_conversation_see_who_reads_and_who_writes(line, siti, budi):
    talk = hear(line)
    assert "Siti" not in at(siti, talk)  # oneself is no news
    assert "Siti Rahma juga sedang membaca" in at(budi, talk)
    at(siti, talk, writing="1")
    assert "Siti Rahma sedang menulis jawaban" in at(budi, talk)
    assert "Siti Rahma sedang menulis" in (
        signed_in(budi).get(f"/kotak-masuk/{talk.pk}/").content.decode()
    )
    assert "Siti" not in at(budi, hear(line))


def test_who_closed_the_page_is_gone_after_some_seconds_and_leaves_no_trace(line, siti, budi):
    talk = hear(line)
    at(siti, talk)
    Presence.objects.update(seen_at=now() - timedelta(seconds=46))
    assert "Siti" not in at(budi, talk)
    Presence.objects.update(seen_at=now() - timedelta(minutes=11))
    at(siti, hear(line))
    assert Presence.objects.filter(member=siti).count() == 1
    assert not AuditEntry.objects.filter(did__startswith="conversation.").exists()


def test_nobody_outside_the_office_or_before_a_sealed_matter_is_present(line, siti, budi):
    talk = hear(line)
    stranger = make_member(make_institution("Kota Lain"), "responder")
    path = f"/kotak-masuk/{talk.pk}/hadir/"
    assert signed_in(stranger).post(path).status_code == 404
    services.triage(talk, by=siti, said={})
    services.seal(talk, by=siti, path="child")
    assert signed_in(budi).post(path).status_code == 404
    assert not Presence.objects.exists()
