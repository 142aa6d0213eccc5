"""Faces typed in signs say what their emoji say, and signs that are no face say nothing."""

import pytest

from balai.understanding.words import Words


def plain(text):
    return Words().plain([text]).split()


@pytest.mark.parametrize(
    ("typed", "emoji"),
    [
        (":)", "🙂"), (":-))", "🙂"), ("^_^", "🙂"), (":D", "😀"), (":(", "🙁"), ("=((", "🙁"),
        (":'(", "😭"), ("T_T", "😭"), ("-_-", "😑"), (":*", "😘"), ("<3", "💕"),
    ],
)  # fmt: skip
def test_a_typed_face_is_its_emoji_alone_or_behind_a_word(typed, emoji):
    assert plain(f"rusak {typed}") == plain(
        f"rusak{typed}" if typed[0] in ":=-<^" else f"rusak {typed}"
    )
    assert plain(f"rusak {typed} lagi") == ["rusak", emoji, "lagi"] == plain(f"rusak {emoji} lagi")


@pytest.mark.parametrize(
    "text", ["(lihat lampiran)", "jam 10:30", "a) KTP b) KK", "PT.T", "https://a.go.id/x:)y", "5'"]
)
def test_signs_that_are_no_face_make_none(text):
    assert not {"🙂", "😀", "🙁", "😭", "😑", "😘", "💕"} & set(plain(text))
