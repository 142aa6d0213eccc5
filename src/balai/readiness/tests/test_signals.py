"""What is counted of posts and cases: by rows, failing ones first, and absent where none are."""

from datetime import timedelta

import pytest

from balai.cases.models import Case, Clock, Move
from balai.ground.clock import now
from balai.people.tests.make import make_institution, make_member, make_unit
from balai.publishing.models import Correction, Item, Picture, Revision, Variant
from balai.readiness.rules.figures import Status
from balai.readiness.selectors import figure, formula_on, rows, window_on
from balai.readiness.tests.make import today_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_institution()


@pytest.fixture
def head(office):
    return make_member(office, "head_of_pr", "case_coordinator", unit=make_unit(office))


def window(office):
    today = today_at(office)
    return window_on(office, formula_on(today)[1], today)


def told(name, office, n_min=1):
    found = figure(name, window(office), n_min)
    return (found.numerator, found.denominator)


def shown(name, office, reader):
    return [(row.words, row.fulfils) for row in rows(name, window(office), reader, 50)]


def post(head, title, purpose="service_information", **fields):
    moment = now()
    item = Item.objects.create(
        institution=head.institution, title=title, purpose=purpose, created_by=head,
        created_at=moment, **fields,
    )  # fmt: skip
    variant = Variant.objects.create(
        institution=head.institution, item=item, state="published", remote_id="x",
        approved_at=moment, published_at=moment, at=moment,
    )  # fmt: skip
    revision = Revision.objects.create(
        variant=variant, number=1, body="{}", sha256="0" * 64, text=title, author=head,
        written_at=moment,
    )  # fmt: skip
    return item, variant, revision


def case(head, title, *, days_left, ended=None, units=(), words="", **fields):
    moment = now()
    unit = units[-1] if units else head.unit
    row = Case.objects.create(
        institution=head.institution, kind="complaint", scrutiny="ordinary", title=title,
        unit=unit, received_at=moment - timedelta(days=20), opened_at=moment,
        dispatched_at=moment - timedelta(days=19), due_at=moment, opened_by=head, **fields,
    )  # fmt: skip
    Clock.objects.create(
        case=row, kind="resolution", started_at=moment - timedelta(days=19),
        due_at=moment + timedelta(days=days_left), pack="x 1", pack_clock="x", limit=5,
        unit="working_days", mark="D", ended_at=ended, ending="done" if ended else "",
    )  # fmt: skip
    for one in units or (head.unit,):
        Move.objects.create(case=row, became="dispatched", unit=one, at=moment, words=words)
    return row


def test_without_a_single_post_or_case_nothing_is_told(office, head):
    for name in ("posts_with_source", "posts_dialogue", "errors_corrected", "cases_traced"):
        found = figure(name, window(office), 1)
        assert found.status is Status.NOT_APPLICABLE
        assert found.reason in ("no_posts", "no_cases")


def test_factual_posts_name_their_source_and_greetings_need_none(office, head):
    sourced, *_rest = post(head, "Syarat KTP")
    sourced.facts.create(statement="Gratis", source="UU 24/2013", owner=head)
    sourced.facts.create(statement="Sehari", source="Perbup 1/2026", owner=head)
    post(head, "Jadwal SIM")
    post(head, "Selamat hari raya", "seasonal_greeting")
    assert told("posts_with_source", office) == (1, 2)
    assert shown("posts_with_source", office, head) == [
        ("Jadwal SIM", False), ("Syarat KTP", True),
    ]  # fmt: skip


def test_two_way_posts_are_counted_among_all(office, head):
    post(head, "Apa usul Anda?", "input_seeking")
    post(head, "Peresmian", "ceremonial")
    assert told("posts_dialogue", office) == (1, 2)


def test_a_picture_without_a_description_fails_its_post(office, head):
    item, *_rest = post(head, "Banjir")
    post(head, "Tanpa gambar")
    Picture.objects.create(
        item=item, body=b"x", mime="image/png", width=1, height=1, sha256="0" * 64, added_at=now()
    )
    assert told("posts_accessible", office) == (1, 2)
    assert shown("posts_accessible", office, head)[0] == ("Banjir", False)


def test_a_post_needs_somebody_else_s_yes_except_in_a_logged_emergency(office, head):
    _item, _variant, revision = post(head, "Disetujui")
    revision.approvals.create(
        sha256=revision.sha256, kind="editor", member=make_member(office, "editor"), author=head,
        at=now(),
    )  # fmt: skip
    post(head, "Sendiri")
    post(head, "Darurat", review_due_at=now())
    assert told("posts_separated", office) == (1, 2)


def test_errors_are_right_within_a_day_and_a_fresh_one_is_not_judged_yet(office, head):
    _item, variant, revision = post(head, "Jam layanan")
    for hours_ago, took in ((50, 3), (60, 30), (70, None), (2, None)):
        noticed = now() - timedelta(hours=hours_ago)
        Correction.objects.create(
            variant=variant, how="edited", words=f"salah {hours_ago}", before=revision,
            after=revision, noticed_at=noticed, asked_at=noticed, by=head,
            corrected_at=None if took is None else noticed + timedelta(hours=took),
        )  # fmt: skip
    assert told("errors_corrected", office) == (1, 3)


def test_units_answer_within_the_deadline_or_miss_it(office, head):
    case(head, "Tepat", days_left=1, ended=now())
    case(head, "Lewat", days_left=-1)
    case(head, "Terlambat", days_left=-5, ended=now())
    case(head, "Masih ada waktu", days_left=3)
    assert told("cases_of_units", office) == (1, 3)
    assert shown("cases_of_units", office, head)[-1] == ("Tepat", True)


def test_cases_of_two_units_are_looked_at_by_themselves(office, head):
    one, other = make_unit(office), make_unit(office)
    case(head, "Berdua", days_left=1, ended=now(), units=(one, other))
    case(head, "Sendiri", days_left=-1, units=(one, one))
    assert told("cases_joint", office) == (1, 1)


def test_open_cases_show_citizens_news_every_week(office, head):
    case(head, "Dikabari", days_left=3, words="Petugas ke lokasi")
    case(head, "Diam", days_left=3)
    case(head, "Rahasia", days_left=3, is_confidential=True)
    assert told("cases_traced", office) == (1, 2)
    assert shown("cases_traced", office, head) == [("Diam", False), ("Dikabari", True)]


def test_whoever_may_not_read_cases_opens_none(office, head):
    case(head, "Lewat", days_left=-1)
    assert shown("cases_of_units", office, make_member(office, "data_steward")) == []
    assert shown("cases_of_units", office, make_member(make_institution(), "head_of_pr")) == []
