"""Heads that are trained where they are used: what they learn stands in the reading.

The sets here are a few sentences of our own in the layout of the real ones.
"""

import csv

import pytest
from msgspec import to_builtins

from balai.understanding.fitting import PERMITTED
from balai.understanding.measuring.results import page
from balai.understanding.measuring.tasks import measure
from balai.understanding.reading import Reader
from balai.understanding.recipes import RECIPES
from balai.understanding.recipes.complaint import piece, without
from balai.understanding.training import train

CIVIL = ["terima kasih petugas", "jalan depan pasar rusak", "selamat pagi semua", "kapan dibuka ya"]
INSULTS = ["dasar kadal busuk kau", "kadal kau memang", "kau kadal sekali"]
HATRED = ["usir suku anu dari sini", "suku anu tidak layak hidup", "semua suku anu penjahat"]
HATE_COLUMNS = (
    "HS_Individual", "HS_Group", "HS_Religion", "HS_Race", "HS_Physical", "HS_Gender", "HS_Other",
    "HS_Weak", "HS_Moderate", "HS_Strong",
)  # fmt: skip
TREES = ["pohon tumbang menutup jalan", "mohon pohon dipangkas", "ranting pohon kena kabel"]
LAMPS = ["lampu jalan padam", "lampu penerangan mati semalam", "lampu di gang kami mati"]
TALK = ["makanannya enak sekali", "filmnya membosankan", "aku rindu ibu", "hotelnya bersih"]


