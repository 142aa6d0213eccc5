"""Places: which area is meant, what is no place, and what is told where the text does not say."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balai.understanding import corpora
from balai.understanding.places import naming
from balai.understanding.places.areas import areas
from balai.understanding.places.finding import Finder
from balai.understanding.places.making import lines
from balai.understanding.shapes import Context
from balai.understanding.tagging import chains, training
from balai.understanding.tagging.tokens import tokens

FINDER = Finder()
SURABAYA, SIDOARJO = Context(area="35.78"), Context(area="35.15")


def codes(text, context=None):
    return [(one.text, one.code) for one in FINDER.find([text], [context]).get(0, ())]


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("banjir di Jawa Timur", "Jawa Timur", "35"),
        ("macet di bandung", "bandung", "32.73"),
        ("warga kab. bandung mengeluh", "kab. bandung", "32.04"),
        ("macet jaksel parah", "jaksel", "31.74"),
        ("dari jogja", "jogja", "34"),
        ("di Kota Padang lampu mati", "Kota Padang", "13.71"),
        ("kec. Genteng Banyuwangi", "kec. Genteng", "35.10.09"),
        ("di serang, banten", "serang", "36.73"),
        ("air mati di Kec. Sir-Sir Kab. Kepulauan Aru", "Kec. Sir-Sir", "81.07.06"),
        ("BANJIR DI KECAMATAN GUNUNGANYAR SURABAYA", "KECAMATAN GUNUNGANYAR", "35.78.25"),
        ("Kel.Gading Kec.Tambaksari", "Kel.Gading", "35.78.10.1003"),
        ("jalan rusak di ds balusu kab. barru", "ds balusu", "73.11.07.2002"),
        ("Pelayanan kec. Ngawen Kab. Klaten lambat", "kec. Ngawen", "33.10.22"),
    ],
)
def test_it_finds_the_area_that_is_meant(text, place, code):
    assert (place, code) in codes(text)


def test_a_village_of_a_common_name_is_resolved_by_the_areas_named_with_it():
    text = "di Desa Sidomulyo, Kecamatan Sukorejo, Kabupaten Kendal"
    assert [code for _, code in codes(text)] == ["33.24.13.2009", "33.24.03", "33.24"]


def test_a_name_that_says_nothing_more_is_told_with_all_that_it_may_mean():
    (place,) = FINDER.find(["jalan putus di Desa Sidomulyo"])[0]
    assert place.code is None
    assert len(place.alternatives) > 1
    assert {one.name for one in place.alternatives} == {"Sidomulyo"}


def test_the_area_of_the_institution_decides_between_bearers_of_a_name():
    assert codes("air mati di kecamatan sukodono", SIDOARJO) == [("kecamatan sukodono", "35.15.14")]
    (unsaid,) = codes("air mati di kecamatan sukodono")
    assert unsaid[1] is None


def test_an_area_named_in_the_message_goes_before_the_institution_s_own():
    assert ("kecamatan sukodono", "35.08.15") in codes(
        "kecamatan sukodono kabupaten lumajang", SIDOARJO
    )


@pytest.mark.parametrize(
    "text",
    [
        "maju terus pantang mundur",
        "saya suka sekali pelayanannya",
        "terima kasih, sukses selalu",
        "genteng rumah saya bocor",
        "batu besar menutup saluran",
        "jalan rusak dan berlubang",
        "malang benar nasib kami",
        "mks infonya min",
        "",
    ],
)
def test_ordinary_words_that_are_names_of_areas_too_are_no_places(text):
    assert codes(text, SURABAYA) == []


def test_an_ordinary_word_is_a_place_behind_its_prefix():
    assert codes("balai desa maju", Context(area="12.11")) == [("desa maju", "12.11.04.2013")]


def test_a_street_is_kept_as_written_and_is_not_the_city_that_lent_its_name():
    found = codes("lampu padam di jalan bandung , menteng , jakarta")
    assert all(code != "32.73" for _, code in found)


def test_places_count_code_points_and_stand_in_reading_order():
    text = "😀 é Surabaya → Kab. Sidoarjo"
    found = FINDER.find([text])[0]
    assert [text[one.start : one.end] for one in found] == ["Surabaya", "Kab. Sidoarjo"]
    assert [one.text for one in found] == ["Surabaya", "Kab. Sidoarjo"]


def test_the_table_holds_every_area_of_the_state():
    levels = [0, 0, 0, 0]
    for code in areas().names:
        levels[code.count(".")] += 1
    assert levels == [38, 514, 7285, 83762]


@pytest.mark.data
def test_the_table_is_the_list_that_it_was_made_from():
    try:
        source = corpora.folder() / "gazetteer_wilayah" / "wilayah.csv.gz"
    except corpora.NoDataError as missing:
        pytest.skip(f"NOT MEASURED: {missing}")
    made = [line.strip().partition(" ")[2] for line in lines(source)]
    assert made == list(areas().names.values())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=120), max_size=4), st.data())
def test_any_text_gives_places_inside_it(texts, data):
    with_names = [
        text + data.draw(st.sampled_from(["", " di Malang", " kec.", "jl "])) for text in texts
    ]
    for place, found in FINDER.find(with_names).items():
        ends = [0]
        for one in found:
            assert ends[-1] <= one.start < one.end <= len(with_names[place])
            assert with_names[place][one.start : one.end] == one.text
            ends.append(one.end)


def test_a_name_far_into_a_long_text_is_found_with_its_neighbours_and_its_offsets():
    talk = "pelayanan di sana lambat sekali dan antre " * 200
    text = f"{talk}di Desa Sidomulyo, Kecamatan Sukorejo, {talk} di Kabupaten Kendal, {talk}"
    found = FINDER.find([text])[0]
    assert [one.code for one in found] == ["33.24.13.2009", "33.24.03", "33.24"]
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]


def test_neighbours_in_a_batch_do_not_change_what_is_found():
    texts = ["banjir di Malang", "", "kec. Genteng", "Banyuwangi aman", "jl melati"]
    together = FINDER.find(texts)
    alone = {at: FINDER.find([text])[0] for at, text in enumerate(texts) if FINDER.find([text])}
    assert together.keys() == alone.keys()
    for at, found in together.items():
        assert [(one.text, one.code) for one in found] == [(o.text, o.code) for o in alone[at]]


@pytest.mark.parametrize(
    "piece", ["kec. ", "desa ", "jl ", "sidomulyo ", "di ", "a-", "kota ", "."]
)
def test_work_grows_no_faster_than_the_text(piece):
    def seconds(size):
        texts = ["kec. " + (piece * size)[:size]]
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            FINDER.find(texts)
            best = min(best, time.process_time() - start)
        return best

    FINDER.find(["kec. Genteng"])
    # 10 times the text: linear is 10, quadratic 100; the floor keeps tiny times from deciding.
    assert seconds(20_000) <= 40 * max(seconds(2_000), 0.0005)


def test_serving_sums_what_training_weighs():
    made = naming.names_tagger()
    texts = [
        tokens(text) for text in ("banjir di Desa Maju , Malaysia", "Pak Budi", "ke jl. Melati")
    ]
    shown = training.shown(texts, naming.known_names(), made._groups.of)
    wanted = shown.rows(made._made.traits) @ made._made.weights.astype(np.float64)
    words = [[token.text for token in text] for text in texts]
    assert np.allclose(made._emit(words, shown.starts), wanted, atol=0.05)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 2**32))
def test_the_best_path_and_the_shares_are_those_of_all_paths_tried_one_by_one(lengths, seed):
    chance = np.random.default_rng(seed)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    emit, move = chance.normal(size=(starts[-1], 2)), chance.normal(size=(2, 2))
    best, shares = chains.best(emit, move, starts), chains.shares(emit, move, starts)
    total = 0.0
    for start, end in pairwise(starts):
        paths = list(np.ndindex(*[2] * int(end - start)))
        scores = np.array(
            [
                sum(emit[start + at, label] for at, label in enumerate(path))
                + sum(move[one, two] for one, two in pairwise(path))
                for path in paths
            ]
        )
        assert tuple(best[start:end]) == paths[int(scores.argmax())]
        weights = np.exp(scores - scores.max())
        ones = sum(weight * np.array(path) for weight, path in zip(weights, paths, strict=True))
        assert np.allclose(shares.shares[start:end, 1], ones / weights.sum())
        total += np.log(weights.sum()) + scores.max()
    assert shares.total == pytest.approx(total)
