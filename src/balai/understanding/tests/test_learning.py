"""An office's corrections move a head only where it then reads better than before."""

import pytest
from msgspec.structs import replace

from balai.understanding.learning import (
    FEWEST,
    Frozen,
    Learnt,
    Lesson,
    held_back,
    learn,
    write,
)
from balai.understanding.reading import Reader

# A word of this office alone, which no shipped model knows: it is always said in anger here.
ANGRY = [f"{before} zorbak {after}" for before in (
    "jalan", "lampu", "air", "loket", "pasar", "parit", "taman", "kantor", "sekolah", "halte",
    "jembatan", "trotoar",
) for after in ("lagi", "terus", "di sini", "kemarin", "hari ini")]  # fmt: skip
CALM = [f"{before} {after}" for before in (
    "petugas ramah dan cepat", "terima kasih banyak", "pelayanan bagus sekali", "mantap sekali",
) for after in ("di loket", "kemarin", "hari ini", "pak", "bu", "kak", "min", "ya")]  # fmt: skip


def lessons(head="sentiment"):
    return [
        *(Lesson(text, head, "negative", True) for text in ANGRY),
        *(Lesson(text, head, "positive", False) for text in CALM),
    ]


def learn_from(told, current=None, frozen=None):
    return learn(told, current=current, version="office-1", made_on="2026-01-02", frozen=frozen)


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn_from(lessons())


def test_a_word_that_only_this_office_uses_is_learnt_and_read_in_texts_never_seen(learnt, tmp_path):
    (outcome,) = learnt.outcomes
    assert outcome.wins
    assert outcome.corrections_new > outcome.corrections_old
    assert outcome.confirmed_new >= outcome.confirmed_old
    write(learnt.packs, tmp_path)
    reading = Reader(tmp_path).read(["terminal zorbak sejak pagi"])[0]
    assert reading.sentiment.value == "negative"
    assert "office-1" in reading.model
    assert reading.language == Reader().read(["terminal zorbak sejak pagi"])[0].language


def test_what_judges_never_teaches(learnt):
    (outcome,) = learnt.outcomes
    assert outcome.held_back == sum(map(held_back, [*ANGRY, *CALM]))
    assert outcome.learnt + outcome.held_back == len(ANGRY) + len(CALM)


def test_the_same_corrections_win_once(learnt, tmp_path):
    write(learnt.packs, tmp_path)
    again = learn_from(lessons(), current=tmp_path)
    assert not again.outcomes[0].wins
    assert again.packs == []


def test_a_handful_of_corrections_changes_nothing():
    few = [one for one in lessons() if one.corrected and held_back(one.text)][: FEWEST - 1]
    learnt = learn_from(few + [one for one in lessons() if not one.corrected])
    assert learnt.packs == []
    assert "held back" in learnt.outcomes[0].why


def test_a_head_that_forgets_what_it_was_made_for_stays_out():
    # The office would call every thanks negative: the frozen texts speak against it.
    frozen = {"sentiment": Frozen(CALM, ["positive"] * len(CALM))}
    perverse = [Lesson(text, "sentiment", "negative", True) for text in (*ANGRY, *CALM)]
    learnt = learn_from(perverse, frozen=frozen)
    assert learnt.packs == []
    assert learnt.outcomes[0].why == "worse on frozen texts"


def test_the_intent_learns_over_its_cues_and_labels_it_does_not_know_are_passed_over():
    texts = [f"{text} mohon info" for text in ANGRY]
    told = [Lesson(text, "intent", "complaint", True) for text in texts]
    told.append(Lesson("apa saja", "intent", "no such intent", True))
    told.append(Lesson("apa saja", "no_such_head", "x", True))
    (outcome,) = learn_from(told).outcomes
    assert outcome.head == "intent"
    assert outcome.corrections_new >= outcome.corrections_old


def test_packs_besides_stay_when_a_head_is_replaced(learnt, tmp_path):
    sentiment = learnt.packs[0]
    card = sentiment.card
    moods = replace(card, head=replace(card.head, name="moods"))
    write([sentiment._replace(card=moods)], tmp_path)
    names = {pack.card.head.name for pack in learn_from(lessons(), current=tmp_path).packs}
    assert names == {"moods", "sentiment"}
