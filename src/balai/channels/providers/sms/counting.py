"""What a text costs as SMS, and how Kannel cuts it.

3GPP TS 23.038 6.2.1 (the 7-bit alphabet) and TS 23.040 9.2.3.24.1 (parts of one message). That
Kannel 1.4.5 cuts in the way described here was seen, not read.
"""

import math

# TS 23.038 6.2.1 and 6.2.1.1; a sign of the second row takes two places.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
SEPTETS_ALONE, SEPTETS_OF_PART = 160, 153
UNITS_ALONE, UNITS_OF_PART = 70, 67
MOST_PARTS = 6
LONGEST = MOST_PARTS * SEPTETS_OF_PART


def is_plain(text: str) -> bool:
    """Whether the 7-bit alphabet has every sign of it; one that it has not makes it UCS-2."""
    return all(sign in BASIC or sign in EXTENDED for sign in text)


def length(text: str) -> int:
    """How many of the 918 places of six parts it takes. A UTF-16 unit of a UCS-2 text takes as
    much of a part as 153/67 places do."""
    if is_plain(text):
        return _septets(text)
    return math.ceil(_units(text) * SEPTETS_OF_PART / UNITS_OF_PART)


def parts(text: str) -> int:
    """How many SMS the operator counts."""
    if not is_plain(text):
        units = _units(text)
        return 1 if units <= UNITS_ALONE else math.ceil(units / UNITS_OF_PART)
    alone = sum(2 if sign in EXTENDED else 1 for sign in text)
    return 1 if alone <= SEPTETS_ALONE else math.ceil(_septets(text) / SEPTETS_OF_PART)


def _septets(text: str) -> int:
    """Places of the 7-bit alphabet, with those that stay empty at the end of a part because a sign
    of two places is never cut in half."""
    taken = 0
    for sign in text:
        wide = sign in EXTENDED
        if wide and taken % SEPTETS_OF_PART == SEPTETS_OF_PART - 1:
            taken += 1
        taken += 2 if wide else 1
    return taken


def _units(text: str) -> int:
    """UTF-16 code units; Kannel cuts also between the two of one sign, and phones mend it."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2
