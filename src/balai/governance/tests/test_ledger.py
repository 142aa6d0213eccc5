"""The ledger: one act, one entry, one chain, and nobody changes it unseen."""

import json
import os
import sys
from subprocess import run

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from balai.governance.models import AuditEntry, AuditHead
from balai.governance.rules import chain
from balai.governance.selectors import (
    HeadNotGenuine,
    chains,
    entries_in,
    entries_of,
    signed_head,
    verify_chain,
)
from balai.governance.selectors.ledger import link_of
from balai.governance.services import NoTransaction, PersonalInReason
from balai.governance.tests import writers
from balai.governance.tests.emptying import unguarded
from balai.governance.tests.writers import write_at_once
from balai.ground.ledger import record
from balai.people.rules import OPERATOR, SYSTEM
from balai.people.tests.make import make_institution, make_member, make_unit

pytestmark = pytest.mark.django_db


def make_chain(length=5):
    institution = make_institution()
    for number in range(length):
        record(by=SYSTEM, did="thing.done", on=institution, count=number)
    return institution.pk


MOVE = "UPDATE governance_auditentry SET number = %s WHERE institution_id = %s AND number = %s"


def tamper(sql, *values):
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_act_is_appended_to_its_institutions_chain():
    institution = make_institution()
    member = make_member(institution, "responder")

    record(by=member, did="unit.added", on=institution, reason="baru", count=3)
    record(by=SYSTEM, did="case.closed", institution_id=institution.pk)

    one, two = AuditEntry.objects.order_by("number")
    assert (one.number, two.number) == (1, 2)
    assert one.actor == f"member:{member.pk}"
    assert (one.object_kind, one.object_id) == ("people.institution", str(institution.pk))
    assert one.facts == {"count": 3}
    assert two.prev_hash == one.hash != ""
    assert two.actor == "system"
    assert list(entries_of(institution)) == [one]
    assert list(entries_in(institution)) == [two, one]


def test_the_institution_is_that_of_the_object_else_of_the_member_else_the_installation():
    here, there = make_institution(), make_institution()
    member = make_member(here)

    assert record_and_look(by=member, on=make_unit(there)) == there.pk
    assert record_and_look(by=member) == here.pk
    assert record_and_look(by=member, institution_id=there.pk) == there.pk
    assert record_and_look(by=OPERATOR) == 0
    assert chains() == [0, here.pk, there.pk]
    assert chains(there.slug) == [there.pk]


def record_and_look(**act):
    record(did="thing.done", **act)
    return AuditEntry.objects.latest("pk").institution_id


def test_what_is_done_with_a_lent_role_carries_both_names():
    institution = make_institution()
    deputy, lender = make_member(institution), make_member(institution)
    deputy.acting_for_id = lender.pk

    record(by=deputy, did="thing.done")

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.acting_for) == (f"member:{deputy.pk}", f"member:{lender.pk}")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_the_transaction_of_the_act():
    with pytest.raises(NoTransaction):
        record(by=SYSTEM, did="thing.done")


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_trace_and_no_gap():
    institution = make_institution()

    @transaction.atomic
    def fail():
        record(by=SYSTEM, did="thing.done", on=institution)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with transaction.atomic():
        record(by=SYSTEM, did="thing.done", on=institution)

    assert verify_chain(institution.pk).entries == 1
    assert verify_chain(institution.pk).holds


def test_facts_that_are_no_plain_values_are_refused():
    for fact in (object(), {1: "key is no text"}, b"bytes", {1, 2}):
        with pytest.raises(chain.NotPlain):
            record(by=SYSTEM, did="thing.done", fact=fact)


@pytest.mark.parametrize(
    "reason", ["NIK 3273012304850001 salah", "hubungi 081234567890", "tel. +6281234567890"]
)
def test_a_reason_with_a_citizens_number_is_refused(reason):
    with pytest.raises(PersonalInReason):
        record(by=SYSTEM, did="thing.done", reason=reason)


