"""Telephone numbers as Indonesians write them, confirmed against the national numbering plan."""

from __future__ import annotations

import re

import phonenumbers

_DATE = re.compile(r"[0-3]\d[01]\d(?:19|20)\d\d")
_MOBILE = re.compile(r"08[1-35-9]\d{7,10}", re.ASCII)  # the plan's own pattern; a test compares
_SHORTEST, _LONGEST = 7, 14  # digits; emergency and service numbers are shorter and belong to all


def is_phone(digits: str, *, labelled: bool, plus: bool = False, area_code: str = "") -> bool:
    """Whether these digits are a telephone number.

    `labelled`: a word such as "WA" stands before it. `area_code`: where a bare local number rings.
    """
    if not _SHORTEST <= len(digits) <= _LONGEST or len(set(digits)) < 3:
        return False
    if plus or digits.startswith("62"):
        return _valid("+" + digits)
    if digits.startswith("0"):
        if _valid(digits) and (labelled or digits[1] == "8" or _is_landline(digits)):
            return True
        return labelled and digits[1] in "23456789" and len(digits) >= 9
    if not labelled:
        return False
    return _valid("0" + digits) or _valid(area_code + digits) or 7 <= len(digits) <= 8


def _is_landline(digits: str) -> bool:
    return len(digits) >= 9 and not _DATE.fullmatch(digits)


def _valid(written: str) -> bool:
    if _MOBILE.fullmatch(written):
        return True  # as the library would say, at a fiftieth of its price
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, "ID"))
    except phonenumbers.NumberParseException:
        return False
