"""A post from its first words to its approval, through the verbs."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from balai.ground.clock import now
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member, make_unit
from balai.publishing import pictures, services, sweeps
from balai.publishing.models import Item, Revision, Variant
from balai.publishing.services import ChangedMeanwhile, Unready
from balai.publishing.tests.make import (
    again,
    approve,
    make_due,
    make_item,
    make_line,
    make_objective,
    only,
    photo,
)

State = Variant.State
DEEDS = ["edit", "submit", "approve", "own", "schedule", "out", "hold"]


def test_each_account_has_words_of_its_own_and_every_change_makes_a_revision(city, editor):
    one, other = make_line(city), make_line(city)
    item = make_item(city, texts={one.account_id: "Satu.", other.account_id: "Dua.", 0: "Kabar."})
    assert {v.revision.text for v in item.variants.all()} == {"Satu.", "Dua.", "Kabar."}
    services.rewrite_item(item, texts={one.account_id: "Tiga.", 0: "Kabar."}, by=editor)
    assert Revision.objects.filter(variant__account=one.account_id).count() == 2
    assert item.variants.get(account=other.account_id).state == State.CANCELLED
    assert item.variants.get(account=None).revisions.count() == 1


def test_nothing_is_submitted_that_lacks_something_and_all_of_it_is_told(city):
    line = make_line(city)
    item = make_item(
        city, line.account, text="NIK 3271046504930002 " + "x" * 600, purpose="", segment="",
        objective=None,
    )  # fmt: skip
    with pytest.raises(Unready) as refused:
        services.submit(item, by=item.created_by)
    found = [problem.code for problem in refused.value.problems]
    assert found == ["no_purpose", "no_segment", "too_long", "secret_in_text"]
    assert all(line.account.handle in words for words in refused.value.messages)


def test_a_fact_without_a_source_is_not_kept(city):
    with pytest.raises(ValidationError, match="Angka"):
        make_item(city, facts=[services.Stated("Angka turun", " ")])
    with pytest.raises(IntegrityError), transaction.atomic():
        make_item(city, facts=[services.Stated("Angka turun", "BPS")]).facts.update(source="")


def test_a_picture_is_drawn_anew_and_says_nothing_of_place_or_device(city):
    item = make_item(city)
    kept = services.add_picture(item, body=photo(), alt="Loket", by=item.created_by)
    drawn = Image.open(BytesIO(kept.body))
    assert not drawn.getexif()
    assert b"Rahasia" not in bytes(kept.body)
    assert (kept.width, kept.height) == (2048, 1024)
    with pytest.raises(ValidationError):
        pictures.draw(b"<svg onload=alert(1)>")


def test_a_picture_without_a_description_keeps_the_post_in_its_draft(city):
    item = make_item(city)
    kept = services.add_picture(item, body=photo(), alt=" ", by=item.created_by)
    with pytest.raises(Unready, match="keterangan"):
        services.submit(item, by=item.created_by)
    services.describe_pictures(item, {kept.pk: "Loket rekam KTP"}, by=item.created_by)
    services.submit(item, by=item.created_by)


def test_nobody_approves_their_own_words_whatever_their_roles(city):
    both = make_member(city, "editor", "head_of_pr")
    variant = only(make_item(city, by=both, state="in_review"))
    with pytest.raises(NotAllowed, match="dua pasang mata"):
        services.approve(variant, mark=variant.revision.sha256, by=both)


def test_who_changed_a_word_of_it_does_not_approve_it_either(city, editor):
    item = make_item(city)
    services.rewrite_item(item, texts={0: "Kata lain dari redaktur. Silakan datang."}, by=editor)
    services.submit(item, by=item.created_by)
    variant = only(item)
    with pytest.raises(NotAllowed):
        services.approve(variant, mark=variant.revision.sha256, by=editor)


def test_an_edit_voids_the_approval(city, editor):
    item = make_item(city, state="approved")
    services.rewrite_item(item, texts={0: "Kata yang lain. Silakan datang."}, by=item.created_by)
    variant = only(item)
    assert (variant.state, variant.approved_at) == (State.DRAFT, None)
    with pytest.raises(services.CannotMove):
        services.schedule(variant, at=None, by=editor)


def test_also_a_new_picture_a_fact_or_a_title_voids_the_approval(city):
    for change in (
        lambda i: services.add_picture(i, body=photo(), alt="Loket", by=i.created_by),
        lambda i: services.rewrite_item(
            i, texts={0: only(i).revision.text}, by=i.created_by, title="Judul lain"
        ),
        lambda i: services.rewrite_item(
            i, texts={0: only(i).revision.text}, by=i.created_by,
            facts=[services.Stated("Buka Sabtu", "Surat edaran 7/2026")],
        ),
    ):  # fmt: skip
        item = make_item(city, state="approved", text=f"Kabar {Item.objects.count()} hari ini.")
        change(item)
        assert only(item).state == State.DRAFT


def test_an_approver_says_yes_to_what_was_on_the_screen(city, editor):
    item = make_item(city, state="in_review")
    seen = only(item).revision.sha256
    services.rewrite_item(item, texts={0: "Diam-diam diganti. Silakan datang."}, by=item.created_by)
    services.submit(item, by=item.created_by)
    with pytest.raises(ChangedMeanwhile):
        services.approve(only(item), mark=seen, by=editor)


def test_a_sensitive_topic_and_humour_want_two_others(city):
    for flags in ({"is_sensitive": True}, {"has_humour": True}):
        text = f"Kabar {Item.objects.count()} hari ini. Silakan datang."
        variant = only(make_item(city, text=text, state="in_review", **flags))
        assert approve(variant).state == State.IN_REVIEW
        assert approve(variant).state == State.APPROVED


def test_changes_are_asked_for_with_words_and_the_objector_has_to_be_heard(city, editor):
    item = make_item(city, state="in_review")
    variant = only(item)
    mark = variant.revision.sha256
    with pytest.raises(ValidationError):
        services.send_back(variant, mark=mark, words=" ", by=editor)
    services.send_back(variant, mark=mark, words="Sebut jam tutup.", by=editor)
    services.submit(item, by=item.created_by)
    assert approve(variant).state != State.APPROVED
    services.approve(again(variant), mark=mark, by=editor)
    assert again(variant).state == State.APPROVED


def test_an_approval_that_is_too_old_brings_the_post_back_to_review(city):
    variant = only(make_item(city, state="scheduled"))
    old = now() - timedelta(days=31)
    Variant.objects.filter(pk=variant.pk).update(approved_at=old)
    services.put_out(variant)
    assert again(variant).state == State.IN_REVIEW
    assert "persetujuan" in again(variant).note.lower()


def test_an_institution_does_not_use_anothers_accounts_or_objectives(city):
    stranger = make_institution()
    with pytest.raises(ValidationError):
        make_item(city, make_line(stranger).account)
    with pytest.raises(ValidationError):
        make_item(city, objective=make_objective(stranger))
    foreign = only(make_item(stranger, state="in_review"))
    with pytest.raises(NotAllowed):
        services.approve(
            foreign, mark=foreign.revision.sha256, by=make_member(city, "editor", "head_of_pr")
        )


def test_a_case_officer_writes_for_the_own_unit_only(city):
    mine, other = make_unit(city), make_unit(city)
    officer = make_member(city, "case_officer", unit=mine)
    make_item(city, by=officer, unit=mine)
    with pytest.raises(NotAllowed):
        make_item(city, by=officer, unit=other)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(["edit", "submit", "approve", "own", "schedule", "out", "hold"]), max_size=9
    )
)
def test_whatever_people_do_nothing_is_out_that_others_did_not_approve(city, deeds):
    with transaction.atomic():
        item = make_item(city)
        boss = make_member(city, "editor", "head_of_pr")
        number = 0
        for deed in deeds:
            variant, number = only(item), number + 1
            mark = variant.revision.sha256
            try:
                with transaction.atomic():
                    if deed == "edit":
                        texts = {0: f"Kata {number} hari ini."}
                        services.rewrite_item(item, texts=texts, by=item.created_by)
                    elif deed == "submit":
                        services.submit(item, by=item.created_by)
                    elif deed == "approve":
                        services.approve(variant, mark=mark, by=boss)
                    elif deed == "own":
                        services.approve(variant, mark=mark, by=item.created_by)
                    elif deed == "schedule":
                        services.schedule(variant, at=None, by=boss)
                    elif deed == "out":
                        make_due(variant)
                        sweeps.put_out_due()
                    else:
                        services.begin_hold(city, reason="x", by=boss)
            except (ValidationError, NotAllowed):
                pass
        variant = only(item)
        if variant.state in ("approved", "scheduled", "publishing", "published"):
            said = variant.revision.approvals.filter(kind="yes", sha256=variant.revision.sha256)
            assert said.exclude(member=variant.revision.author).exists()
        transaction.set_rollback(True)
