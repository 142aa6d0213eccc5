"""A mistake is put right everywhere and stays visible; what a rule forbids is taken away."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from balai.channels.contract import Can, Receipt, Refused
from balai.channels.models import Dispatch
from balai.channels.services import give_up_lapsed
from balai.channels.tests.make import Scripted, raising
from balai.ground.clock import now
from balai.people.services import NotAllowed
from balai.people.tests.make import make_member
from balai.publishing import services
from balai.publishing.models import Variant
from balai.publishing.tests.make import again, carry, make_item, make_line, only
from balai.registry.tests.make import make_account

RIGHT = "Layanan rekam KTP buka hari Minggu pukul 08.00 di kantor kecamatan. Silakan datang."
WRONG_DAY = "Hari yang benar adalah Minggu, bukan Sabtu."


@pytest.fixture
def edits(monkeypatch, scripted):
    """The scripted network lets us edit and retract, and counts both."""
    done = []

    def edit(self, receipt, post):
        done.append(("edit", receipt.remote_id, post.text))
        return Receipt(receipt.remote_id, receipt.url)

    def retract(self, receipt):
        done.append(("retract", receipt.remote_id, ""))

    monkeypatch.setattr(Scripted, "can", Scripted.can | Can.EDIT | Can.RETRACT)
    monkeypatch.setattr(Scripted, "edit", edit, raising=False)
    monkeypatch.setattr(Scripted, "retract", retract, raising=False)
    return done


def published(city, account):
    Scripted.publishes = lambda post: Receipt(f"id-{post.key}", f"https://jaringan.test/{post.key}")
    item = make_item(city, account, state="scheduled")
    carry()
    assert only(item).state == "published"
    return item


def put_right(item, by, text=RIGHT):
    variant = only(item)
    return services.correct(
        item, words=WRONG_DAY, texts={variant.pk: text}, noticed_at=now(), by=by
    )


def test_where_the_network_lets_us_the_post_itself_is_changed(city, editor, edits):
    item = published(city, make_line(city).account)
    (correction,) = put_right(item, editor)
    assert correction.corrected_at is None
    carry()
    correction.refresh_from_db()
    assert correction.hours == 0.0
    assert [(kind, text) for kind, _, text in edits] == [("edit", RIGHT)]
    assert only(item).state == "corrected"
    assert only(item).revision.text == RIGHT
    item.refresh_from_db()
    assert item.review_due_at is not None


def test_where_nothing_can_be_changed_a_correction_is_posted_that_names_the_post(
    city, editor, scripted
):
    item = published(city, make_line(city).account)
    (correction,) = put_right(item, editor)
    beside = again(correction.beside)
    assert beside.item.corrects == item
    assert only(item).url in beside.revision.text
    assert beside.revision.text.startswith("RALAT: Hari yang benar")
    carry()
    correction.refresh_from_db()
    assert (correction.how, correction.corrected_at is not None) == ("linked", True)
    assert only(item).state == "corrected"
    assert len(Scripted.given) == 2
    assert only(item).revision == correction.before
    put_right(item, editor)


def test_what_the_network_does_not_let_us_change_is_corrected_beside_it(city, editor, edits):
    item = published(city, make_line(city).account)
    Scripted.edit = raising(Refused("too old to be edited", permanent=True))
    (correction,) = put_right(item, editor)
    carry()
    correction.refresh_from_db()
    assert (correction.how, correction.note) == ("linked", "too old to be edited")
    assert correction.corrected_at is not None


def test_our_own_page_changes_at_once_and_a_person_changes_what_has_no_line(city, editor):
    account = make_account(city, channel="instagram")
    item = make_item(city, None, account, state="scheduled")
    carry()
    by_hand = item.variants.get(account=account)
    services.prove_by_hand(by_hand, url="https://instagram.test/p/1", by=editor)
    services.correct(
        item, words=WRONG_DAY, texts={v.pk: RIGHT for v in item.variants.all()},
        noticed_at=now(), by=editor,
    )  # fmt: skip
    own = item.variants.get(account=None)
    assert own.state == "corrected"
    (open_one,) = by_hand.corrections.all()
    assert (open_one.how, open_one.corrected_at) == ("by_hand", None)
    services.prove_correction(open_one, by=editor)
    assert again(by_hand).state == "corrected"


def test_a_correction_wants_words_a_change_and_the_right(city, editor):
    item = make_item(city, state="published")
    variant = only(item)
    for words, text, at in (
        (" ", RIGHT, now()),
        (WRONG_DAY, variant.revision.text, now()),
        (WRONG_DAY, RIGHT, now() + timedelta(hours=1)),
        (WRONG_DAY, RIGHT, now() - timedelta(days=9)),
        (WRONG_DAY, "Telepon NIK 3271046504930002", now()),
    ):
        with pytest.raises(ValidationError):
            services.correct(item, words=words, texts={variant.pk: text}, noticed_at=at, by=editor)
    with pytest.raises(NotAllowed):
        put_right(item, make_member(city, "content_creator"))
    assert not variant.corrections.exists()


def test_a_change_whose_answer_was_lost_is_made_again(city, editor, edits):
    item = published(city, make_line(city).account)
    put_right(item, editor)
    change = Dispatch.objects.get(deed="edit")
    Dispatch.objects.filter(pk=change.pk).update(
        state="sending", leased_until=now() - timedelta(seconds=1), fence=1
    )
    assert give_up_lapsed() == 1
    carry()
    change.refresh_from_db()
    assert change.state == "out"


def test_of_two_corrections_the_newest_words_stay(city, editor, edits):
    item = published(city, make_line(city).account)
    put_right(item, editor)
    put_right(item, editor, text=f"{RIGHT} Bawa KK.")
    carry()
    assert [text for _, _, text in edits] == [f"{RIGHT} Bawa KK."]


def test_a_withdrawal_needs_a_rule_and_takes_the_post_away(city, head, edits):
    item = published(city, make_line(city).account)
    with pytest.raises(ValidationError):
        services.withdraw(item, rule="privacy", citation=" ", notice="Ditarik.", by=head)
    (withdrawal,) = services.withdraw(
        item, rule="privacy", citation="UU 27/2022 pasal 16", notice="Ditarik demi privasi.",
        by=head,
    )  # fmt: skip
    carry()
    withdrawal.refresh_from_db()
    assert withdrawal.taken_back_at is not None
    assert [kind for kind, _, _ in edits] == ["retract"]
    assert Variant.objects.get().state == "withdrawn"
    with pytest.raises(ValidationError):
        services.withdraw(item, rule="law", citation="x", notice="x", by=head)


def test_only_the_head_withdraws(city, editor):
    item = make_item(city, state="published")
    with pytest.raises(NotAllowed):
        services.withdraw(item, rule="law", citation="x", notice="x", by=editor)