def put(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def insult(text, abusive, hate, about=()):
    return {"text": text, "HS": hate, "Abusive": abusive} | {
        name: int(name in about) for name in HATE_COLUMNS
    }


def insults():
    rows = [insult(text, 0, 0) for text in CIVIL] + [insult(text, 1, 0) for text in INSULTS]
    rows += [insult(text, 0, 1, ("HS_Group", "HS_Race", "HS_Strong")) for text in HATRED]
    others = ("HS_Religion", "HS_Physical", "HS_Gender", "HS_Other")
    rows += [
        insult(f"tukang {name} itu hina", 0, 1, ("HS_Individual", name, "HS_Weak"))
        for name in others
    ]
    both = insult("usir kadal suku anu", 1, 1, ("HS_Group", "HS_Race", "HS_Moderate"))
    return [*rows, both]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The layouts of the sets that are not shipped, each twenty times the same few sentences."""
    root = tmp_path_factory.mktemp("data")
    for split in ("train", "valid"):
        put(root / f"nlp/id_hate_abusive_multilabel/{split}.csv", insults() * 20)
        regional = [{"text": "kowe asu tenan", "abusive": 1, "hate": 0},
                    {"text": "matur nuwun nggih", "abusive": 0, "hate": 0}]  # fmt: skip
        for language in ("jav", "sun"):
            put(root / f"nlp/local_hate_jav_sun/{language}_{split}.csv", regional * 20)
        kinds = {"opini_keluhan": "kesal banjir lagi", "informasi": "air setinggi lutut di gang",
                 "aksi_bantuan": "posko membagikan nasi bungkus"}  # fmt: skip
        flood = [{"text": text, "label": label} for label, text in kinds.items()]
        put(root / f"nlp/disaster_flood_jabodetabek/{split}.csv", flood * 20)
        said = [(text, "Dinas Pohon", "Pangkas") for text in TREES]
        said += [(text, "Dinas Lampu", "PJU") for text in LAMPS]
        said += [("satu-satunya", "Kelurahan Anu", "Langka"), ("kosong", "", "PJU")]
        complaints = [dict(zip(("text", "instansi", "topik"), one, strict=True)) for one in said]
        put(root / f"nlp/complaints_surabaya/{split}.csv", complaints * 12)
        for name in ("smsa", "emot"):
            rows = [{"text": text, "label": "neutral"} for text in TALK]
            put(root / f"nlp/indonlu/{name}/{split}.csv", rows * 20)
    for name in ("ref_kecamatan", "ref_kelurahan"):
        put(root / f"nlp/complaints_surabaya/{name}.csv", [{"id": "1", "name": "Kali Anu"}])
    return root


@pytest.fixture(scope="module")
def model(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("model")
    names = ("abuse", "abuse_regional", "flood", "routing", "complaint")
    cards = train(data, out, 3, names=names)
    assert {card.head.name for card in cards} == {
        "abuse", "abuse_details", "flood", "agency", "topic", "complaint",
    }  # fmt: skip
    return out


@pytest.fixture(scope="module")
def reader(model):
    return Reader(model)


def test_no_set_of_these_may_leave_as_weights():
    kept_here = {recipe.name for recipe in RECIPES if not recipe.may_be_shipped}
    assert kept_here >= {
        "abuse", "abuse_regional", "abuse_details", "flood", "complaint", "agency", "topic",
    }  # fmt: skip
    for recipe in RECIPES:
        licences = {one.licence for one in recipe.sets}
        assert recipe.may_be_shipped == (licences <= PERMITTED)


def test_abuse_and_hate_are_told_with_target_matter_and_level(reader):
    civil, rude, hateful = (
        one.abuse for one in reader.read(["terima kasih petugas", "kau kadal", HATRED[0]])
    )
    assert (civil.abusive, civil.hate) == (False, False)
    assert (rude.abusive, rude.hate, rude.target) == (True, False, None)
    assert (hateful.abusive, hateful.hate) == (False, True)
    assert (hateful.target, hateful.about, hateful.level) == ("group", ("race",), "strong")
    assert hateful.p["hate"] > 0.5 > hateful.p["abusive"]
    assert set(hateful.p) >= {"abusive", "hate", "individual", "group", "religion", "strong"}
    assert all(0 <= p <= 1 for p in hateful.p.values())


def test_the_regional_set_teaches_its_languages(reader):
    assert reader.read(["asu kowe"])[0].abuse.abusive
    assert not reader.read(["matur nuwun"])[0].abuse.abusive


def test_what_a_text_does_in_a_flood_is_told(reader):
    assert reader.read(["posko nasi bungkus"])[0].disaster.kind == "aid"
    assert reader.read(["kesal banjir"])[0].disaster.kind == "complaint_opinion"


def test_a_complaint_gets_a_topic_its_alternatives_and_the_unit_it_went_to(reader):
    reading = reader.read(["lampu mati"])[0]
    assert reading.topic.value == "PJU"
    assert reading.topic.unit_hint == "Dinas Lampu"
    assert {one.value for one in reading.topic.alternatives} == {"Pangkas", "LAINNYA"}
    assert "lampu" in reading.because["topic"]
    assert to_builtins(reading)["topic"]["alternatives"][0].keys() == {"value", "p"}


def test_a_rare_unit_is_no_hint(reader):
    assert reader.read(["satu-satunya"])[0].topic.unit_hint is None


def test_the_tasks_that_need_these_heads_are_measured(data, model):
    def figures(file, task):
        return measure(data / "nlp" / file, task, model).figures

    assert figures("complaints_surabaya/valid.csv", "agency")["top-1"] == 1
    assert figures("complaints_surabaya/valid.csv", "topic")["top-5"] == 1
    assert figures("disaster_flood_jabodetabek/valid.csv", "flood")["macro-F1"] == 1
    abuse = figures("id_hate_abusive_multilabel/valid.csv", "abuse")
    assert abuse["both right"] == 1
    assert abuse["all labels right"] == 1


def test_rare_unknown_and_empty_labels_are_measured_as_the_other_one_and_that_is_said(
    data, model, tmp_path
):
    rows = [{"text": text, "topik": "PJU"} for text in LAMPS]
    rows += [{"text": "satu-satunya", "topik": one} for one in ("Langka", "Belum Ada", " ")]
    put(tmp_path / "topics.csv", rows)
    measured = measure(tmp_path / "topics.csv", "topic", model)
    assert measured.rows == 6
    assert measured.taken_as == {"LAINNYA": 3}
    assert measured.by_label["LAINNYA"].rows == 3
    assert "3 rows have no label, or one that the head does not know: taken as" in page(measured)


def test_complaints_are_found_at_few_false_alarms(data, model, tmp_path):
    rows = [{"text": text, "label": "keluhan"} for text in (*TREES, *LAMPS)]
    rows += [{"text": text, "label": "bukan keluhan"} for text in TALK]
    put(tmp_path / "both.csv", rows)
    measured = measure(tmp_path / "both.csv", "complaint", model)
    assert measured.figures["recall at 3 % false alarms"] == 1
    assert measured.figures["false alarms"] == 0


def test_a_complaint_is_taught_without_its_citys_names_and_in_pieces():
    import numpy as np

    assert without("Sampah di Kali Anu, tolong", frozenset({"kali", "anu"})) == "Sampah di tolong"
    chance = np.random.default_rng(1)
    text = " ".join(map(str, range(100)))
    for _ in range(50):
        words = piece(text, chance).split()
        assert 6 <= len(words) <= 20
        assert [int(one) for one in words] == list(range(int(words[0]), int(words[-1]) + 1))
    assert piece("", chance) == ""
