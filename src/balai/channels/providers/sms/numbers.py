"""Telephone numbers as they are written everywhere: +, country, number (ITU-T E.164)."""

import re

SEPARATORS = re.compile(r"[\s().\-/]+")
INTERNATIONAL = re.compile(r"[1-9][0-9]{7,14}")  # E.164 6: at most 15 digits
HOME = "62"


def e164(written: str) -> str:
    """One spelling for each number: 0811…, 62811… and +62811… are the same. Empty for what is no
    telephone: short codes and the names that companies send under.

    Digits without + begin with a country, as operators hand them over; with 0 they are of here.
    """
    digits = SEPARATORS.sub("", written)
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = HOME + digits[1:]
    return f"+{digits}" if INTERNATIONAL.fullmatch(digits) else ""
