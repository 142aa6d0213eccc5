"""Rule packs and targets: dated, sourced, and never looser than the pack."""

import tomllib
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from balai.governance.models import AuditEntry, LocalTarget
from balai.governance.rules import LooserThanPack, Measure, NoTarget, PackTrouble, Target
from balai.governance.rules.envelope import content_hash
from balai.governance.rules.targets import (
    MARKS,
    pack_on,
    read_pack,
    stricter,
    target_on,
)
from balai.governance.selectors import pack_in_force, packs, target, targets_of
from balai.governance.selectors.targets import FOLDER
from balai.governance.services import set_local_target
from balai.people.services import NotAllowed
from balai.people.tests.make import make_institution, make_member

TODAY = date(2026, 11, 22)
# Domain 4.6: internal targets [D], SP4N-LAPOR practice [V2], personal data.
FIGURES = {
    "emergency_acknowledgement": (5, "clock_minutes", "D"),
    "question_first_response": (60, "working_minutes", "D"),
    "complaint_first_response": (240, "working_minutes", "D"),
    "rumour_first_statement": (60, "clock_minutes", "D"),
    "incident_holding_statement": (30, "clock_minutes", "D"),
    "incident_update": (120, "clock_minutes", "D"),
    "correction": (24, "clock_hours", "D"),
    "moderation_appeal": (5, "working_days", "D"),
    "idea_report_back": (30, "working_days", "D"),
    "follow_up": (7, "working_days", "D"),
    "complaint_verification": (3, "working_days", "V2"),
    "complaint_ordinary": (5, "working_days", "V2"),
    "complaint_without_oversight": (14, "working_days", "V2"),
    "complaint_with_oversight": (60, "working_days", "V2"),
    "complaint_auto_close": (10, "working_days", "U"),
    "consent_withdrawal": (72, "clock_hours", "V2"),
    "breach_notice": (72, "clock_hours", "V2"),
    "data_access": (72, "clock_hours", "U"),
    "data_deletion": (72, "clock_hours", "D"),
}


def made(**changes):
    content = {
        "instrument": "test",
        "version": "1",
        "title": "A test",
        "effective_from": date(2026, 1, 1),
        "citation": "nobody",
        "verified_by": "nobody",
        "targets": {"a": {"limit": 5, "unit": "working_days", "mark": "D", "citation": "nobody"}},
        **changes,
    }
    return {**content, "content_hash": content_hash(content)}


def test_the_packs_carry_the_figures_of_the_domain_page():
    found = {
        clock: (one.limit, one.unit.value, one.mark)
        for pack in packs()
        for clock, one in pack.targets.items()
    }

    assert found == FIGURES


def test_every_figure_has_a_mark_and_a_source():
    for pack in packs():
        assert pack.citation
        assert pack.verified_by
        for one in pack.targets.values():
            assert one.mark in MARKS
            assert one.citation


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.name)
def test_a_figure_that_was_changed_in_a_file_is_refused(file):
    content = tomllib.loads(file.read_text())
    read_pack(content)
    clock = next(iter(content["targets"]))
    content["targets"][clock]["limit"] += 1

    with pytest.raises(PackTrouble, match="content gives"):
        read_pack(content)


@pytest.mark.parametrize(
    "row",
    [
        {"limit": 0, "unit": "working_days", "mark": "D", "citation": "x"},
        {"limit": 5, "unit": "moons", "mark": "D", "citation": "x"},
        {"limit": 5, "unit": "working_days", "mark": "sure", "citation": "x"},
        {"limit": 5, "unit": "working_days", "mark": "D", "citation": ""},
        {"limit": 5},
    ],
)
def test_a_figure_without_limit_unit_mark_or_source_is_refused(row):
    with pytest.raises(ValueError, match=r"."):
        read_pack(made(targets={"a": row}))


def test_a_pack_without_its_head_is_refused():
    for missing in ("title", "citation", "verified_by", "effective_from"):
        content = made()
        del content[missing]
        content["content_hash"] = content_hash(content)
        with pytest.raises(PackTrouble):
            read_pack(content)
    with pytest.raises(PackTrouble):
        read_pack({})


def test_a_later_pack_holds_from_its_day_on():
    old = read_pack(made(version="1", effective_to=date(2026, 6, 30)))
    looser = {"limit": 9, "unit": "working_days", "mark": "D", "citation": "x"}
    new = read_pack(made(version="2", effective_from=date(2026, 7, 1), targets={"a": looser}))

    assert target_on([new, old], "a", date(2026, 6, 30)).limit == 5
    assert target_on([old, new], "a", date(2026, 7, 1)).limit == 9
    assert pack_on([old, new], "test", date(2026, 7, 1)) is new
    assert pack_on([old, new], "test", date(2025, 7, 1)) is None
    with pytest.raises(NoTarget):
        target_on([old, new], "a", date(2025, 12, 31))
    with pytest.raises(NoTarget):
        target_on([old, new], "b", date(2026, 7, 1))


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_a_local_target_is_stricter_or_refused(limit, own):
    pack_target = Target("a", limit, Measure.WORKING_DAYS, "D", "x")
    if own > limit:
        with pytest.raises(LooserThanPack):
            stricter(pack_target, own, "SK 1")
    else:
        assert stricter(pack_target, own, "SK 1").limit == own <= limit


def test_a_pack_is_found_by_instrument_and_day():
    assert pack_in_force("response_targets", TODAY).version == "2026.1"
    assert pack_in_force("sp4n_lapor", TODAY) is not None
    assert pack_in_force("spbe", TODAY) is None


@pytest.mark.django_db
def test_an_institution_promises_to_be_faster_from_a_day_on():
    institution = make_institution()
    admin = make_member(institution, "head_of_pr")
    clock = "question_first_response"

    set_local_target(
        institution=institution,
        clock=clock,
        limit=30,
        since_on=date(2026, 7, 1),
        decree="SK 9/2026",
        by=admin,
    )

    assert target(institution, clock, date(2026, 6, 30)).limit == 60
    after = target(institution, clock, TODAY)
    assert (after.limit, after.is_local, after.citation) == (30, True, "SK 9/2026")
    assert target(make_institution(), clock, TODAY).limit == 60
    assert AuditEntry.objects.get().did == "target.set"
    assert {one.clock for one in targets_of(institution, TODAY)} == set(FIGURES)
    assert target(institution, clock).unit is Measure.WORKING_MINUTES


@pytest.mark.django_db
def test_a_looser_an_empty_or_a_second_promise_for_a_day_is_refused():
    institution = make_institution()
    admin = make_member(institution, "head_of_pr")
    promise = {
        "institution": institution,
        "clock": "question_first_response",
        "since_on": TODAY,
        "decree": "",
        "by": admin,
    }

    for limit in (61, 0):
        with pytest.raises(ValidationError):
            set_local_target(**promise, limit=limit)
    set_local_target(**promise, limit=45)
    with pytest.raises(ValidationError):
        set_local_target(**promise, limit=40)
    with pytest.raises(NoTarget):
        set_local_target(**{**promise, "clock": "tea"}, limit=1)
    with pytest.raises(NotAllowed):
        set_local_target(**{**promise, "by": make_member(institution, "editor")}, limit=1)


@pytest.mark.django_db
def test_a_local_target_that_a_new_pack_overtook_loosens_nothing():
    institution = make_institution()
    LocalTarget.objects.create(
        institution=institution, clock="question_first_response", limit=90, since_on=TODAY
    )

    assert target(institution, "question_first_response", TODAY).limit == 60