@pytest.mark.parametrize("reason", ["SK 800/1234/2026", "akun 17841405793187218", "2026-11-22"])
def test_a_decree_or_an_accounts_number_is_no_citizens_number(reason):
    record(by=SYSTEM, did="thing.done", reason=reason)

    assert AuditEntry.objects.get().reason == reason


def test_awkward_facts_hash_the_same_after_the_database_had_them():
    institution = make_institution()
    record(
        by=SYSTEM,
        did="thing.done",
        on=institution,
        reason='kutip " dan \\ dan é',
        large=1e22,
        small=-0.0,
        p=0.93,
        big=2**70,
        nested={"b": [1, None, True], "a": "ü"},
        pair=(1, 2),
    )

    assert verify_chain(institution.pk).holds


def test_the_database_itself_refuses_to_change_the_log():
    number = make_chain()
    for statement in (
        "UPDATE governance_auditentry SET did = 'x' WHERE institution_id = %s",
        "DELETE FROM governance_auditentry WHERE institution_id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [number])
    if connection.vendor == "postgresql":
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("TRUNCATE governance_auditentry")
    assert verify_chain(number).holds


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("did", "thing.forged"),
        ("actor", "member:1"),
        ("acting_for", "member:1"),
        ("object_id", "77"),
        ("object_kind", "people.unit"),
        ("reason", "lain"),
        ("facts", '{"count": 99}'),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("hash", "0" * 64),
    ],
)
def test_an_edited_row_is_found(column, value):
    number = make_chain()

    tamper(
        f"UPDATE governance_auditentry SET {column} = %s WHERE institution_id = %s AND number = 3",
        value,
        number,
    )

    walk = verify_chain(number)
    assert (walk.holds, walk.number, walk.fault) == (False, 3, chain.Fault.EDITED)


def test_a_row_whose_hash_was_computed_anew_no_longer_leads_to_the_next():
    number = make_chain()
    entry = AuditEntry.objects.get(institution_id=number, number=3)
    entry.did = "thing.forged"

    tamper(
        "UPDATE governance_auditentry SET did = %s, hash = %s WHERE id = %s",
        entry.did,
        chain.hash_of(link_of(entry)),
        entry.pk,
    )

    walk = verify_chain(number)
    assert (walk.number, walk.fault) == (4, chain.Fault.REPLACED)


@pytest.mark.parametrize("missing", [1, 3, 5])
def test_a_removed_row_is_found_also_at_the_end(missing):
    number = make_chain()

    tamper(
        "DELETE FROM governance_auditentry WHERE institution_id = %s AND number = %s",
        number,
        missing,
    )

    walk = verify_chain(number)
    assert (walk.number, walk.fault) == (missing, chain.Fault.REMOVED)


def test_a_removed_row_is_found_although_the_later_ones_moved_up():
    number = make_chain()

    tamper("DELETE FROM governance_auditentry WHERE institution_id = %s AND number = 2", number)
    for later in (3, 4, 5):
        tamper(MOVE, later - 1, number, later)

    walk = verify_chain(number)
    assert (walk.number, walk.fault) == (2, chain.Fault.REORDERED)


def test_reordered_rows_are_found():
    number = make_chain()

    for old, new in ((2, -2), (3, 2), (-2, 3)):
        tamper(MOVE, new, number, old)

    walk = verify_chain(number)
    assert (walk.number, walk.fault) == (2, chain.Fault.REORDERED)


def test_a_chain_whose_end_was_moved_back_with_its_head_is_shown_by_a_stored_head():
    institution = make_institution()
    for number in range(4):
        record(by=SYSTEM, did="thing.done", on=institution, count=number)
    stored = json.loads(json.dumps(signed_head(institution)))

    tamper(
        "DELETE FROM governance_auditentry WHERE institution_id = %s AND number = 4",
        institution.pk,
    )
    last = AuditEntry.objects.get(number=3)
    AuditHead.objects.update(number=3, hash=last.hash)

    assert verify_chain(institution.pk).holds  # from inside nothing can be seen any more
    walk = verify_chain(institution.pk, heads=[stored])
    assert (walk.number, walk.fault) == (4, chain.Fault.REMOVED)


