"""The report in a browser: readable by everybody, on a phone, in the dark, on paper."""

from datetime import timedelta

import pytest

from balai.analytics.services import count_told
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.inbox import services as inbox
from balai.inbox.tests.talking import came_to, hear, make_line, say
from balai.people.tests.make import make_institution, make_member, make_unit
from tests.browser.browsing import (
    DESK,
    PHONE,
    assert_accessible,
    assert_fits,
    assert_touchable,
)


@pytest.fixture
def head(db):
    """The head of public relations of a city that answered seven of eight matters."""
    city = make_institution("Pemerintah Kota Contoh", is_sample=True)
    unit = make_unit(city, "Dinas Pekerjaan Umum dan Penataan Ruang Kota Contoh")
    head = make_member(city, "head_of_pr", "case_coordinator", name="Dewi Lestari", unit=unit)
    line = make_line(city)
    for number in range(8):
        talk = hear(line, intent=("question", "complaint")[number % 2])
        inbox.assign(talk, by=head, to=head)
        if number:
            answer = say(talk, head)
            came_to(answer, "out", settled_at=now() + timedelta(minutes=number))
            inbox.note_delivery(answer)
    while deliver() or count_told():
        pass
    return head


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [("light", PHONE), ("dark", PHONE), ("light", DESK), ("dark", DESK)],
    ids=["phone-light", "phone-dark", "desk-light", "desk-dark"],
)
def test_a_report_is_accessible_and_fits(head, page_of, scheme, viewport):
    page = page_of(head, color_scheme=scheme, viewport=viewport)
    for by in ("unit", "intent", "channel", "place", "member"):
        assert page.goto(f"/laporan/?menurut={by}").status == 200
        assert_accessible(page)
        assert_fits(page)
        assert_touchable(page)


def test_a_report_is_asked_for_and_followed_to_its_rows_without_a_script(head, page_of):
    page = page_of(head, java_script_enabled=False, viewport=DESK)
    page.goto("/laporan/")
    page.get_by_label("Menurut").select_option("intent")
    page.get_by_role("button", name="Tampilkan").click()
    row = page.get_by_role("row").filter(has_text="Pertanyaan")
    row.get_by_role("link", name="menunggu jawaban: Pertanyaan").click()
    assert "intent=question" in page.url
    assert "view=open" in page.url
