"""Personal data: what is found, what is left alone, and what covering leaves readable."""

import csv
import json

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.understanding import corpora
from balai.understanding.personal import phones
from balai.understanding.personal.finding import Finder
from balai.understanding.personal.identity import DISTRICTS, is_identity_number
from balai.understanding.personal.masking import mask
from balai.understanding.personal.scanning import Hyperscan, Re2
from balai.understanding.reading import Context, read
from balai.understanding.shapes import Span

FINDERS = {"hyperscan": Finder(Hyperscan()), "re2": Finder(Re2())}
WIDE = "".join(chr(ord("\uff10") + int(digit)) for digit in "081234567890")
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
    ],
)
def test_it_leaves_alone(finder, text):
    assert kinds(finder, text) == []


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
    assert seen["NIK"] / total["NIK"] >= 0.97
    assert seen["TEL"] / total["TEL"] >= 0.92
    assert false <= 1


@given(st.from_regex(r"08[0-9]{7,13}", fullmatch=True))
def test_a_mobile_number_is_valid_exactly_when_the_library_says_so(digits):
    parsed = phonenumbers.parse(digits, "ID")
    assert phones._valid(digits) == phonenumbers.is_valid_number(parsed)
