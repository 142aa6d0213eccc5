"""One person across channels: joined and parted without loss, pseudonymous, seen by who may."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.inbox.joining import CannotJoin, CannotPart, alone, called_by, group_of, joined, parted
from balai.inbox.models import Citizen, Consent, ContactChange, ContactPart, IdentityHint, Promise
from balai.inbox.selectors import contacts as selectors
from balai.inbox.services import open_identity, seal, triage
from balai.inbox.services.consenting import confirm_stopped, note_consent, withdraw_consent
from balai.inbox.services.contacts import (
    gather_hints,
    merge_contacts,
    same_address,
    split_contact,
    write_citizen_note,
)
from balai.inbox.services.promising import (
    break_promise,
    keep_promise,
    make_promise,
    note_overdue_promises,
)
from balai.inbox.tests.talking import fresh, hear, make_line, say, signed_in
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit

PEOPLE = range(8)
steps = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=12)


def after(pairs):
    groups = alone(PEOPLE)
    for one, other in pairs:
        if group_of(groups, one) != group_of(groups, other):
            groups = joined(groups, one, other)
    return groups


@given(steps, st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_parting_what_was_joined_gives_back_exactly_what_was_there(pairs, one, other):
    before = after(pairs)
    if group_of(before, one) == group_of(before, other):
        with pytest.raises(CannotJoin):
            joined(before, one, other)
        return
    together = joined(before, one, other)
    assert parted(together, group_of(before, other)) == before
    assert parted(together, group_of(before, one)) == before


@given(steps, st.sets(st.sampled_from(PEOPLE)))
def test_joining_what_was_parted_gives_back_exactly_what_was_there(pairs, out):
    before, out = after(pairs), frozenset(out)
    try:
        apart = parted(before, out)
    except CannotPart:
        return
    rest = group_of(before, min(out)) - out
    assert joined(apart, min(out), min(rest)) == before


@given(steps)
def test_everybody_is_in_one_group_and_called_by_its_oldest_account(pairs):
    groups = after(pairs)
    assert sorted(one for group in groups for one in group) == list(PEOPLE)
    assert {called_by(group) for group in groups} == {min(group) for group in groups}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti@Contoh.example ", "siti@contoh.example"),
        ("0812-3456-7890", "+62 812 3456 7890"),
        ("(0812) 34567890", "6281234567890"),
    ],
)
def test_an_address_is_compared_in_one_form(one, other):
    assert same_address(one) == same_address(other) is not None


@pytest.mark.parametrize("address", ["", "did:plc:abc", "@siti", "112", "Jalan Mawar 3"])
def test_what_is_no_address_of_a_person_is_no_reason_to_join(address):
    assert same_address(address) is None


@pytest.fixture
def other_line(line):
    return make_line(line.institution, "webform")


@pytest.fixture
def person(line, other_line):
    """The same woman, first on the board and then on the form."""
    address = json.dumps({"name": "Siti Aminah", "address": "siti@contoh.example"})
    again = json.dumps({"name": "Bu Siti", "address": "SITI@contoh.example"})
    return (
        hear(line, "Air mati di gang saya", identity=address),
        hear(other_line, "Saya yang menulis kemarin", identity=again),
    )


def partition():
    return {
        citizen.pk: tuple(one.pk for one in selectors.group_of(citizen))
        for citizen in Citizen.objects.all()
    }


@pytest.mark.django_db
def test_joined_and_parted_again_everything_is_as_before_but_the_history(person, officer):
    first, second = person[0].citizen, person[1].citizen
    before = partition()
    merge_contacts(first, second, by=officer, reason="nama dan alamat sama")
    assert selectors.group_of(second) == [first, second]
    assert selectors.key_of(selectors.group_of(second)) == first.key
    split_contact([second], by=officer, reason="ternyata anaknya")
    assert partition() == before
    assert not ContactPart.objects.exists()
    kinds = [one.kind for one in selectors.changes_of([second])]
    assert kinds == ["split", "merged"]
    assert fresh(person[1]).citizen_id == second.pk


@pytest.mark.django_db
def test_three_are_parted_as_they_were_joined(person, officer, line):
    third = hear(line, "Lampu mati").citizen
    first, second = person[0].citizen, person[1].citizen
    merge_contacts(first, second, by=officer, reason="sama")
    pair = partition()
    merge_contacts(second, third, by=officer, reason="sama")
    assert len(selectors.group_of(third)) == 3
    split_contact([third], by=officer, reason="keliru")
    assert partition() == pair
    split_contact([first], by=officer, reason="keliru")
    assert selectors.group_of(first) == [first]


@pytest.mark.django_db
def test_no_name_and_no_address_leaves_the_seal_when_persons_are_joined(person, officer):
    merge_contacts(person[0].citizen, person[1].citizen, by=officer, reason="Siti Aminah sama")
    told = json.dumps(
        list(AuditEntry.objects.values_list("reason", "facts"))
        + list(Announcement.objects.values_list("facts", flat=True))
    )
    assert "Siti" not in told
    assert ContactChange.objects.get().reason == "Siti Aminah sama"


@pytest.mark.django_db
def test_equal_sealed_addresses_are_offered_and_nothing_else_is(person, officer, line):
    hear(line, "Lain", identity=json.dumps({"name": "Siti Aminah", "address": "lain@x.example"}))
    stranger = make_line(make_institution("Kota Lain"))
    hear(stranger, "Lain kota", identity=json.dumps({"address": "siti@contoh.example"}))
    assert gather_hints() == 4
    assert gather_hints() == 0
    digests = set(IdentityHint.objects.values_list("digest", flat=True))
    assert len(digests) == 3  # the same address of another institution has another hash
    assert not any("siti" in digest for digest in digests)
    (found,) = selectors.candidates_for(officer, [person[0].citizen])
    assert found.citizen == person[1].citizen


@pytest.mark.django_db
def test_who_may_not_open_both_identities_joins_nobody(person, line):
    social = make_unit(line.institution, "Dinas Sosial")
    roads = make_unit(line.institution, "Dinas PU")
    first, second = person
    type(first).objects.filter(pk=first.pk).update(unit=roads)
    type(first).objects.filter(pk=second.pk).update(unit=social)
    of_roads = make_member(line.institution, "case_officer", unit=roads, granted_unit=roads)
    leader = make_member(line.institution, "leader")
    outsider = make_member(make_institution("Kota Lain"), "responder")
    for member in (of_roads, leader, outsider):
        with pytest.raises(NotAllowed):
            merge_contacts(first.citizen, second.citizen, by=member, reason="sama")
    assert not ContactPart.objects.exists()


@pytest.mark.django_db
def test_the_page_shows_all_channels_and_no_name(person, officer):
    merge_contacts(person[0].citizen, person[1].citizen, by=officer, reason="sama")
    page = signed_in(officer).get(f"/warga/{person[1].citizen_id}/")
    words = page.content.decode()
    assert "Air mati di gang saya" in words
    assert "Saya yang menulis kemarin" in words
    assert "Siti" not in words
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.django_db
def test_the_page_does_not_exist_for_strangers(person, line):
    citizen = person[0].citizen_id
    other = make_member(make_institution("Kota Lain"), "responder", "dpo")
    unrelated = make_member(
        line.institution, "case_officer", unit=make_unit(line.institution, "Dinas Ikan")
    )
    paths = [f"/warga/{citizen}/", f"/warga/{citizen}/gabung/{person[1].citizen_id}/"]
    for member in (other, unrelated):
        client = signed_in(member)
        assert {client.get(path).status_code for path in paths} == {404}
        for end in ("pisah", "gabung", "catatan", "persetujuan"):
            assert client.post(f"/warga/{citizen}/{end}/", {"text": "x"}).status_code == 404
    from django.test import Client

    assert Client().get(paths[0]).status_code == 302


@pytest.mark.django_db
def test_what_was_sealed_is_not_on_the_person_s_page(person, officer):
    triage(person[0], by=officer, said={"intent": "whistleblow"})
    seal(fresh(person[0]), by=officer, path="whistleblowing")
    client = signed_in(officer)
    assert client.get(f"/warga/{person[0].citizen_id}/").status_code == 404


@pytest.mark.django_db
def test_joining_in_the_browser_first_shows_what_would_be_joined(person, officer):
    client = signed_in(officer)
    one, other = person[0].citizen_id, person[1].citizen_id
    found = client.post(f"/warga/{one}/gabung/", {"conversation": person[1].pk})
    assert found.headers["Location"] == f"/warga/{one}/gabung/{other}/"
    assert "Saya yang menulis kemarin" in client.get(found.headers["Location"]).content.decode()
    assert client.post(found.headers["Location"], {"reason": ""}).status_code == 422
    client.post(found.headers["Location"], {"reason": "sama"})
    assert len(selectors.group_of(person[0].citizen)) == 2
    assert client.post(f"/warga/{one}/pisah/", {"reason": "x"}).status_code == 422
    everybody = {"reason": "x", "out": [one, other]}
    assert client.post(f"/warga/{one}/pisah/", everybody).status_code == 422
    client.post(f"/warga/{one}/pisah/", {"reason": "keliru", "out": [other]})
    assert len(selectors.group_of(person[0].citizen)) == 1


@pytest.mark.django_db
def test_every_opening_is_listed_to_the_auditor_and_not_to_the_officer(person, officer, line):
    open_identity(person[0], by=officer, reason="menelepon balik")
    open_identity(person[1], by=officer, reason="kirim surat")
    merge_contacts(person[0].citizen, person[1].citizen, by=officer, reason="sama")
    path = f"/warga/{person[0].citizen_id}/"
    for role in ("auditor", "dpo"):
        words = signed_in(make_member(line.institution, role)).get(path).content.decode()
        assert "menelepon balik" in words
        assert "kirim surat" in words
    assert "menelepon balik" not in signed_in(officer).get(path).content.decode()


@pytest.mark.django_db
def test_a_promise_stands_in_an_answer_and_is_kept_or_broken_once(person, officer):
    talk, tomorrow = person[0], now() + timedelta(days=1)
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        make_promise(talk, what="Diperiksa", due_at=tomorrow, by=officer)
    answer = say(talk, officer)
    promise = make_promise(fresh(talk), what="Diperiksa besok", due_at=tomorrow, by=officer)
    assert (promise.message_id, promise.owner) == (answer.pk, officer)
    with pytest.raises(ValidationError):
        break_promise(promise, by=officer, reason=" ")
    keep_promise(promise, by=officer)
    with pytest.raises(ValidationError):
        break_promise(promise, by=officer, reason="hujan")
    states = [
        fact["state"]
        for fact in Announcement.objects.filter(name="PromiseMoved").values_list("facts", flat=True)
    ]
    assert states == ["open", "kept"]


@pytest.mark.django_db
def test_an_overdue_promise_is_told_once_and_stands_on_my_list(person, officer):
    say(person[0], officer)
    promise = make_promise(
        fresh(person[0]), what="Diperiksa", due_at=now() + timedelta(hours=1), by=officer
    )
    assert note_overdue_promises() == 0
    Promise.objects.filter(pk=promise.pk).update(due_at=now() - timedelta(hours=1))
    assert note_overdue_promises() == 1
    assert note_overdue_promises() == 0
    client = signed_in(officer)
    assert "Diperiksa" in client.get("/janji/").content.decode()
    client.post(f"/janji/{person[0].pk}/{promise.pk}/", {"broken": "1", "mine": "1"})
    assert Promise.objects.get().state == "open"
    client.post(f"/janji/{person[0].pk}/{promise.pk}/", {"broken": "1", "reason": "alat rusak"})
    assert Promise.objects.get().state == "broken"
    assert "Diperiksa" not in client.get("/janji/").content.decode()


@pytest.mark.django_db
def test_a_promise_of_another_institution_is_out_of_reach(person, officer):
    say(person[0], officer)
    promise = make_promise(
        fresh(person[0]), what="Diperiksa", due_at=now() + timedelta(days=1), by=officer
    )
    intruder = signed_in(make_member(make_institution("Kota Lain"), "responder"))
    path = f"/janji/{person[0].pk}/"
    assert intruder.post(path, {"what": "x"}).status_code == 404
    assert intruder.post(f"{path}{promise.pk}/", {"kept": "1"}).status_code == 404
    auditor = make_member(officer.institution, "auditor")
    with pytest.raises(NotAllowed):
        keep_promise(promise, by=auditor)


@pytest.mark.django_db
def test_the_conversation_says_what_was_promised_and_takes_new_promises(person, officer):
    talk = person[0]
    say(talk, officer)
    type(talk).objects.filter(pk=talk.pk).update(first_answered_at=now())
    client = signed_in(officer)
    assert "due_on" in client.get(f"/kotak-masuk/{talk.pk}/").content.decode()
    today = now().date() + timedelta(days=2)
    past = {"what": "Pipa diganti", "due_on": "2020-01-01"}
    assert client.post(f"/janji/{talk.pk}/", past).status_code == 422
    client.post(f"/janji/{talk.pk}/", {"what": "Pipa diganti", "due_on": today.isoformat()})
    assert "Pipa diganti" in client.get(f"/kotak-masuk/{talk.pk}/").content.decode()


@pytest.mark.django_db
def test_a_withdrawn_consent_starts_a_clock_of_three_times_24_hours(person, officer, line):
    consent = note_consent(person[0].citizen, purpose="survey", how="counter", by=officer)
    merge_contacts(person[0].citizen, person[1].citizen, by=officer, reason="sama")
    assert selectors.has_consented(person[1].citizen, "survey")
    withdraw_consent(consent, by=officer)
    consent.refresh_from_db()
    assert consent.stop_by_at - consent.withdrawn_at == timedelta(hours=72)
    assert not selectors.has_consented(person[0].citizen, "survey")
    with pytest.raises(NotAllowed):
        confirm_stopped(consent, by=officer)
    confirm_stopped(consent, by=make_member(line.institution, "dpo"))
    assert Consent.objects.get().stopped_at is not None


@pytest.mark.django_db
def test_notes_and_consents_are_written_on_the_page(person, officer):
    client, here = signed_in(officer), f"/warga/{person[0].citizen_id}/"
    client.post(f"{here}catatan/", {"text": "Lebih suka ditelepon sore"})
    client.post(f"{here}persetujuan/", {"purpose": "survey", "how": "letter"})
    words = client.get(here).content.decode()
    assert "Lebih suka ditelepon sore" in words
    client.post(f"{here}persetujuan/{Consent.objects.get().pk}/")
    assert Consent.objects.get().withdrawn_at is not None
    with pytest.raises(NotAllowed):
        write_citizen_note(
            person[0].citizen, text="x", by=make_member(officer.institution, "auditor")
        )
