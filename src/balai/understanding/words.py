"""Texts to plain words: the one normalisation that training, serving and cues share.

A piece between two white spaces is made plain once and remembered, since talk repeats itself;
what is remembered never changes an answer, only its price.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from importlib import resources
from typing import NamedTuple

import numpy as np

LONGEST_TEXT = 20_000
"""Code points of a text that are read; a reading of a longer text says that it was cut."""
END = "\n"
"""The word that closes each text; no piece of a text can become it."""
_LONGEST_PIECE = 120  # no word of the 13 languages comes near; keeps one endless piece cheap
_REMEMBERED = 200_000  # about 40 MB; then memory starts afresh

_WEB = re.compile(r"(?:https?:|www\.)\S*|\S+\.(?:com|id|org|net|go|ly)/\S*")
_MAIL = re.compile(r"\S+@\S+\.\w+")
_MENTION = re.compile(r"@\w+")
_PARTS = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?|[?!]|[^\w\s.,;:()\[\]{}\"'\-/\\_*#&%+=|<>^`~@$]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_REPEATED = re.compile(r"([a-z]{3,})2(nya|an|ku|mu)?")
_LONG_NUMBER = re.compile(r"\d{5,}")
# Faces typed in signs, and the emoji that means the same: what is known of one is of the other.
_FACES = {
    "smile": "\U0001f642", "laugh": "\U0001f600", "frown": "\U0001f641", "tears": "\U0001f62d",
    "bored": "\U0001f611", "kiss": "\U0001f618", "heart": "\U0001f495",
}  # fmt: skip
_FACE = re.compile(
    r"(?:(?<!\d)(?:(?P<smile>[:;=]-?[)\]]+|\^[_.]*\^)|(?P<laugh>[:;]-?[dD]+)"
    r"|(?P<frown>[:;=]-?[(\[]+)|(?P<tears>[:;]-?'+-?[()\[\]]*|(?<![^\W_])[tT][._][tT]|;_;)"
    r"|(?P<bored>-[_.]+-|>[._]+<)|(?P<kiss>[:;]-?\*+)|(?P<heart><3+)))$"
)
_FACE_ENDS = frozenset(")](['*^-<3;dDtT")
_INVISIBLE = {"Cc", "Cf", "Cs", "Mn", "Me", "Co"}

# Cyrillic and Greek letters that look like Latin ones, and the many apostrophes: the everyday part
# of Unicode's table of confusables (UTS 39).
_STRANGE = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u0475\u0261\u0410\u0412"
    "\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u03ba\u03bf\u03bd\u03c1\u03c4"
    "\u03c5\u03b9\u03b1\u03b5\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1"
    "\u03a4\u03a5\u03a7\u2018\u2019\u02bc\u00b4"
)
_FAMILIAR = "aeopcyxijsdvgABEKMHOPCTXIkovptuiaeABEZHIKMNOPTYX''''"
_LOOKALIKES = str.maketrans(_STRANGE, _FAMILIAR)
_SPACE = ord(" ")
_SPACED = re.compile(r"(?<!\S)\w(?: \w){3,19}(?!\S)")
LEET = str.maketrans("0134578@$", "oieastbas")


def _slang() -> dict[str, str]:
    lines = resources.files(__package__).joinpath("lexicons/slang.txt").read_text("utf-8")
    table = {}
    for line in lines.splitlines():
        if line and not line.startswith("#"):
            plain, _, forms = line.partition(":")
            table.update(dict.fromkeys(forms.split(), plain.strip()))
    return table


SLANG = _slang()
_LETTER = re.compile(r"[A-Za-z]")
_LEET_WORD = re.compile(r"(?=[^a-z]*[a-z])(?=.*[0-9@$])[a-z0-9@$]{4,20}")


class Plain(NamedTuple):
    """A batch in plain words: `text` is its `pieces` with one space between.

    A piece is a word, or a few with spaces between; pieces that were seen before are the very same
    objects, so that looking them up again costs little.
    """

    text: str
    pieces: list[str]


class Words:
    """Remembers how pieces of text are written plainly.

    `disguised` holds the words that may hide behind digits ("b0d0h"): only those are unmasked.
    """

    def __init__(self, disguised: Iterable[str] = ()) -> None:
        self._disguised = frozenset(disguised)
        self._known = _Pieces(self._plain_piece)

    def plain(self, texts: Sequence[str]) -> str:
        """All texts as plain words with one space between and `END` after each text."""
        return self.pieces(texts).text

    def pieces(self, texts: Sequence[str]) -> Plain:
        """The same, with the remembered pieces that it is made of."""
        written: list[str] = []
        for text in texts:
            written += text[:LONGEST_TEXT].split()
            written.append(END)
        if len(self._known) > _REMEMBERED:
            self._known = _Pieces(self._plain_piece)
        pieces = list(filter(None, map(self._known.__getitem__, written)))
        joined = " ".join(pieces)
        plain = self._unspaced(joined)
        return Plain(plain, pieces if plain is joined else plain.split(" "))

    def _unspaced(self, plain: str) -> str:
        """Close up disguised words that were written letter by letter ("b o d o h")."""
        signs = np.frombuffer(plain.encode("utf-8", "replace"), np.uint8)
        lone = (signs[:-2] == _SPACE) & (signs[2:] == _SPACE)  # one sign between two spaces
        suspects = np.flatnonzero(lone[:-4] & lone[2:-2] & lone[4:])
        if not suspects.size:
            return plain
        lines = plain.split(END)
        ends = np.flatnonzero(signs == ord(END))
        for line in set(np.searchsorted(ends, suspects).tolist()):
            lines[line] = _SPACED.sub(self._joined, lines[line])
        return END.join(lines)

    def _joined(self, spaced: re.Match[str]) -> str:
        word = spaced[0].replace(" ", "").translate(LEET)
        return word if word in self._disguised else spaced[0]

    def _plain_piece(self, piece: str) -> str:
        piece = piece[:_LONGEST_PIECE]
        if piece[-1:] in _FACE_ENDS and (face := _FACE.search(piece)):
            return (
                f"{self._plain_piece(piece[: face.start()])} {_FACES[face.lastgroup or '']}".strip()
            )
        bare = piece.strip('.,;:()"')
        if bare.isascii() and bare.isalpha():  # most pieces are this and need nothing else
            return _plain_word(bare.lower())
        if not piece.isascii():
            piece = _latin(piece)
        piece = piece.lower()
        if _WEB.match(piece):
            return "<url>"
        if "@" in piece:
            piece = _MENTION.sub(" ", _MAIL.sub(" ", piece)) or "<user>"
            if not piece.strip():
                return "<user>"
        if _LEET_WORD.fullmatch(piece) and (word := piece.translate(LEET)) in self._disguised:
            return word
        words: list[str] = []
        for part in _PARTS.findall(piece):
            for word in _plain_word(part).split():
                if not words or words[-1] != word or word.isalnum():
                    words.append(word)
        return " ".join(words)


class _Pieces(dict[str, str]):
    """Pieces already made plain; a missing one is made plain when it is asked for."""

    def __init__(self, plain: Callable[[str], str]) -> None:
        super().__init__({END: END})
        self._plain = plain

    def __missing__(self, piece: str) -> str:
        plain = self[piece] = self._plain(piece)
        return plain


def _latin(piece: str) -> str:
    """Unmask look-alike letters beside Latin ones, drop what cannot be seen, compose the rest."""
    piece = unicodedata.normalize("NFKC", piece)
    if _LETTER.search(piece) or "\u2019" in piece:
        piece = piece.translate(_LOOKALIKES)
    if piece.isascii():
        return piece
    return "".join(c for c in piece if unicodedata.category(c) not in _INVISIBLE)


def _plain_word(word: str) -> str:
    if _STRETCHED.search(word):  # asking first is cheaper: hardly a word is stretched
        word = _STRETCHED.sub(r"\1", word)
    if word in SLANG:
        return SLANG[word]
    if word.isalpha():
        return word
    if repeated := _REPEATED.fullmatch(word):  # "anak2nya": a numeral doubles the word
        return f"{repeated[1]} {repeated[1]}{repeated[2] or ''}"
    return _LONG_NUMBER.sub("0", word)
