"""What is measured is what is true: tables, measures and every task on small files of our own."""

import csv
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balai.understanding.measuring import measures, tables
from balai.understanding.measuring.asks import Ask
from balai.understanding.measuring.results import page
from balai.understanding.measuring.spans import tagged_places
from balai.understanding.measuring.tables import UnmeasurableError
from balai.understanding.measuring.tasks import TASKS, measure

LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1)
SURENESS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1)


def written(folder, rows, name="set.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@given(LABELS)
def test_scores_lie_between_nothing_and_all_and_agree_with_the_confusion(pairs):
    said, true = [one for one, _ in pairs], [other for _, other in pairs]
    scores = measures.by_label(said, true, "abc")
    table = measures.confusion(said, true)
    assert sum(sum(row.values()) for row in table.values()) == len(pairs)
    for label, one in scores.items():
        assert 0 <= one.precision <= 1
        assert 0 <= one.recall <= 1
        assert 0 <= one.f1 <= 1
        assert one.rows == sum(table.get(label, {}).values())
    if said == true:
        assert measures.macro(scores) == 1


@given(LABELS)
def test_our_macro_f1_is_that_of_the_fields_library(pairs):
    from sklearn.metrics import f1_score

    said, true = [one for one, _ in pairs], [other for _, other in pairs]
    ours = measures.macro(measures.by_label(said, true, "abc"))
    theirs = f1_score(true, said, labels=sorted(set(true)), average="macro", zero_division=0)
    assert ours == pytest.approx(theirs)


@given(SURENESS)
def test_an_expected_error_of_p_is_a_share(rows):
    p, hits = [one for one, _ in rows], [hit for _, hit in rows]
    found = measures.calibration(p, hits, hits)
    assert 0 <= found.error <= 1
    assert found.sure_share == pytest.approx(sum(hits) / len(hits))


def test_p_of_one_that_is_always_right_is_honest_and_always_wrong_is_not():
    assert measures.calibration([1.0] * 5, [True] * 5, [True] * 5).error == 0
    assert measures.calibration([1.0] * 5, [False] * 5, [True] * 5).error == 1
    assert measures.calibration([None], [True], [False]).error is None


@given(SURENESS, st.floats(0, 1))
def test_no_more_false_alarms_than_allowed_are_bought_with_recall(rows, allowed):
    p, true = [one for one, _ in rows], [yes for _, yes in rows]
    recall, least = measures.recall_at(p, true, allowed)
    negatives = [one for one, yes in rows if not yes]
    false = [one for one in negatives if one >= least]
    assert 0 <= recall <= 1
    if recall and negatives:
        assert len(false) <= allowed * len(negatives) + 1e-9


def test_a_file_without_the_text_says_which_columns_it_has(tmp_path):
    path = written(tmp_path, [{"kata": "halo", "label": "positive"}])
    with pytest.raises(UnmeasurableError, match=r"kata, label.*--text-column"):
        measure(path, "sentiment")
    measured = measure(path, "sentiment", ask=Ask(text="kata"))
    assert measured.rows == 1


def test_an_unknown_label_is_told_with_its_line_and_may_be_passed_over(tmp_path):
    rows = [{"text": "bagus", "label": "positif"}, {"text": "apa ini", "label": "campur"}]
    path = written(tmp_path, rows)
    with pytest.raises(UnmeasurableError, match=r"line 3: 'campur'.*--pass-over"):
        measure(path, "sentiment")
    measured = measure(path, "sentiment", ask=Ask(passed_over=("campur",)))
    assert (measured.rows, measured.passed_over) == (1, 1)


def test_a_line_with_too_few_fields_is_told_by_number(tmp_path):
    path = tmp_path / "torn.csv"
    path.write_text('text,label\n"dua\nbaris",positive\nsatu\n')
    with pytest.raises(UnmeasurableError, match="line 4"):
        tables.read(path)


@pytest.mark.parametrize("content", [b"", b"text,label\n", b"\xff\xfe\x00", b"text\n\x80\n"])
def test_what_is_no_table_is_refused_in_words(tmp_path, content):
    (tmp_path / "broken.csv").write_bytes(content)
    with pytest.raises(UnmeasurableError):
        tables.read(tmp_path / "broken.csv")


def test_packed_files_and_byte_order_marks_are_read(tmp_path):
    path = tmp_path / "set.csv.gz"
    path.write_bytes(gzip.compress("\ufefftext,label\nhalo,neutral\n".encode()))
    assert tables.read(path).columns == ("text", "label")


def test_languages_are_known_by_other_names_and_told_by_group(tmp_path):
    rows = [
        {"text": "Jalan di depan rumah saya rusak parah", "lang": "indonesian", "from": "a"},
        {"text": "Dalan ing ngarep omahku rusak banget ora didandani", "lang": "jv", "from": "b"},
    ]
    measured = measure(written(tmp_path, rows), "language", ask=Ask(by="from"))
    assert measured.figures["accuracy"] == 1
    assert measured.by_group["b"]["accuracy"] == 1
    assert "b: macro-F1 100.0 %" in page(measured)
    assert measured.throughput.texts == 2


def test_abuse_counts_both_right_and_reads_words_for_yes(tmp_path):
    rows = [
        {"text": "Dasar goblok kamu, mati saja", "Abusive": "1", "HS": "0"},
        {"text": "Pelayanan loket sangat lambat", "Abusive": "0", "HS": "0"},
    ]
    measured = measure(written(tmp_path, rows), "abuse")
    assert measured.figures["both right"] == 1
    assert measured.by_label["abusive"].f1 == 1
    one = written(tmp_path, [{"text": rows[0]["text"], "label": "non_abusive"}], "one.csv")
    assert measure(one, "abuse").confusion == {"not_abusive": {"abusive": 1}}


def test_personal_data_is_counted_by_span_and_kind(tmp_path):
    text = "Hubungi budi@contoh.id atau 0812-3456-7890 ya"
    spans = [[8, 22, "EMAIL"], [28, 42, "NOMOR"]]
    rows = [
        {"text": text, "spans": json.dumps(spans)},
        {"text": "Tidak ada apa-apa di sini", "spans": "[]"},
    ]
    measured = measure(written(tmp_path, rows), "personal_data")
    assert measured.figures["recall"] == 1
    assert measured.figures["texts without any that raise an alarm"] == 0
    assert measured.confusion["email"] == {"email": 1}
    wrong = written(tmp_path, [{"text": text, "spans": '[[0, 3, "WARNA"]]'}], "wrong.csv")
    with pytest.raises(UnmeasurableError, match="'WARNA' is none of nik"):
        measure(wrong, "personal_data")


def test_tagged_places_are_counted_as_the_field_counts_them():
    assert tagged_places(["B-PLC", "I-PLC", "O", "B-PPL", "B-LOC", "B-LOC"]) == {
        (0, 2), (4, 5), (5, 6),
    }  # fmt: skip
    assert tagged_places(["I-PLACE", "I-PERSON"]) == {(0, 1)}


def test_places_by_tags_and_by_code_are_measured_without_a_crash(tmp_path):
    tags = {"tokens": '["Banjir", "di", "Bandung"]', "tags": '["O", "O", "B-PLC"]'}
    assert 0 <= measure(written(tmp_path, [tags]), "places").figures["F1"] <= 1
    coded = [{"text": "Banjir di Kota Bandung", "code": "32.73"}]
    figures = measure(written(tmp_path, coded, "coded.csv"), "places").figures
    assert 0 <= figures["code right"] <= figures["code right or among the alternatives"] <= 1
    uneven = written(tmp_path, [{**tags, "tags": '["O"]'}], "uneven.csv")
    with pytest.raises(UnmeasurableError, match="3 tokens but 1 tags"):
        measure(uneven, "places")


def test_a_post_finds_its_claim_among_those_of_the_file(tmp_path):
    rows = [
        {"claim_id": "1", "claim": "Air rebusan daun menyembuhkan segala penyakit",
         "text": "katanya air rebusan daun bisa menyembuhkan segala penyakit lho"},
        {"claim_id": "2", "claim": "Sekolah libur tiga bulan mulai Senin depan",
         "text": "sekolah libur tiga bulan mulai senin depan sebarkan"},
        {"claim_id": "", "claim": "", "text": "selamat pagi semuanya"},
    ]  # fmt: skip
    figures = measure(written(tmp_path, rows), "claims").figures
    assert figures["recall at 1"] == 1


@pytest.mark.parametrize("task", ["topic", "agency", "flood"])
def test_a_task_without_its_head_says_how_to_train_one(tmp_path, task):
    path = written(tmp_path, [{"text": "banjir", "label": "informasi"}])
    with pytest.raises(UnmeasurableError, match="train --with"):
        measure(path, task)


def test_every_task_refuses_a_file_that_is_about_something_else(tmp_path):
    path = written(tmp_path, [{"text": "halo", "warna": "biru"}])
    for task in TASKS:
        with pytest.raises(UnmeasurableError):
            measure(path, task)
