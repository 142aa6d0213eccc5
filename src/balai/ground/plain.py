"""Strangers' words made harmless to look at: hidden signs are seen, letters keep to their line.

Nothing is thrown away: what was kept stays as it came; only the screen shows it so.
"""

import re

# Unicode Standard Annex 9: marks that turn the order of what follows; and signs of no width.
# U+200C and U+200D stay in texts (emoji and scripts need them) and are shown in names.
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_EMPTY = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0"
)
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_TAGS = "\U000e0000-\U000e007f"
_HIDDEN_IN_TEXT = re.compile(f"[{_CONTROL}{_TURNING}{_EMPTY}{_TAGS}]")
_HIDDEN_IN_NAME = re.compile(f"[{_CONTROL}\\s{_TURNING}{_EMPTY}{_TAGS}\u200c\u200d\u2028\u2029]")
_CLIMBING = "\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_MOST_MARKS = re.compile(f"([{_CLIMBING}]{{4}})[{_CLIMBING}]+")


def plain_text(text: str) -> str:
    """A text in which hidden signs are seen and letters do not climb over their lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _MOST_MARKS.sub(r"\1", _HIDDEN_IN_TEXT.sub(_seen, text))


def storable(words: str, longest: int = 1000) -> str:
    """A stranger's words as every database keeps them: no NUL, no half of a character pair."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode()[:longest]


def plain_name(name: str, longest: int = 80) -> str:
    """A name on one line, in which hidden signs are seen."""
    shown = _HIDDEN_IN_NAME.sub(lambda m: " " if m[0].isspace() else _seen(m), name)
    return _MOST_MARKS.sub(r"\1", " ".join(shown.split()))[:longest]


def web_address(address: str) -> str:
    """The address if a browser may be sent there by a click, else nothing."""
    address = address.strip()
    return address if re.match(r"https?://[^\s/]", address, re.IGNORECASE) else ""


def _seen(match: re.Match[str]) -> str:
    return f"⟨U+{ord(match[0]):04X}⟩"
