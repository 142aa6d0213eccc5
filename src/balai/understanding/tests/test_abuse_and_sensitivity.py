"""Abuse against criticism, and the matters that leave the open inbox."""

import pytest

from balai.understanding.reading import read
from balai.understanding.tests.codebook import sentences

SENTENCES = sentences()
PAIRS = list(zip(SENTENCES, read([one.text for one in SENTENCES]), strict=True))


def test_insults_and_threats_are_seen_even_in_disguise():
    missed = [s.text for s, r in PAIRS if "abusive" in s.flags and not r.abuse.abusive]
    assert missed == []


def test_harsh_but_civil_criticism_is_never_called_abuse():
    civil = [(s, r) for s, r in PAIRS if "civil" in s.flags]
    assert len(civil) >= 15
    assert [s.text for s, r in civil if r.abuse.abusive] == []


def test_nothing_else_is_called_abuse():
    assert [s.text for s, r in PAIRS if "abusive" not in s.flags and r.abuse.abusive] == []


@pytest.mark.parametrize("flag", ["whistleblow", "self_harm", "child", "violence"])
def test_sensitive_matters_are_flagged_and_others_are_not(flag):
    told = {s.text for s, _ in PAIRS if flag in s.flags}
    flagged = {s.text for s, r in PAIRS if flag in r.sensitive}
    assert told
    assert flagged == told


@pytest.mark.parametrize(
    "text",
    [
        "dasar g0bl0k kamu",
        "dasar b o d o h kamu, b a n g s a t",
        "GOBLOOOOOK lu",
        "bang\u200bsat kalian",
        "b\u0430ngs\u0430t kalian",
        "\uff42\uff41\uff4e\uff47\uff53\uff41\uff54 kalian",
        "\u202ebangsat\u202c kalian",
    ],
)
def test_a_disguise_does_not_hide_an_insult(text):
    assert read([text])[0].abuse.abusive


@pytest.mark.parametrize(
    "text",
    [
        "Ada anjing gila di gang kami, mohon ditangkap",
        "Daging babi dijual tanpa label",
        "Kebijakan ini gila dan harus dicabut",
        "Parkir liar dan tikus got di mana-mana",
    ],
)
def test_words_in_honest_use_are_no_abuse(text):
    assert not read([text])[0].abuse.abusive
