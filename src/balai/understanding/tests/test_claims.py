"""A claim that was checked is found again, however it is forwarded, and nothing else is."""

import time

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balai.understanding.claims import (
    BrokenIndexError,
    BrokenRankerError,
    Claim,
    Claims,
    Twins,
    card_of,
    load,
    load_ranker,
    save,
)
from balai.understanding.reading import Reader

# Claims and messages of a made-up town, written for these tests.
SUKAMAJU = [
    Claim(
        "garam", "Air garam hangat menyembuhkan demam berdarah dalam satu malam", verdict="salah"
    ),
    Claim("beras", "Pemkot Sukamaju membagikan beras gratis 25 kg lewat tautan pendaftaran"),
    Claim("bensin", "Air laut Pantai Melati bisa menjadi bensin kata peneliti"),
    Claim("listrik", "Listrik seluruh Kota Sukamaju padam tiga hari mulai Senin"),
    Claim("vaksin", "Vaksin campak mengandung cip pelacak"),
    Claim("gempa", "Gempa magnitudo 9,2 akan mengguncang Selat Tanjung besok malam"),
    Claim("sekolah", "Sekolah libur sebulan karena kabut asap", title="Libur sebulan akibat asap"),
]
PARAPHRASES = [
    ("tolong cek min, katanya demam berdarah bisa disembuhin pake air garam ya??", "garam"),
    ("daftar di link ini dpt beras gratis dari pemkot sukamaju 25kg", "beras"),
    ("peneliti bilang air laut di pantai melati dpt dijadikan bensin #AirLaut", "bensin"),
    ("mulai senin besok listrik kota padam 3 hari seluruh sukamaju, siapin lilin", "listrik"),
    ("jgn mau divaksin campak! di dalamnya ada cip utk melacak kita", "vaksin"),
    ("AWAS BESOK MALAM GEMPA 9,2 DI SELAT TANJUNG", "gempa"),
    ("anak2 libur sekolahnya sebulan gara2 kabut asap, bener gak sih", "sekolah"),
]
UNRELATED = [
    "lampu jalan di depan pasar mati sejak kemarin, mohon diperbaiki",
    "terima kasih pelayanan ktp cepat sekali",
    "kapan jadwal posyandu bulan ini?",
    "👍👍👍",
    "",
]


@pytest.fixture(scope="module")
def index():
    return Claims(SUKAMAJU)


@pytest.mark.parametrize(("text", "claim"), PARAPHRASES)
def test_a_claim_is_found_in_the_words_of_a_citizen(index, text, claim):
    assert index.match([text])[0][0].id == claim


def test_a_forwarded_copy_is_surer_than_a_paraphrase_and_that_is_surer_than_nothing(index):
    forwarded = f"Diteruskan dari grup sebelah: {SUKAMAJU[0].text.upper()}!!!"
    copy, paraphrase = (found[0] for found in index.match([forwarded, PARAPHRASES[0][0]]))
    assert copy.id == paraphrase.id == "garam"
    assert copy.p > paraphrase.p
    for found in index.match(UNRELATED):
        assert not found or found[0].p < paraphrase.p


def test_an_edited_copy_is_known_by_its_words(index):
    assert index.copies([SUKAMAJU[3].text.lower().replace("tiga", "empat")])[0].id == "listrik"
    assert index.copies([SUKAMAJU[3].text])[0].agreement == 1
    assert index.copies(["", "kapan jadwal posyandu bulan ini?"]) == [None, None]


def test_at_most_the_best_five_are_given_and_the_likeliest_first(index):
    found = index.match([" ".join(claim.text for claim in SUKAMAJU)])[0]
    assert len(found) == 5
    assert [one.p for one in found] == sorted((one.p for one in found), reverse=True)


def test_a_claim_that_is_taken_away_is_found_no_more_and_one_that_changes_is_found_as_it_is_now():
    index = Claims(SUKAMAJU)
    index.remove(["garam"])
    assert "garam" not in index
    assert all(one.id != "garam" for one in index.match([PARAPHRASES[0][0]])[0])
    index.add([Claim("beras", "Rebusan air garam menyembuhkan demam berdarah", verdict="salah")])
    assert index.match([PARAPHRASES[0][0]])[0][0].id == "beras"
    assert index["beras"].verdict == "salah"
    assert len(index) == len(SUKAMAJU) - 1
    with pytest.raises(KeyError):
        index.remove(["garam"])