def test_a_wholly_rewritten_chain_is_shown_by_a_stored_head():
    institution = make_institution()
    for number in range(4):
        record(by=SYSTEM, did="thing.done", on=institution, count=number)
    stored = json.loads(json.dumps(signed_head(institution)))
    record(by=SYSTEM, did="thing.done", on=institution)
    assert verify_chain(institution.pk, heads=[stored]).holds

    rewrite(institution.pk)

    assert verify_chain(institution.pk).holds
    walk = verify_chain(institution.pk, heads=[stored])
    assert (walk.number, walk.fault) == (4, chain.Fault.REWRITTEN)
    assert not walk.as_json()["holds"]
    assert "4" in str(walk)


def rewrite(number):
    """What somebody with the database and this source can do: forge one row and all that follow."""
    last = ""
    for entry in AuditEntry.objects.filter(institution_id=number).order_by("number"):
        entry.prev_hash = last
        if entry.number == 2:
            entry.did = "thing.forged"
        last = entry.hash = chain.hash_of(link_of(entry))
        tamper(
            "UPDATE governance_auditentry SET did = %s, prev_hash = %s, hash = %s WHERE id = %s",
            entry.did,
            entry.prev_hash,
            entry.hash,
            entry.pk,
        )
    AuditHead.objects.filter(institution_id=number).update(hash=last)


def test_a_forged_head_is_no_proof():
    institution = make_institution()
    record(by=SYSTEM, did="thing.done", on=institution)
    head = signed_head(institution)

    for forged in ({**head, "number": 0}, {**head, "signature": "00"}, {"number": 1}):
        with pytest.raises(HeadNotGenuine):
            verify_chain(institution.pk, heads=[forged])


def test_heads_of_other_chains_are_passed_over():
    one, other = make_institution(), make_institution()
    record(by=SYSTEM, did="thing.done", on=one)

    assert verify_chain(one.pk, heads=[signed_head(other)]).holds
    assert verify_chain(other.pk, heads=[signed_head(other)]).holds


@given(st.data())
def test_any_single_change_of_any_row_is_found(data):
    links = honest_chain(data.draw(st.integers(1, 6)))
    end = (len(links), links[-1].hash)
    place = data.draw(st.integers(0, len(links) - 1))
    what = data.draw(st.sampled_from(["did", "reason", "actor", "object_id", "prev_hash", "hash"]))
    forged = [*links]
    forged[place] = chain.replace(links[place], **{what: data.draw(st.text(max_size=3)) + "!"})

    assert chain.first_break(links, end=end, heads={}) == (len(links), None)
    _count, broken = chain.first_break(forged, end=end, heads={})
    assert broken is not None
    assert place + 1 <= broken.number <= place + 2


def honest_chain(length):
    links, last = [], ""
    for number in range(1, length + 1):
        link = chain.Link(
            1, number, chain.datetime(2026, 1, 1, tzinfo=chain.UTC), "system", "", "thing.done",
            "", "", "", {}, last,
        )  # fmt: skip
        links.append(chain.replace(link, hash=chain.hash_of(link)))
        last = links[-1].hash
    return links


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain():
    # SQLite in memory is a single connection; the next test has a file.
    count = 1 if connection.vendor == "sqlite" else 4

    failures = write_at_once(7, count, entries=25)

    assert failures == []
    assert verify_chain(7).entries == 25 * count
    assert verify_chain(7).holds


def test_writers_into_one_sqlite_file_make_one_chain(tmp_path):
    house = {
        **os.environ,
        "BALAI_HOME": str(tmp_path),
        "BALAI_DATABASE_URL": f"sqlite:///{tmp_path}/house.sqlite3",
        "DJANGO_SETTINGS_MODULE": "balai.config.settings",
    }

    told = run([sys.executable, writers.__file__], env=house, capture_output=True, text=True)

    assert told.returncode == 0, told.stdout + told.stderr
