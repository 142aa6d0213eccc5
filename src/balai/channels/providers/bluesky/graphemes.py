"""How many characters a reader sees: extended grapheme clusters of Unicode Standard Annex 29.

The network counts so. Python's own tables give the categories; what they lack is listed here from
the Unicode Character Database 17: joined pictographs in coarse blocks, prepended marks, and the
conjuncts of the six Indic scripts of Unicode 15.1. Where a newer Unicode joins more (Javanese,
Balinese and Sundanese conjuncts since 17) we count too many, and the officer shortens a little.
"""

import unicodedata
from functools import lru_cache

JOINER = 0x200D
PICTOGRAPHS = frozenset("\u00a9\u00ae\u203c\u2049\u2122\u2139\u24c2\u3030\u303d")
PICTOGRAPH_BLOCKS = (
    (0x2190, 0x21FF),
    (0x2300, 0x23FF),
    (0x25A0, 0x27BF),
    (0x2900, 0x297F),
    (0x2B00, 0x2BFF),
    (0x3297, 0x3299),
    (0x1F000, 0x1F1E5),
    (0x1F200, 0x1F3FA),
    (0x1F400, 0x1FAFF),
    (0x1FC00, 0x1FFFD),
)
PREPENDED = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd"
    "\U000111c2\U000111c3\U0001193f\U00011941\U00011a84\U00011a85\U00011a86\U00011a87\U00011a88"
    "\U00011a89\U00011d46"
)
EXTENDING = frozenset(  # beside Mn, Me and most of Mc
    chr(point)
    for point in (
        0x200C,
        0xE33,
        0xEB3,
        0xFF9E,
        0xFF9F,
        *range(0x1F3FB, 0x1F400),
        *range(0xE0020, 0xE0080),
    )
)
STANDING = frozenset(  # of category Mc, and yet characters of their own
    "\u102b\u102c\u1038\u1062\u1063\u1064\u1067\u1068\u1069\u106a\u106b\u106c\u106d\u1083\u1087\u1088"
    "\u1089\u108a\u108b\u108c\u108f\u109a\u109b\u109c\u1a61\u1a63\u1a64\uaa7b\uaa7d\U00011720\U00011721"
)
INDIC_BLOCKS = frozenset((0x900, 0x980, 0xA80, 0xB00, 0xC00, 0xD00))  # share one layout
ATTACHED = {"extend", "joiner"}
HANGUL_JOINS = {
    "L": {"L", "V", "LV", "LVT"},
    "LV": {"V", "T"},
    "V": {"V", "T"},
    "LVT": {"T"},
    "T": {"T"},
}


def count(text: str) -> int:
    """The number of grapheme clusters in `text`."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    clusters = 0
    before = "start"
    flags = 0  # regional indicators in a row
    pictograph = False  # whether a pictograph, marks and at most one joiner stand before
    conjunct = ""  # "consonant", or "linked" once its virama was seen
    for character in text:
        kind = kind_of(character)
        is_joined = (
            _joins(before, kind)
            or (kind == "flag" and flags % 2 == 1)
            or (kind == "pictograph" and pictograph and before == "joiner")
            or (kind == "consonant" and conjunct == "linked")
        )
        clusters += not is_joined
        flags = flags + 1 if kind == "flag" else 0
        pictograph = kind == "pictograph" or (
            pictograph and kind in ATTACHED and before != "joiner"
        )
        conjunct = _conjunct(conjunct, kind, character)
        before = kind
    return clusters


def _joins(before: str, kind: str) -> bool:
    if (before, kind) == ("return", "feed"):
        return True
    if before in {"start", "control", "return", "feed"} or kind in {"control", "return", "feed"}:
        return False
    return kind in ATTACHED or before == "prepend" or kind in HANGUL_JOINS.get(before, ())


def _conjunct(state: str, kind: str, character: str) -> str:
    if kind == "consonant":
        return "consonant"
    if kind not in ATTACHED or not state or character == "\u200c":
        return ""
    point = ord(character)
    is_virama = point & 0x7F == 0x4D and point & ~0x7F in INDIC_BLOCKS
    return "linked" if is_virama or state == "linked" else state


@lru_cache(maxsize=4096)
def kind_of(character: str) -> str:
    """The part that this character plays at the border of two clusters."""
    point = ord(character)
    category = unicodedata.category(character)
    if point == JOINER:
        return "joiner"
    if character in "\r\n":
        return "return" if character == "\r" else "feed"
    if character in PREPENDED:
        return "prepend"
    if character in EXTENDING or (category in {"Mn", "Me", "Mc"} and character not in STANDING):
        return "extend"
    if category in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return "control"
    if 0x1F1E6 <= point <= 0x1F1FF:
        return "flag"
    if character in PICTOGRAPHS or any(low <= point <= high for low, high in PICTOGRAPH_BLOCKS):
        return "pictograph"
    if point & ~0x7F in INDIC_BLOCKS and category == "Lo":
        place = point & 0x7F
        return "consonant" if 0x15 <= place <= 0x39 or 0x58 <= place <= 0x5F else "other"
    return _hangul(point)


def _hangul(point: int) -> str:
    if 0x1100 <= point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return "L"
    if 0x1160 <= point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6:
        return "V"
    if 0x11A8 <= point <= 0x11FF or 0xD7CB <= point <= 0xD7FB:
        return "T"
    if 0xAC00 <= point <= 0xD7A3:
        return "LVT" if (point - 0xAC00) % 28 else "LV"
    return "other"
