"""NIK and KK: the two sixteen-digit numbers of the civil registry.

Both begin with the code of a district; six digits of a date follow (a NIK's birth day, plus 40 for
women; a KK's day of issue) and a serial that is never 0000 (Permendagri 102/2019 on the NIK).
"""

from __future__ import annotations

from importlib import resources

LENGTH = 16


def _districts() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("districts.txt").read_text("utf-8").splitlines()
    rows = (line.split(": ") for line in lines if not line.startswith("#"))
    return frozenset(province + district for province, row in rows for district in row.split())


DISTRICTS = _districts()
_LAST_DAY = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_identity_number(digits: str) -> bool:
    """Whether sixteen digits can be a NIK or KK: known district, real date, serial in use."""
    if len(digits) != LENGTH or digits[:4] not in DISTRICTS or digits[12:] == "0000":
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    day -= 40 if day > 40 else 0
    return digits[4:6] != "00" and 1 <= month <= 12 and 1 <= day <= _LAST_DAY[month - 1]


def looks_mistyped(digits: str) -> bool:
    """Whether a labelled number is near enough to a NIK to be covered all the same."""
    return 14 <= len(digits) <= 17
