"""The words before a number that say what number it is ("no hp", "NIK", "rek BRI")."""

from __future__ import annotations

import re

WINDOW = 28  # code points before a number that are looked at; a label stands close

NIK = re.compile(r"\b(?:nik|ktp|e-?ktp|induk kependudukan)\b\W*(?:\w{1,5}\W+){0,2}$", re.I)
KK = re.compile(r"\b(?:kk|kartu keluarga)\b\W*(?:\w{1,5}\W+){0,2}$", re.I)
PHONE = re.compile(
    r"\b(?:hp|wa|whatsapp|w\.a|telp|tlp|telfon|tlfn|telepon|telpon|tlpn|tel|phone|kontak|contact"
    r"|cp|hubungi|dihubungi|call|ponsel|handphone|sms|nomor saya|nomer saya|no saya)\b"
    r"[^\w\]]*(?:\w{1,6}\W+){0,2}$",
    re.I,
)
ACCOUNT = re.compile(
    r"\b(?:rek|rekening|norek|no\.? ?rek|bri|bni|bca|bsi|btn|mandiri|cimb|danamon|bank \w+)\b"
    r"\W*(?:\w{1,8}\W+){0,2}$",
    re.I,
)
NPWP = re.compile(r"\b(?:npwp|wajib pajak|nomor pajak|no\.? pajak)\b\W*(?:\w{1,6}\W+){0,2}$", re.I)
MEMBER = re.compile(
    r"\b(?:bpjs|kis|jkn|nisn|nim|kip|pip|no(?:mor|mer)?\.? kartu|kks|atm|debit|kredit|visa"
    r"|kartu (?:debit|kredit|atm|sejahtera|keluarga sejahtera)|mastercard|gpn"
    r"|id\.? ?pel(?:anggan)?|idpel|no(?:mor|mer)?\.? ?pel(?:anggan)?|nopel)\b"
    r"\W*(?:\w{1,8}\W+){0,3}$",
    re.I,
)
"""Numbers by which a bank, a school, an insurance or a utility keeps a person: kind `account`."""
REGISTRY = re.compile(r"\b(?:nik|ktp|e-?ktp|kk|no ?ktp|kependudukan)\b", re.I)