WORDS = """
banjir rob pasar induk jembatan putus gempa vaksin beras gratis tautan daftar bupati 25 2026 memakan
dimakan makanan kucing hujan es merah Sukamaju air laut bensin
"""
words = st.sampled_from(WORDS.split())
sentences = st.lists(words, min_size=0, max_size=9).map(" ".join)
steps = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.one_of(st.none(), sentences)), max_size=25
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.lists(sentences, min_size=1, max_size=4))
def test_after_any_coming_and_going_the_answers_are_those_of_a_fresh_index(changes, texts):
    index, there = Claims(), {}
    for key, text in changes:
        if text is not None:
            index.add([Claim(key, text)])
            there[key] = text
        elif key in there:
            index.remove([key])
            del there[key]
        index.match(texts[:1])
    fresh = Claims(Claim(key, text) for key, text in there.items())
    assert len(index) == len(fresh) == len(there)
    assert same(index.match(texts), fresh.match(texts))
    assert same(Claims.of(index.contents()).match(texts), fresh.match(texts))


def same(ours, theirs):
    return [[(one.id, pytest.approx(one.p, abs=0.002)) for one in found] for found in ours] == [
        [(one.id, one.p) for one in found] for found in theirs
    ]


def test_many_segments_and_gaps_answer_as_one_piece(index):
    grown = Claims()
    for claim in SUKAMAJU:
        grown.add([claim, Claim(f"{claim.id}-gone", claim.text)])
        grown.match(["banjir"])
        grown.remove([f"{claim.id}-gone"])
    texts = [text for text, _ in PARAPHRASES]
    assert same(grown.match(texts), index.match(texts))


def test_a_kept_index_opens_as_it_was(tmp_path, index):
    card = save(index, tmp_path / "kept", "of what")
    assert card_of(tmp_path / "kept") == card
    opened = load(tmp_path / "kept")
    texts = [text for text, _ in PARAPHRASES]
    assert opened.match(texts) == index.match(texts)
    assert opened["garam"].verdict == "salah"
    opened.add([Claim("baru", "Tanggul Sukamaju jebol")])
    assert opened.match(["katanya tanggul sukamaju jebol"])[0][0].id == "baru"


def test_an_index_that_was_touched_is_refused(tmp_path, index):
    assert card_of(tmp_path) is None
    with pytest.raises(BrokenIndexError):
        load(tmp_path)
    save(index, tmp_path)
    arrays = tmp_path / "claims.npz"
    arrays.write_bytes(arrays.read_bytes()[:-1] + b"x")
    with pytest.raises(BrokenIndexError, match="not what the card says"):
        load(tmp_path)
    (tmp_path / "claims.json").write_text("{")
    with pytest.raises(BrokenIndexError):
        load(tmp_path)


def test_a_ranker_of_another_version_is_refused(tmp_path):
    path = tmp_path / "ranker.json"
    card = load_ranker().card
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(card, features=("length",))))
    with pytest.raises(BrokenRankerError, match="other features"):
        load_ranker(path)
    path.write_text("[]")
    with pytest.raises(BrokenRankerError):
        load_ranker(path)


HOSTILE = {
    "one letter": lambda size: "a" * size,
    "one word again and again": lambda size: "garam " * (size // 6),
    "only emoji": lambda size: "😀" * size,
    "emoji apart": lambda size: "😀 " * (size // 2),
    "separators of batches": lambda size: "\x1e \x00 " * (size // 4),
    "tags": lambda size: "@#" * (size // 2),
    "capitals in a tag": lambda size: "#" + "aB" * (size // 2),
    "digits and dots": lambda size: "1.000" * (size // 5),
    "apostrophes": lambda size: "a'" * (size // 2),
    "combining marks": lambda size: "a\u0301" * (size // 2),
    "lone halves of characters": lambda size: "\ud800 " * (size // 2),
    "all words of the claims": lambda size: (
        (" ".join(claim.text for claim in SUKAMAJU) + " ") * (size // 400)
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_cost_of_hostile_text_grows_no_faster_than_the_text(index, kind):
    def cost(size):
        text = HOSTILE[kind](size)
        spent = []
        for _ in range(3):
            started = time.process_time()
            index.match([text])
            index.copies([text])
            spent.append(time.process_time() - started)
        return min(spent)

    cost(1_000)
    # Sixty-four times the text; a quadratic walk would cost four thousand times as much.
    assert cost(1_000_000) < 300 * (cost(16_000) + 0.005)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_claim_harms_nobody(kind):
    text = HOSTILE[kind](100_000).encode("utf-8", "replace").decode()
    index = Claims([*SUKAMAJU, Claim("hostile", text)])
    assert index.match([PARAPHRASES[0][0]])[0][0].id == "garam"
    index.match([text])


def test_a_reading_names_claims_and_twins_only_where_it_is_given_an_index(index):
    twins = Twins()
    twins.add(
        ["m1"], ["tolong cek min, katanya demam berdarah bisa disembuhin pake air garam ya??"]
    )
    text = PARAPHRASES[0][0].upper()
    read = Reader(claims=index, twins=twins).read([text, "lampu jalan mati"])
    assert read[0].claims[0].id == "garam"
    assert read[0].twins[0].key == "m1"
    assert read[1].twins == ()
    assert len(twins) == 1
    plain = Reader().read([text])[0]
    assert plain.claims == plain.twins == ()
