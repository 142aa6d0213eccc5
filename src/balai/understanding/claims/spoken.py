"""Texts to the words that claims and posts are compared by.

Unlike the words of the other heads, names in handles and tags stay: "@KotaSukamaju" and
"#BanjirSukamaju" name what the claim is about.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from balai.understanding.words import LONGEST_TEXT, SLANG

MOST_WORDS = 400  # words of a post that are looked at; claims and captions are far shorter
LONGEST_WORD = 40

_WEB = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/|t\.co/)\S*", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TAGGED = re.compile(r"[@#]\w+")
_PARTS = re.compile(r"\d+(?:[.,]\d{3})+(?!\d)|\d+|[^\W\d_]+(?:'[^\W\d_]+)?")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


def words_of(text: str) -> list[str]:
    """The words of a text in their order, at most `MOST_WORDS`."""
    text = text[:LONGEST_TEXT]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2019", "'")
    text = _WEB.sub(" ", text)
    if "@" in text or "#" in text:
        text = _TAGGED.sub(_unhumped, text)
    words: list[str] = []
    for part in _PARTS.finditer(text):
        words += _plain(part[0].lower()[:LONGEST_WORD])
        if len(words) >= MOST_WORDS:
            break
    return words[:MOST_WORDS]


def _unhumped(tag: re.Match[str]) -> str:
    return f" {_HUMP.sub(' ', tag[0][1:])} "


@lru_cache(maxsize=1 << 16)
def _plain(word: str) -> tuple[str, ...]:
    if word[0].isdigit():
        return (word.replace(".", "").replace(",", "")[:18],)
    word = _STRETCHED.sub(r"\1", word).removesuffix("'s")
    return tuple(SLANG[word].split()) if word in SLANG else (word,)
