"""Personal data: what is found, what is left alone, and what covering leaves readable."""

import csv
import json
import re
import time

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.understanding import corpora
from balai.understanding.personal import phones
from balai.understanding.personal.finding import Finder
from balai.understanding.personal.identity import DISTRICTS, is_identity_number
from balai.understanding.personal.masking import mask
from balai.understanding.personal.numbers import passes_luhn
from balai.understanding.personal.scanning import Hyperscan, Re2
from balai.understanding.reading import Context, read
from balai.understanding.shapes import Span

FINDERS = {"hyperscan": Finder(Hyperscan()), "re2": Finder(Re2())}
WIDE = "".join(chr(ord("\uff10") + int(digit)) for digit in "081234567890")
# The set was marked by rules: it calls numbers of pupils, deeds and plots of land telephones too.
OTHER_NUMBERS = re.compile(r"nisn|kitir|nop|km-|gamis", re.I)
WOMAN, FAMILY = "3578125203900011", "3578121203100004"


@pytest.fixture(params=FINDERS.values(), ids=FINDERS)
def finder(request):
    return request.param


def kinds(finder, text, context=None):
    spans = finder.find([text], [context]).get(0, ())
    return [(span.kind, text[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (f"NIK saya {WOMAN} mohon dicek", "nik", WOMAN),
        ("nik 3578-1212-0390-0011", "nik", "3578-1212-0390-0011"),
        (f"No. KK: {FAMILY}", "kk", FAMILY),
        ("No KTP 225233351070785 kurang satu", "nik", "225233351070785"),
        ("hubungi 081234567890 ya", "phone", "081234567890"),
        ("wa +62 812-3456-7890", "phone", "+62 812-3456-7890"),
        ("telp kantor (031) 5312345", "phone", "031) 5312345"),
        ("0812\u200b3456\u200b7890", "phone", "0812\u200b3456\u200b7890"),
        (WIDE, "phone", WIDE),
        ("kirim ke warga.satu@contoh.go.id segera", "email", "warga.satu@contoh.go.id"),
        ("no rek BRI 012301000123501 a.n. adik", "account", "012301000123501"),
        ("truk L 8513 BP parkir sembarangan", "plate", "L 8513 BP"),
        ("nopol b 1 xy", "plate", "b 1 xy"),
        ("wa.me/6281234567890", "phone", "6281234567890"),
        ("hub 0812.3456.7890 atau", "phone", "0812.3456.7890"),
        ("+62 (0) 31 5312345", "phone", "+62 (0) 31 5312345"),
        ("hp 8123456789", "phone", "8123456789"),
        ("(0351) 461234 rumah", "phone", "0351) 461234"),
        ("NPWP 09.254.294.3-407.000", "npwp", "09.254.294.3-407.000"),
        ("npwp saya 092542943407000", "npwp", "092542943407000"),
        (f"NPWP: {WOMAN}", "npwp", WOMAN),
        ("kartu 4111 1111 1111 1111 hilang", "account", "4111 1111 1111 1111"),
        ("no BPJS 0001234567891 tidak aktif", "account", "0001234567891"),
        ("NISN 0324966850 belum terdaftar", "account", "0324966850"),
        ("ktp salah, yang benar 352103210987654", "nik", "352103210987654"),
        ("nama saya Siti Wulandari, warga baru", "name", "Siti Wulandari"),
        ("KTP a.n. BUDI HARTONO belum jadi", "name", "BUDI HARTONO"),
        ("adik saya yang bernama joko susilo hilang", "name", "joko susilo"),
        ("perkenalkan saya Ratna dari kelompok tani", "name", "Ratna"),
        ("alamat: Jl. Melati IV No. 12 RT 03 RW 05", "address", "Jl. Melati IV No. 12 RT 03 RW 05"),
        ("rumah saya di gang mawar no 7b bocor", "address", "gang mawar no 7b"),
        ("saya Siti Aminah, jl kenanga 3 no 8", "address", "jl kenanga 3 no 8"),
    ],
)
def test_it_finds(finder, text, kind, value):
    assert (kind, value) in kinds(finder, text)


@pytest.mark.parametrize(
    "text",
    [
        "rapat 02-03-2026 pukul 10.00 sampai 12.00",
        "anggaran Rp 1.250.000.000 tahun 2025-2026",
        "NOP 35.78.041.002.007",
        "tiket 27343/MC/XI/2026 belum dibalas",
        "hubungi 112 atau 119",
        "RT 005 RW 012 no 17",
        "nomor undian 3578125299990011",
        "harga beras 15000, telur 28000",
        "jalan km 120 jl raya",
        "jl melati no 5 berlubang besar",
        "jalan mawar gelap, lampu mati",
        "terima kasih Pak Walikota Budi Hartono",
        "Bapak Joko Susanto selaku Camat sudah datang",
        "atas nama warga RT 05 kami mohon",
        "atas nama PT Sumber Makmur",
        "namanya juga usaha, pak",
        "nama jalan itu Melati",
        "Pak Budi tolong jalannya",
        "kartu 4111 1111 1111 1112",
        "No. Kitir 41976235",
    ],
)
def test_it_leaves_alone(finder, text):
    assert kinds(finder, text) == []


def test_a_number_of_sixteen_digits_needs_its_check_digit_to_be_a_card():
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")


def test_the_new_kinds_are_masked_too(finder):
    text = "nama saya Siti Wulandari, NPWP 09.254.294.3-407.000"
    covered = mask(text, finder.find([text])[0])
    assert covered == "nama saya [NAME ..ri], NPWP [NPWP ..00]"


@pytest.mark.parametrize(
    "piece",
    ["alamat ", "jl a ", "jl a no ", "nama ", "a.n. ", "saya Siti ", "rt 1 rw ", "Budi ", "no 1/"],
)
def test_names_and_addresses_cost_no_more_than_the_length_of_the_text(finder, piece):
    def seconds(size):
        texts = [(piece * size)[:size]]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            finder.find(texts)
            best = min(best, time.process_time() - start)
        return best

    finder.find(["nama saya Siti, alamat jl a no 1"])
    # 10 times the text: linear is 10, quadratic 100; the floor keeps tiny times from deciding.
    assert seconds(20_000) <= 40 * max(seconds(2_000), 0.0005)


def test_a_bare_local_number_needs_its_label(finder):
    surabaya = Context(area_code="031")
    assert kinds(finder, "telp 5312345", surabaya) == [("phone", "5312345")]
    assert kinds(finder, "ada 5312345 orang", surabaya) == []


def test_two_numbers_side_by_side_are_two(finder):
    assert [kind for kind, _ in kinds(finder, "0812 3456 7890 0813 4567 8901")] == ["phone"] * 2


def test_places_count_code_points_behind_emoji():
    text = "😀👍 é NIK " + WOMAN
    (span,) = read([text])[0].personal_data
    assert text[span.start : span.end] == WOMAN


def test_the_list_of_districts_is_complete():
    assert len(DISTRICTS) == 514


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_identity_numbers_have_a_district_a_date_and_a_serial(digits):
    if is_identity_number(digits):
        assert digits[:4] in DISTRICTS
        assert 1 <= int(digits[6:8]) % 40 <= 31 or digits[6:8] in {"40", "80"}
        assert 1 <= int(digits[8:10]) <= 12
        assert digits[12:] != "0000"


@given(st.lists(st.text(max_size=60)), st.sampled_from([12, 1234567, 3578125203900011]))
def test_both_scanners_agree(texts, number):
    texts = [f"{text} {number} {text}" for text in texts]
    assert FINDERS["hyperscan"].find(texts) == FINDERS["re2"].find(texts)


def test_a_mask_keeps_the_text_readable():
    text = f"NIK {WOMAN}, wa 081234567890, terima kasih"
    covered = mask(text, read([text])[0].personal_data)
    assert covered == "NIK [NIK ..11], wa [PHONE ..90], terima kasih"


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_a_mask_bears_any_spans(text, places):
    mask(text, [Span("nik", start, end) for start, end in places])


@pytest.mark.data
def test_real_contexts_with_false_numbers(finder):
    try:
        path = corpora.folder() / "pii_id_synthetic" / "dev.csv"
    except corpora.NoDataError as missing:
        pytest.skip(f"NOT MEASURED: {missing}")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    found = finder.find([row["text"] for row in rows])
    gold = {"NIK": {"nik", "kk"}, "TEL": {"phone"}}
    seen, total, false = dict.fromkeys(gold, 0), dict.fromkeys(gold, 0), 0
    for place, row in enumerate(rows):
        spans = found.get(place, ())
        marks = json.loads(row["spans"])
        for start, end, kind in marks:
            if kind == "TEL" and OTHER_NUMBERS.search(row["text"][max(0, start - 24) : start]):
                continue
            if kind in gold:
                total[kind] += 1
                seen[kind] += any(
                    s.start < end and start < s.end and s.kind in gold[kind] for s in spans
                )
        false += sum(
            s.kind in {"nik", "kk", "phone"}
            and not any(s.start < end and start < s.end for start, end, _ in marks)
            for s in spans
        )
    assert seen["NIK"] / total["NIK"] >= 0.99
    assert seen["TEL"] / total["TEL"] >= 0.99
    assert false == 0


@given(st.from_regex(r"08[0-9]{7,13}", fullmatch=True))
def test_a_mobile_number_is_valid_exactly_when_the_library_says_so(digits):
    parsed = phonenumbers.parse(digits, "ID")
    assert phones._valid(digits) == phonenumbers.is_valid_number(parsed)
