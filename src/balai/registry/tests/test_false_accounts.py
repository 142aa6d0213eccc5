"""Whether an account is ours, and what becomes of those that only say so."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from balai.governance.models import AuditEntry
from balai.ground.clock import now
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member
from balai.registry import rules, services
from balai.registry.models import FalseAccount, HandleSeen
from balai.registry.selectors import verify
from balai.registry.tests.make import make_account

State = FalseAccount.State


@pytest.fixture
def city(db):
    return make_institution("Kota Contoh", is_sample=True)


def ours(city, state="active", **fields):
    fields = {"channel": "x", "handle": "@KotaContoh", "platform_user_id": "77", **fields}
    return make_account(city, state, verified_at=now(), **fields)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("active", "official"), ("verified", "official"), ("dormant", "official"),
        ("handover", "official"), ("restored", "official"), ("retired", "retired"),
        ("compromised", "compromised"), ("contained", "compromised"),
    ],
)  # fmt: skip
def test_every_public_state_has_its_answer(city, state, status):
    ours(city, state)
    assert verify("https://twitter.com/kotacontoh").status == status


@pytest.mark.parametrize("state", ["requested", "approved", "registered"])
def test_an_account_that_nobody_verified_is_not_ours(city, state):
    make_account(city, state, channel="x", handle="@kotacontoh")
    assert verify("@kotacontoh").status == "not_ours"


def test_the_immutable_id_decides_and_not_the_name(city):
    account = ours(city)
    assert verify("@nama_baru", channel="x", user_id="77").accounts == [account]
    imitated = verify("@kotacontoh", channel="x", user_id="78")
    assert (imitated.status, imitated.accounts) == ("other_identity", [account])
    assert not imitated.is_ours


def test_our_name_on_another_network_is_not_ours(city):
    ours(city)
    assert verify("https://instagram.com/kotacontoh").status == "not_ours"


def test_a_name_that_we_gave_up_is_not_ours_any_more(city):
    account = ours(city, handle="@kotabaru")
    HandleSeen.objects.create(account=account, handle="@kotalama", seen_at=now())
    found = verify("@kotalama", channel="x")
    assert (found.status, found.accounts) == ("former_handle", [account])


def test_a_name_that_is_used_again_counts_as_what_it_is_now(city):
    ours(city, "retired", platform_user_id="1")
    account = ours(city, platform_user_id="2")
    assert verify("@kotacontoh").accounts == [account]


def test_a_citizens_report_is_kept_sealed_and_counted_once_an_account(city):
    first = services.report_false_account(
        city, account="https://x.com/KotaContoh_id", words="Minta transfer ke 0812"
    )
    again = services.report_false_account(city, account="@kotacontoh_id", channel="x")
    assert first.pk == again.pk
    assert again.reports == 2
    assert again.words == "Minta transfer ke 0812"
    facts = [entry.facts for entry in AuditEntry.objects.filter(did="false_account.reported")]
    assert "kotacontoh" not in str(facts)


def test_our_own_account_is_not_reported_and_the_reporter_reads_why(city):
    ours(city)
    with pytest.raises(services.ItIsOurs):
        services.report_false_account(city, account="https://x.com/kotacontoh")
    with pytest.raises(ValidationError):
        services.report_false_account(city, account=" @ ")


@given(st.sampled_from(State.values), st.sampled_from(State.values))
def test_a_report_goes_only_the_ways_that_the_table_names(before, wanted):
    allowed = wanted in rules.REPORT_MOVES[before]
    try:
        rules.check_report_move(before, wanted)
    except rules.NotAllowedNow:
        assert not allowed
    else:
        assert allowed


def test_an_officer_judges_and_a_dismissal_needs_a_reason(city):
    report = services.report_false_account(city, account="@palsu", channel="x")
    officer = make_member(city, "responder")
    with pytest.raises(ValidationError):
        services.judge_false_account(report, wanted="dismissed", by=officer)
    services.judge_false_account(report, wanted="confirmed", by=officer)
    with pytest.raises(services.CannotMove):
        services.judge_false_account(report, wanted="reported", by=officer)
    services.judge_false_account(report, wanted="referred", by=officer)
    report.refresh_from_db()
    assert (report.state, report.decided_by) == ("referred", officer)


def test_others_may_not_judge(city):
    report = services.report_false_account(city, account="@palsu", channel="x")
    for stranger in (make_member(city, "auditor"), make_member(make_institution(), "responder")):
        with pytest.raises(NotAllowed):
            services.judge_false_account(report, wanted="confirmed", by=stranger)


def test_the_desk_shows_reports_of_its_own_institution_only(client, city):
    services.report_false_account(city, account="@palsu-sini", channel="x", words="Minta uang")
    other = make_institution("Kota Lain")
    foreign = services.report_false_account(other, account="@palsu-sana", channel="x")
    client.force_login(make_member(city, "responder").user)
    page = client.get("/akun-resmi/palsu/").content.decode()
    assert "@palsu-sini" in page
    assert "Minta uang" in page
    assert "@palsu-sana" not in page
    assert (
        client.post(f"/akun-resmi/palsu/{foreign.pk}/", {"wanted": "confirmed"}).status_code == 404
    )
    mine = FalseAccount.objects.get(institution=city)
    client.post(f"/akun-resmi/palsu/{mine.pk}/", {"wanted": "confirmed"})
    mine.refresh_from_db()
    assert mine.state == "confirmed"
    client.post("/akun-resmi/palsu/laporkan/", {"account": "@palsu-dua", "channel": "tiktok"})
    assert FalseAccount.objects.filter(institution=city).count() == 2


def test_the_desk_is_closed_to_visitors(client, city):
    assert client.get("/akun-resmi/palsu/").status_code == 302
