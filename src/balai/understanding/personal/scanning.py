"""Which texts may hold personal data: one pass over a batch of bytes.

Hyperscan does it where it is installed (x86); google-re2 everywhere else. Both are linear in the
bytes and tell only a kind and a place; what is really there is for the rules to say.
"""

from __future__ import annotations

from typing import Protocol

NUMBER, MAIL, PLATE, NAME, ADDRESS = range(5)

_PATTERNS = (
    rb"[0-9](?:[ .\-()/]{0,3}[0-9]){6}",
    rb"[A-Za-z0-9_.+\-]@[A-Za-z0-9\-]+\.[A-Za-z]{2}",
    rb"\b[A-Z]{1,2}[ .\-]?[0-9]{1,4}[ .\-]?[A-Z]{1,3}\b|\b(?i:no\.?pol|nopol|plat|pelat)",
    rb"\b(?i:nama|bernama|namanya|perkenalkan|saudar[ai]|sdri?\.|a\.?[n/]\.|an[.:])"
    rb"|\b(?:[Ss]aya|[Ss]y|[Pp]ak|[Bb]apak|[Bb]pk|[Bb]u|[Ii]bu|[Mm]bak|[Mm]as|[Tt]n|[Nn]y)"
    rb"[ .,:(]{1,3}[A-Z][a-z]",
    rb"\b(?i:alamat|tinggal di|domisili|rumah (?:saya|sy|kami) di)"
    rb"|\b(?i:jl|jln|jalan|gg|gang|dsn|perum\w*|komplek)\b[^\n]{1,60}\b(?i:no|nomor|blok)\b",
)


class Scanner(Protocol):
    """Tells (kind, byte place) of every candidate, in no promised order."""

    def scan(self, buffer: bytes) -> list[tuple[int, int]]:
        """The candidates of a batch."""


class Hyperscan:
    """The fast scanner (Intel's automata library)."""

    def __init__(self) -> None:
        import hyperscan

        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._database.compile(
            expressions=list(_PATTERNS), ids=list(range(len(_PATTERNS))), elements=len(_PATTERNS)
        )
        self._scratch = hyperscan.Scratch(self._database)

    def scan(self, buffer: bytes) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []

        def note(kind: int, start: int, end: int, flags: int, context: object) -> None:
            found.append((kind, end - 1))

        self._database.scan(buffer, match_event_handler=note, scratch=self._scratch.clone())
        return found


class Re2:
    """The scanner for machines without hyperscan."""

    def __init__(self) -> None:
        import re2

        self._patterns = [re2.compile(pattern) for pattern in _PATTERNS]

    def scan(self, buffer: bytes) -> list[tuple[int, int]]:
        return [
            (kind, match.end() - 1)
            for kind, pattern in enumerate(self._patterns)
            for match in pattern.finditer(buffer)
        ]


def best() -> Scanner:
    """The fastest scanner this machine has."""
    try:
        return Hyperscan()
    except ImportError:
        return Re2()
