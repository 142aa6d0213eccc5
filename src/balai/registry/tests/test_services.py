"""An official account from request to tombstone."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from balai.governance.models import AuditEntry
from balai.governance.selectors import entries_of, verify_chain
from balai.ground.clock import now
from balai.ground.models import Announcement
from balai.people.rules import SYSTEM
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit
from balai.registry.models import HandleSeen, OfficialAccount
from balai.registry.selectors import (
    account_by_handle,
    accounts_of,
    accounts_without_two_contacts,
    control_token,
)
from balai.registry.services import (
    AlreadyRegistered,
    CannotMove,
    activate_account,
    approve_account,
    check_identity,
    contain_account,
    hand_over_account,
    mark_account_dormant,
    note_handle,
    register_account,
    report_compromise,
    request_account,
    restore_account,
    retire_account,
    verify_account,
)
from balai.registry.tests.make import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    institution = make_institution()
    return {
        "institution": institution,
        "admin": make_member(institution, "channel_admin"),
        "head": make_member(institution, "head_of_pr"),
    }


def request_one(office, **fields):
    institution = office["institution"]
    wish = {
        "institution": institution,
        "channel": "mastodon",
        "handle": "@kota@sosial.example",
        "owner_unit": make_unit(institution),
        "first_contact": make_member(institution),
        "second_contact": make_member(institution),
        "by": office["admin"],
        **fields,
    }
    return request_account(**wish)


def deeds(account):
    return list(entries_of(account).values_list("did", flat=True))


def told():
    return list(Announcement.objects.order_by("id").values_list("name", flat=True))


def test_an_account_goes_from_request_to_speech_and_leaves_a_trace_of_each_step(office):
    admin = office["admin"]

    account = request_one(office)
    approve_account(account, by=office["head"])
    register_account(account, by=admin)
    verify_account(account, platform_user_id="109", proof="post 77 carries the token", by=admin)
    activate_account(account, by=admin)

    account.refresh_from_db()
    assert account.state == "active"
    assert account.verified_at is not None
    assert account.approved_by == office["head"]
    assert deeds(account) == [
        "account.requested",
        "account.approved",
        "account.registered",
        "account.verified",
        "account.activated",
    ]
    assert told() == ["AccountMoved"] * 5
    assert verify_chain(office["institution"].pk).holds


def test_nobody_approves_their_own_request():
    institution = make_institution()
    both = make_member(institution, "channel_admin", "head_of_pr")
    account = request_one({"institution": institution, "admin": both})

    with translation.override("en"), pytest.raises(NotAllowed, match="two pairs"):
        approve_account(account, by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficialAccount.objects.update(approved_by=both)
    account.refresh_from_db()
    assert account.state == "requested"


def test_only_the_named_roles_take_each_step(office):
    account = request_one(office)
    responder = make_member(office["institution"], "responder")

    with pytest.raises(NotAllowed):
        approve_account(account, by=office["admin"])
    with pytest.raises(NotAllowed):
        request_one(office, by=responder)
    with pytest.raises(NotAllowed):
        register_account(account, by=office["head"])
    active = make_account(office["institution"])
    with pytest.raises(NotAllowed):
        retire_account(active, by=responder, reason="tidak dipakai")
    with pytest.raises(NotAllowed):
        retire_account(active, by=SYSTEM, reason="tidak dipakai")


def test_a_member_of_another_institution_may_nothing(office):
    stranger = make_member(make_institution(), "channel_admin", "head_of_pr")
    account = make_account(office["institution"])

    with pytest.raises(NotAllowed):
        retire_account(account, by=stranger, reason="ingin")
    with pytest.raises(ValidationError):
        request_one(office, first_contact=stranger)


def test_an_account_needs_two_different_contacts_who_are_at_work(office):
    one, gone = make_member(office["institution"]), make_member(office["institution"])
    gone.left_at = now()
    gone.save()

    with pytest.raises(ValidationError):
        request_one(office, first_contact=one, second_contact=one)
    with pytest.raises(ValidationError):
        request_one(office, first_contact=gone)


def test_a_step_that_the_table_does_not_know_is_refused_in_words(office):
    account = make_account(office["institution"], state="active")

    with pytest.raises(CannotMove):
        restore_account(account, by=office["admin"], proof="token")
    assert deeds(account) == []
    assert told() == []


def test_verification_needs_proof_and_the_immutable_id(office):
    account = make_account(office["institution"], state="registered", platform_user_id="")
    for platform_user_id, proof in (("", "post 77"), ("109", " ")):
        with pytest.raises(ValidationError):
            verify_account(
                account, platform_user_id=platform_user_id, proof=proof, by=office["admin"]
            )
    known = make_account(office["institution"], state="registered", platform_user_id="5")
    with pytest.raises(ValidationError):
        verify_account(known, platform_user_id="6", proof="post 77", by=office["admin"])
    with pytest.raises(AlreadyRegistered):
        verify_account(account, platform_user_id="5", proof="post 77", by=office["admin"])


def test_the_same_user_under_another_handle_is_a_new_handle(office):
    account = make_account(office["institution"], handle="@lama", platform_user_id="109")

    assert check_identity(account, platform_user_id="109", handle="@baru")
    assert check_identity(account, platform_user_id="109", handle="Baru")

    account.refresh_from_db()
    assert account.handle == "@baru"
    assert account.checked_at is not None
    assert [seen.handle for seen in HandleSeen.objects.filter(account=account)] == [
        "@lama",
        "@baru",
    ]
    assert account_by_handle("helloworld", "lama") == account
    assert deeds(account) == ["account.handle_changed"]
    assert told() == ["HandleChanged"]


def test_another_user_under_the_handle_is_a_compromise(office):
    account = make_account(office["institution"], handle="@kota", platform_user_id="109")

    assert not check_identity(account, platform_user_id="666", handle="@kota")

    account.refresh_from_db()
    assert (account.state, account.platform_user_id) == ("compromised", "109")
    assert told() == ["AccountMoved", "AccountCompromised"]
    assert AuditEntry.objects.get().facts["seen"] == "666"
    assert not check_identity(account, platform_user_id="666", handle="@kota")
    assert deeds(account) == ["account.compromised", "account.stranger_seen"]


def test_a_stranger_on_a_retired_handle_is_written_down(office):
    account = make_account(office["institution"], state="retired", platform_user_id="109")

    assert not check_identity(account, platform_user_id="666", handle=account.handle)

    assert deeds(account) == ["account.stranger_seen"]


def test_a_registered_account_learns_its_id_by_signing_in_and_no_other_account_can(office):
    account = make_account(office["institution"], state="registered", platform_user_id="")
    other = make_account(office["institution"], state="registered", platform_user_id="")

    assert check_identity(account, platform_user_id="109", handle=account.handle)
    assert check_identity(account, platform_user_id="", handle="")

    account.refresh_from_db()
    assert account.platform_user_id == "109"
    assert account.state == "registered"
    with pytest.raises(AlreadyRegistered):
        check_identity(other, platform_user_id="109", handle=other.handle)


def test_danger_is_reported_contained_and_restored_before_the_account_speaks_again(office):
    account, admin = make_account(office["institution"]), office["admin"]
    responder = make_member(office["institution"], "responder")

    report_compromise(account, by=responder, reason="posting bukan dari kami")
    with pytest.raises(CannotMove):
        activate_account(account, by=admin)
    contain_account(account, by=admin, reason="kata sandi diganti")
    with pytest.raises(ValidationError):
        restore_account(account, by=admin, proof="")
    restore_account(account, by=admin, proof="token di profil")
    activate_account(account, by=admin)

    assert account.state == "active"
    assert "AccountCompromised" in told()


def test_rest_and_hand_over_keep_the_account_on_record(office):
    institution, admin = office["institution"], office["admin"]
    account, unit = make_account(institution), make_unit(institution)

    mark_account_dormant(account, by=admin, reason="tidak ada petugas")
    hand_over_account(
        account,
        owner_unit=unit,
        first_contact=make_member(institution),
        second_contact=make_member(institution),
        by=admin,
        reason="pindah ke dinas lain",
    )
    activate_account(account, by=admin)

    account.refresh_from_db()
    assert (account.state, account.owner_unit) == ("active", unit)
    assert AuditEntry.objects.get(did="account.handed_over").facts["to_unit"] == unit.pk


def test_a_retired_account_stays_as_the_tombstone_of_its_handle(office):
    account = make_account(office["institution"], handle="@Kota", channel="mastodon")

    retire_account(account, by=office["admin"], reason="kanal ditutup")

    assert account_by_handle("mastodon", "kota") == account
    assert account in accounts_of(office["institution"])
    assert account not in accounts_of(office["institution"], with_retired=False)
    assert told() == ["AccountMoved", "AccountRetired"]
    with pytest.raises(CannotMove):
        activate_account(account, by=office["admin"])
    with pytest.raises(ValidationError):
        retire_account(make_account(office["institution"]), by=office["admin"], reason=" ")


def test_a_present_account_goes_before_a_tombstone_of_the_same_handle(office):
    tomb = make_account(office["institution"], state="retired", handle="@kota")
    again = request_one(office, channel="helloworld", handle="@kota")

    assert account_by_handle("helloworld", "@KOTA") == again != tomb
    assert account_by_handle("mastodon", "@kota") is None
    with pytest.raises(AlreadyRegistered):
        request_one(office, channel="helloworld", handle="@kota")


def test_the_machine_may_note_handles_but_not_decide(office):
    account = make_account(office["institution"])

    assert note_handle(account, "@lain")
    assert not note_handle(account, "@lain")
    with pytest.raises(NotAllowed):
        activate_account(account, by=SYSTEM)


def test_accounts_whose_contact_left_are_shown(office):
    account = make_account(office["institution"])
    contact = account.first_contact
    contact.left_at = now()
    contact.save()

    assert list(accounts_without_two_contacts(office["institution"])) == [account]


def test_the_token_of_control_is_stable_and_differs_between_accounts(office):
    one, other = make_account(office["institution"]), make_account(office["institution"])

    assert control_token(one) == control_token(one) != control_token(other)
