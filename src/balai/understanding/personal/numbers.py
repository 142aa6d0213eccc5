"""The personal numbers of one text: NIK, KK, NPWP, telephone, account and card."""

from __future__ import annotations

import re
from collections.abc import Iterator

from balai.understanding.personal import cues
from balai.understanding.personal.identity import is_identity_number, looks_mistyped
from balai.understanding.personal.phones import is_phone
from balai.understanding.shapes import Span

_RUN = re.compile(r"\+?\(?\d(?:[ .\-()/]{0,3}\d){6,}")
_GROUP = re.compile(r"\d+")
_NPWP = re.compile(
    r"\d{2}\.\d{3}\.\d{3}\.\d[-.]\d{3}\.\d{3}", re.ASCII
)  # PMK 112/2022: the old form
_CARD = re.compile(r"(?:\d{4}[ \-]){3}\d{4}", re.ASCII)
_JOINTS = tuple(f"{digit}{sign}" for digit in "0123456789" for sign in ".-/")
_MOST_GROUPS = 16  # a number spelled digit by digit
_MOST_DIGITS = 17

Group = tuple[int, int]


def numbers(text: str, area_code: str = "") -> Iterator[Span]:
    """Every personal number of a text, from left to right, none overlapping another.

    Of the numbers that can begin at one group of digits the longest is taken.
    """
    registry = cues.REGISTRY.search(text) is not None
    for run in _RUN.finditer(text):
        groups = [match.span() for match in _GROUP.finditer(text, *run.span())]
        at = 0
        while at < len(groups):
            span, taken = _longest(text, groups[at : at + _MOST_GROUPS], area_code, registry)
            at += taken
            if span:
                yield span


def _longest(
    text: str, groups: list[Group], area_code: str, registry: bool
) -> tuple[Span | None, int]:
    start, digits = groups[0][0], ""
    before = text[max(0, start - cues.WINDOW) : start]
    plus = before.endswith(("+", "+("))
    best: Span | None = None
    taken = 1
    for count, (left, right) in enumerate(groups, 1):
        digits += text[left : min(right, left + _MOST_DIGITS + 1)]
        if len(digits) > _MOST_DIGITS:
            break
        written = text[start:right]
        kind = None if "/" in written else _kind(digits, before, plus, area_code)
        if len(digits) >= 14 and kind not in {"nik", "kk"}:
            kind = _long_kind(digits, written, before, registry) or kind
        if kind:
            best, taken = Span(kind, start - plus, right), count
    return best, taken


def _kind(digits: str, before: str, plus: bool, area_code: str) -> str | None:
    if len(digits) < 7:
        return None
    if len(digits) >= 14 and (kind := _identity_kind(digits, before)):
        return kind
    labelled = cues.PHONE.search(before) is not None
    member = 8 <= len(digits) <= 19 and cues.MEMBER.search(before) is not None
    inside = before.endswith(_JOINTS)  # the middle of a longer number, of a tax object say
    if (
        (labelled or not member)
        and not inside
        and is_phone(digits, labelled=labelled, plus=plus, area_code=area_code)
    ):
        return "phone"
    if 8 <= len(digits) <= 16 and cues.ACCOUNT.search(before):
        return "account"
    return "account" if member else None


def _long_kind(digits: str, written: str, before: str, registry: bool) -> str | None:
    """What fourteen digits and more are that no district and date make a NIK.

    The NPWP has 15 digits in the old form and 16 in the new one (PMK 112/2022); a card's sixteen
    pass Luhn's check. `registry`: the text speaks of identity cards, so a number of nearly a NIK's
    length is a mistyped one.
    """
    if _NPWP.fullmatch(written) or (len(digits) in (15, 16) and cues.NPWP.search(before)):
        return "npwp"
    if cues.ACCOUNT.search(before) or cues.MEMBER.search(before):
        return None
    if _CARD.fullmatch(written) and digits[0] in "3456" and passes_luhn(digits):
        return "account"
    return "nik" if registry and 15 <= len(digits) <= 17 and written.isdigit() else None


def passes_luhn(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _identity_kind(digits: str, before: str) -> str | None:
    if cues.NPWP.search(before):
        return None
    family = cues.KK.search(before) is not None
    known = is_identity_number(digits)
    labelled = family or cues.NIK.search(before) is not None
    if not known and not (labelled and looks_mistyped(digits)):
        return None
    born_a_woman = 40 < int(digits[6:8]) <= 71  # no day of issue is above 31
    return "kk" if family and not born_a_woman else "nik"
