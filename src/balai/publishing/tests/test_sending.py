"""A post from its approval to its proof, through the verbs."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from balai.channels.contract import OutcomeUnknown, Receipt, Refused
from balai.channels.models import Dispatch
from balai.channels.tests.make import Scripted, raising
from balai.governance.selectors import entries_of
from balai.ground.clock import now
from balai.people.services import NotAllowed
from balai.people.tests.make import make_member
from balai.publishing import selectors, services, sweeps
from balai.publishing.models import Hold, Variant
from balai.publishing.services import Unready
from balai.publishing.tests.make import (
    again,
    carry,
    make_item,
    make_line,
    only,
)
from balai.registry.tests.make import make_account

State = Variant.State


def test_our_own_page_is_out_at_once_and_has_an_address(city):
    item = make_item(city, state="published")
    variant = only(item)
    assert variant.state == State.PUBLISHED
    assert variant.url == f"/kabar/{city.slug}/{item.pk}/"
    told = [entry.did for entry in entries_of(item)]
    assert told[-1] == "post.published"


def test_a_post_is_published_only_with_the_networks_id(city, scripted):
    Scripted.publishes = lambda post: Receipt("id-7", "https://jaringan.test/7")
    variant = only(make_item(city, make_line(city).account, state="scheduled"))
    sweeps.put_out_due()
    assert again(variant).state == State.PUBLISHING
    carry()
    sent = again(variant)
    assert (sent.state, sent.remote_id, sent.url) == (
        State.PUBLISHED, "id-7", "https://jaringan.test/7",
    )  # fmt: skip
    assert len(Scripted.given) == 1


def test_of_two_workers_one_takes_it_out(city, scripted):
    Scripted.publishes = lambda post: Receipt("id-7")
    variant = only(make_item(city, make_line(city).account, state="scheduled"))
    seen = [Variant.objects.get(pk=variant.pk), Variant.objects.get(pk=variant.pk)]
    for one in seen:
        services.put_out(one)
    carry()
    assert len(Scripted.given) == 1
    assert Dispatch.objects.count() == 1


def test_what_the_network_refuses_is_failed_with_its_words_and_can_be_sent_again(
    city, editor, scripted
):  # fmt: skip
    Scripted.publishes = raising(Refused("AltTextMissing: no", permanent=True))
    variant = only(make_item(city, make_line(city).account, state="scheduled"))
    carry()
    failed = again(variant)
    assert (failed.state, failed.note) == (State.FAILED, "AltTextMissing: no")
    Scripted.publishes = lambda post: Receipt("id-8")
    services.try_again(failed, by=editor)
    carry()
    assert again(variant).state == State.PUBLISHED
    assert len(set(Scripted.given)) == 1


def test_an_unknown_outcome_is_neither_published_nor_failed(city, editor, scripted):
    Scripted.publishes = raising(OutcomeUnknown("the line broke"))
    variant = only(make_item(city, make_line(city).account, state="scheduled"))
    carry()
    doubtful = again(variant)
    assert (doubtful.state, doubtful.note) == (State.PUBLISHING, "the line broke")
    services.prove_by_hand(doubtful, url="https://jaringan.test/9", by=editor)
    carry()
    assert again(variant).state == State.PUBLISHED
    assert again(variant).url == "https://jaringan.test/9"


def test_an_account_without_a_line_is_served_by_hand_with_a_proof(city, editor):
    account = make_account(city, channel="instagram")
    variant = only(make_item(city, account, state="scheduled"))
    carry()
    assert again(variant).state == State.PUBLISHING
    with pytest.raises(ValidationError):
        services.prove_by_hand(variant, url="javascript:alert(1)", by=editor)
    services.prove_by_hand(variant, url="https://instagram.test/p/1", by=editor)
    assert again(variant).state == State.PUBLISHED
    assert again(variant).proved_by == editor


def test_the_table_keeps_nothing_published_without_proof(city):
    variant = only(make_item(city, state="approved"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Variant.objects.filter(pk=variant.pk).update(state=State.PUBLISHED)


def test_a_hold_freezes_what_is_routine_and_a_person_decides_afterwards(city, editor):
    crisis = make_member(city, "crisis_lead")
    routine = only(make_item(city, state="approved"))
    services.schedule(routine, at=now() + timedelta(days=1), by=editor)
    warning = only(
        make_item(city, text="Banjir: jauhi sungai.", purpose="safety_warning", state="approved")
    )
    services.schedule(warning, at=now() + timedelta(hours=1), by=editor)
    services.begin_hold(city, reason="Banjir bandang", by=crisis)
    assert again(routine).state == State.HELD
    assert again(warning).state == State.SCHEDULED
    with pytest.raises(ValidationError):
        services.begin_hold(city, reason="lagi", by=crisis)
    with pytest.raises(ValidationError, match="Banjir"):
        services.let_go(routine, by=editor)
    services.end_hold(city, reason="Surut", by=crisis)
    assert again(routine).state == State.HELD
    services.let_go(routine, by=editor)
    assert again(routine).state == State.APPROVED
    assert Hold.objects.get().ended_by == crisis


def test_who_may_not_press_the_hold_does_not(city):
    with pytest.raises(NotAllowed):
        services.begin_hold(city, reason="x", by=make_member(city, "responder"))


def test_an_emergency_leaves_in_one_step_and_a_second_person_reads_it_afterwards(city, editor):
    crisis = make_member(city, "crisis_lead")
    item = make_item(city, text="Jauhi tepi sungai.", purpose="safety_warning", by=crisis)
    services.publish_in_one_step(item, reason="Air naik cepat", by=crisis)
    carry()
    assert only(item).state == State.PUBLISHED
    assert list(selectors.to_review_afterwards(city)) == [item]
    both = make_member(city, "editor")
    item.variants.get().revision.approvals.update(member=both)
    with pytest.raises(NotAllowed):
        services.review_afterwards(item, words="Baik", by=both)
    services.review_afterwards(item, words="Benar dan perlu.", by=editor)
    assert not selectors.to_review_afterwards(city)


def test_a_routine_post_never_leaves_in_one_step(city, head):
    item = make_item(city)
    with pytest.raises(ValidationError, match="peringatan"):
        services.publish_in_one_step(item, reason="Cepat", by=head)


def test_a_stale_fact_holds_the_post_back_when_it_is_due(city):
    item = make_item(city, state="scheduled")
    item.facts.create(
        statement="Harga beras", source="BPS", owner=item.created_by,
        valid_until=now().date() - timedelta(days=2),
    )  # fmt: skip
    services.put_out(only(item))
    assert only(item).state == State.HELD
    assert "Harga beras" in only(item).note


def test_an_account_that_was_compromised_says_nothing(city):
    line = make_line(city)
    variant = only(make_item(city, line.account, state="scheduled"))
    type(line.account).objects.filter(pk=line.account_id).update(state="compromised")
    services.put_out(variant)
    assert again(variant).state == State.HELD
    assert not Dispatch.objects.exists()


def test_a_time_that_is_past_or_beyond_the_approval_is_refused(city, editor):
    variant = only(make_item(city, state="approved"))
    for at in (now() - timedelta(minutes=1), now() + timedelta(days=40)):
        with pytest.raises(ValidationError):
            services.schedule(variant, at=at, by=editor)


def test_the_same_words_on_the_same_account_are_said_once(city):
    line = make_line(city)
    make_item(city, line.account, state="scheduled")
    second = make_item(city, line.account)
    with pytest.raises(Unready) as refused:
        services.submit(second, by=second.created_by)
    assert [p.code for p in refused.value.problems] == ["said_before"]


def test_two_posts_of_an_account_within_the_hour_are_pointed_at(city):
    line = make_line(city)
    make_item(city, line.account, state="scheduled", title="Yang pertama")
    other = only(
        make_item(city, line.account, text="Kata lain. Silakan datang.", state="scheduled")
    )
    assert [p.code for p in selectors.crowded(other)] == ["same_hour"]


def test_removal_by_the_platform_is_noticed(city, scripted):
    Scripted.publishes = lambda post: Receipt("id-1")
    variant = only(make_item(city, make_line(city).account, state="scheduled"))
    carry()
    Variant.objects.filter(pk=variant.pk).update(next_look_at=now())
    Scripted.probes = lambda post: Receipt("id-1")
    assert sweeps.read_back() == 1
    assert again(variant).gone_at is None
    Variant.objects.filter(pk=variant.pk).update(next_look_at=now())
    Scripted.probes = lambda post: None
    sweeps.read_back()
    assert again(variant).gone_at is not None
    assert "post.gone" in [entry.did for entry in entries_of(variant.item)]
