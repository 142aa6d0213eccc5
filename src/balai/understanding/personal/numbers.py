"""The personal numbers of one text: NIK, KK, telephone, bank account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from balai.understanding.personal import cues
from balai.understanding.personal.identity import is_identity_number, looks_mistyped
from balai.understanding.personal.phones import is_phone
from balai.understanding.shapes import Span

_RUN = re.compile(r"\+?\(?\d(?:[ .\-()/]{0,3}\d){6,}")
_GROUP = re.compile(r"\d+")
_JOINTS = tuple(f"{digit}{sign}" for digit in "0123456789" for sign in ".-/")
_MOST_GROUPS = 16  # a number spelled digit by digit
_MOST_DIGITS = 17

Group = tuple[int, int]


def numbers(text: str, area_code: str = "") -> Iterator[Span]:
    """Every personal number of a text, from left to right, none overlapping another.

    Of the numbers that can begin at one group of digits the longest is taken.
    """
    for run in _RUN.finditer(text):
        groups = [match.span() for match in _GROUP.finditer(text, *run.span())]
        at = 0
        while at < len(groups):
            span, taken = _longest(text, groups[at : at + _MOST_GROUPS], area_code)
            at += taken
            if span:
                yield span


def _longest(text: str, groups: list[Group], area_code: str) -> tuple[Span | None, int]:
    start, digits = groups[0][0], ""
    before = text[max(0, start - cues.WINDOW) : start]
    plus = before.endswith(("+", "+("))
    best: Span | None = None
    taken = 1
    for count, (left, right) in enumerate(groups, 1):
        digits += text[left : min(right, left + _MOST_DIGITS + 1)]
        if len(digits) > _MOST_DIGITS:
            break
        slashed = "/" in text[start:right]
        kind = _kind(digits, before, plus, area_code) if not slashed else None
        if kind:
            best, taken = Span(kind, start - plus, right), count
    return best, taken


def _kind(digits: str, before: str, plus: bool, area_code: str) -> str | None:
    if len(digits) < 7:
        return None
    if len(digits) >= 14 and (kind := _identity_kind(digits, before)):
        return kind
    labelled = cues.PHONE.search(before) is not None
    inside = before.endswith(_JOINTS)  # the middle of a longer number, of a tax object say
    if not inside and is_phone(digits, labelled=labelled, plus=plus, area_code=area_code):
        return "phone"
    if 8 <= len(digits) <= 16 and cues.ACCOUNT.search(before):
        return "account"
    return None


def _identity_kind(digits: str, before: str) -> str | None:
    family = cues.KK.search(before) is not None
    known = is_identity_number(digits)
    labelled = family or cues.NIK.search(before) is not None
    if not known and not (labelled and looks_mistyped(digits)):
        return None
    born_a_woman = 40 < int(digits[6:8]) <= 71  # no day of issue is above 31
    return "kk" if family and not born_a_woman else "nik"
