"""People, registry and governance in a real browser: every page, and the ways through them."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from datetime import date
from types import SimpleNamespace

import pytest

from balai.governance.models import Holiday
from balai.governance.services import enter_holiday
from balai.people.models import Institution, Member, Unit
from balai.people.services import lend_role
from balai.people.tests.make import PASSWORD, make_institution, make_member, make_unit
from balai.registry.models import OfficialAccount
from balai.registry.services import request_account
from tests.browser.browsing import (
    DESK,
    PHONE,
    assert_accessible,
    assert_fits,
    assert_touchable,
)

ROLES = ("system_admin", "channel_admin", "responder", "auditor")


@pytest.fixture
def house(db):
    """A small city: sample, so that no second factor is asked of its powerful members."""
    city = make_institution("Pemerintah Kota Contoh", is_sample=True)
    unit = make_unit(city, "Bagian Hubungan Masyarakat", code="humas")
    make_unit(city, "Seksi Media Sosial", parent=unit)
    siti = make_member(city, *ROLES, name="Siti Rahma", unit=unit)
    dewi = make_member(city, "head_of_pr", "case_coordinator", name="Dewi Lestari", unit=unit)
    lend_role(
        lender=dewi, deputy=siti, role="head_of_pr", by=dewi, reason="Cuti tahunan",
        starts_at=siti.joined_at, ends_at=siti.joined_at.replace(year=siti.joined_at.year + 1),
    )  # fmt: skip
    account = request_account(
        institution=city, channel="mastodon", handle="@kotacontoh@sosial.example", owner_unit=unit,
        first_contact=siti, second_contact=dewi, by=siti,
    )  # fmt: skip
    holiday = enter_holiday(
        institution=city, on=date(2026, 4, 22), kind="local", name="Hari Jadi Kota",
        decree="SK Wali Kota 12/2026", by=siti,
    )  # fmt: skip
    return SimpleNamespace(
        city=city, unit=unit, siti=siti, dewi=dewi, account=account, holiday=holiday
    )


def pages_of(house) -> list[str]:
    dewi, account = house.dewi.pk, house.account.pk
    return [
        "/anggota/", "/anggota/tambah/", f"/anggota/{dewi}/", f"/anggota/{dewi}/peran/",
        f"/anggota/{dewi}/pinjam/", f"/anggota/{dewi}/keluar/", "/unit-kerja/",
        "/unit-kerja/tambah/", "/instansi/", "/instansi/ubah/", "/hari-kerja/",
        "/hari-kerja/libur/", f"/hari-kerja/libur/{house.holiday.pk}/cabut/", "/hari-kerja/jam/",
        "/target/", "/target/question_first_response/", "/jejak-audit/", "/akun-resmi/",
        "/akun-resmi/ajukan/", f"/akun-resmi/{account}/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", PHONE), ("dark", DESK)], ids=["phone-light", "desk-dark"]
)
def test_every_page_of_the_rooms_is_accessible_and_fits(house, page_of, scheme, viewport):
    page = page_of(house.siti, color_scheme=scheme, viewport=viewport)
    for path in pages_of(house):
        answer = page.goto(path)
        assert answer.status == 200, path
        assert_accessible(page)
        assert_fits(page)
        assert_touchable(page)


def test_colours_hold_the_other_way_round_too(house, page_of):
    for scheme, viewport in (("dark", PHONE), ("light", DESK)):
        page = page_of(house.siti, color_scheme=scheme, viewport=viewport)
        for path in ("/anggota/", f"/akun-resmi/{house.account.pk}/", "/target/"):
            page.goto(path)
            assert_accessible(page)


def test_a_new_installation_begins_at_its_first_page_and_only_once(db, new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    assert page.url.endswith("/mulai/")
    page.get_by_label("Nama instansi").fill("Pemerintah Desa Sukamaju")
    page.get_by_label("Nama Anda").fill("Budi Santoso")
    page.get_by_label("Surel Anda").fill("budi@sukamaju.example")
    page.get_by_label("Kata sandi Anda").fill("pendek")
    page.get_by_role("button", name="Mulai").click()
    assert page.locator(".error-summary").is_visible()
    page.get_by_label("Kata sandi Anda").fill(PASSWORD)
    page.get_by_role("button", name="Mulai").click()
    founder = Member.objects.get()
    assert founder.institution.slug == "pemerintah-desa-sukamaju"
    assert founder.user.check_password(PASSWORD)
    assert page.goto("/mulai/").status == 403


def test_an_empty_form_names_all_problems_at_once_and_leads_to_each(house, page_of):
    page = page_of(house.siti)
    page.goto("/hari-kerja/libur/")
    page.get_by_role("button", name="Catat").click()
    summary = page.locator("[data-error-summary]")
    assert summary.locator("li").count() == 3
    assert_accessible(page)
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.name") == "on"


def test_a_day_off_is_entered_and_withdrawn_without_javascript(house, page_of):
    page = page_of(house.siti, java_script_enabled=False)
    page.goto("/hari-kerja/libur/")
    page.get_by_label("Tanggal").fill("2026-07-01")
    page.get_by_label("Nama", exact=True).fill("Pemilihan Lurah")
    page.get_by_label("Dasar penetapan").fill("SE Wali Kota 7/2026")
    page.get_by_role("button", name="Catat").click()
    assert page.get_by_text("Hari libur sudah dicatat.").is_visible()
    page.goto("/hari-kerja/?tahun=2026")
    page.get_by_role("link", name="Cabut Pemilihan Lurah").click()
    page.get_by_label("Alasan").or_(page.get_by_label("Mengapa dicabut?")).fill("Ditunda")
    page.get_by_role("button", name="Cabut").click()
    assert Holiday.objects.get(name="Pemilihan Lurah").withdrawn_at is not None


def test_a_member_is_added_gets_a_role_and_a_link_without_javascript(house, page_of):
    page = page_of(house.siti, java_script_enabled=False)
    page.goto("/anggota/")
    page.get_by_role("link", name="Tambah anggota").click()
    page.get_by_label("Nama", exact=True).fill("Rina Wati")
    page.get_by_label("Surel").fill("rina@contoh.example")
    page.get_by_label("Petugas tanggapan").check()
    page.get_by_role("button", name="Tambah anggota").click()
    assert "/masuk/password/reset/key/" in page.get_by_label("Tautan").input_value()
    page.get_by_role("link", name="Ke halaman anggota").click()
    page.get_by_role("link", name="Beri peran").click()
    page.get_by_label("Peran", exact=True).select_option("case_officer")
    page.get_by_label("Hanya untuk unit ini").select_option(str(house.unit.pk))
    page.get_by_role("button", name="Beri peran").click()
    rina = Member.objects.get(name="Rina Wati")
    assert sorted(rina.grants.values_list("role", flat=True)) == ["case_officer", "responder"]


def test_the_invited_person_chooses_a_password_by_the_link(house, page_of, page):
    office = page_of(house.siti)
    office.goto("/anggota/tambah/")
    office.get_by_label("Nama", exact=True).fill("Rina Wati")
    office.get_by_label("Surel").fill("rina@contoh.example")
    office.get_by_role("button", name="Tambah anggota").click()
    page.goto(office.get_by_label("Tautan").input_value())
    assert_accessible(page)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Pakai kata sandi ini").click()
    page.wait_for_url(re.compile("^(?!.*set-password)"))
    assert Member.objects.get(name="Rina Wati").user.check_password(PASSWORD)


def test_a_unit_is_added_below_another_and_dissolved(house, page_of):
    page = page_of(house.siti)
    page.goto("/unit-kerja/")
    page.get_by_role("link", name="Tambah di bawahnya Bagian Hubungan Masyarakat").click()
    page.get_by_label("Nama", exact=True).fill("Seksi Aduan")
    page.get_by_label("Kode").fill("aduan")
    page.get_by_role("button", name="Tambah unit kerja").click()
    unit = Unit.objects.get(code="aduan")
    assert unit.parent == house.unit
    page.goto(f"/unit-kerja/{unit.pk}/bubarkan/")
    page.get_by_label("Alasan").fill("Digabung")
    page.get_by_role("button", name=re.compile("^Bubarkan")).click()
    unit.refresh_from_db()
    assert unit.dissolved_on is not None


def test_an_account_goes_from_request_to_speaking_by_two_people(house, page_of):
    path = f"/akun-resmi/{house.account.pk}/"
    asking, saying_yes = page_of(house.siti), page_of(house.dewi)
    asking.goto(path)
    saying_yes.goto(path)
    saying_yes.get_by_role("link", name="Setujui").click()
    saying_yes.get_by_role("button", name="Setujui").click()
    asking.reload()
    asking.get_by_role("link", name="Masukkan ke daftar").click()
    asking.get_by_role("button", name="Masukkan ke daftar").click()
    asking.get_by_role("link", name="Verifikasi penguasaan").click()
    assert "balai-" in asking.locator("code").inner_text()
    asking.get_by_role("button", name="Verifikasi penguasaan").click()
    assert asking.locator("[data-error-summary] li").count() == 2
    asking.get_by_label("Nomor pengguna di platform").fill("109348572")
    asking.get_by_label("Bagaimana penguasaan dibuktikan?").fill("Kata kunci di profil")
    asking.get_by_role("button", name="Verifikasi penguasaan").click()
    asking.get_by_role("link", name="Aktifkan").click()
    asking.get_by_role("button", name="Aktifkan").click()
    house.account.refresh_from_db()
    assert house.account.state == OfficialAccount.State.ACTIVE
    assert_accessible(asking)


def test_the_chain_is_checked_by_a_button_and_its_end_is_downloaded(house, page_of):
    page = page_of(house.siti)
    page.goto("/jejak-audit/")
    page.get_by_role("button", name="Periksa rantai").click()
    assert page.locator(".banner.is-success, .banner.is-ok").first.is_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Ujung bertanda tangan").click()
    assert waiting.value.suggested_filename.startswith(house.city.slug)


def test_the_audit_page_shows_one_thing_when_asked(house, page_of):
    page = page_of(house.siti)
    page.goto("/jejak-audit/")
    page.get_by_label("Mengenai").select_option("registry.officialaccount")
    page.get_by_role("button", name="Saring").click()
    assert page.locator("tbody tr").count() == 1
    assert page.locator("tbody").get_by_text("account.requested").is_visible()


def test_what_a_member_may_not_do_is_not_offered_and_refused_in_words(house, page_of):
    officer = make_member(house.city, "responder", name="Tono")
    page = page_of(officer)
    page.goto("/anggota/")
    assert page.get_by_role("link", name="Tambah anggota").count() == 0
    assert page.goto("/anggota/tambah/").status == 403
    assert page.get_by_text("Administrator sistem").first.is_visible()
    assert_accessible(page)


def test_a_member_sets_up_the_second_step_and_signs_in_with_it(db, new_context):
    person = make_member(make_institution(), "responder", password=PASSWORD)
    page = new_context().new_page()
    sign_in(page, person)
    page.goto("/masuk/2fa/totp/activate/")
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Pastikan").click()
    secret = page.locator("code").inner_text()
    assert_accessible(page)
    page.get_by_label("Kode autentikator").fill(totp(secret))
    page.get_by_role("button", name="Pakai aplikasi ini").click()
    page.locator(".is-codes code").first.wait_for()
    assert_accessible(page)
    code = page.locator(".is-codes code").first.inner_text()
    other = new_context().new_page()
    sign_in(other, person)
    assert other.url.endswith("/masuk/2fa/authenticate/")
    assert_accessible(other)
    other.get_by_label("Kode").fill(code)
    other.get_by_role("button", name="Masuk").click()
    other.locator("header.bar details.drop").wait_for()
    other.goto("/masuk/sessions/")
    assert other.locator("tbody tr").count() == 2


def sign_in(page, person: Member) -> None:
    page.goto("/masuk/login/")
    page.get_by_label("Surel").fill(person.user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(re.compile("^(?!.*login)"))


def totp(secret: str) -> str:
    """RFC 6238 with its usual values: SHA-1, 30 seconds, six digits."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_nobody_sees_another_institution(house, page_of):
    other = make_institution("Kabupaten Lain", kind=Institution.Kind.REGENCY, is_sample=True)
    stranger = make_member(other, *ROLES, name="Orang Lain")
    page = page_of(stranger)
    for path in (f"/anggota/{house.dewi.pk}/", f"/akun-resmi/{house.account.pk}/"):
        assert page.goto(path).status == 404


def test_letters_of_twice_the_size_still_fit_a_phone(house, page_of):
    page = page_of(house.siti, viewport={"width": 360, "height": 740})
    for path in ("/anggota/", "/hari-kerja/", "/target/", f"/akun-resmi/{house.account.pk}/"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert_fits(page)


def test_a_printed_page_names_the_institution_and_leaves_the_buttons_out(house, page_of):
    page = page_of(house.siti)
    page.goto("/jejak-audit/")
    page.emulate_media(media="print")
    assert page.locator(".bar-name").is_visible()
    assert not page.get_by_role("button", name="Periksa rantai").is_visible()
