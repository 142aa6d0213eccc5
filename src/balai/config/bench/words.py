"""Believable messages that nobody wrote: seeded, about 150 bytes, in a vocabulary like a city's.

Speed is measured on them, never accuracy. Words follow Zipf's law over common Indonesian words and
some 20,000 made of its syllables; one message in eight carries an invented personal number.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

SEED = 20261122
_COMMON = """
yang di dan itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut
bisa ada mereka lebih sudah atau kami kita oleh sangat tolong mohon pak bu min admin kapan
kenapa bagaimana dimana jalan rusak lampu mati banjir air keruh sampah menumpuk puskesmas
antre dokter obat sekolah guru bantuan beras warga desa kelurahan kecamatan kota pasar macet
parkir liar pungli petugas kantor ktp kk akta surat izin usaha pajak bayar listrik padam
kabel pohon tumbang jembatan retak trotoar lubang motor jatuh bau selokan mampet nyamuk
demam vaksin jadwal daftar online aplikasi error login gagal terima kasih bagus cepat lambat
lama sekali tiap hari minggu bulan tahun pagi malam hujan deras sungai tanggul jebol rumah
anak ibu bapak lansia disabilitas kursi roda gratis biaya mahal murah harga cabai minyak gas
elpiji langka info benar hoax kabar berita katanya lewat grup posko darurat segera sekarang
"""
COMMON = _COMMON.split()
ONSETS = (
    "b",
    "c",
    "d",
    "g",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "t",
    "w",
    "y",
    "ng",
    "ny",
)
VOWELS = ("a", "i", "u", "e", "o", "ai", "au")
CODAS = ("", "", "", "n", "ng", "r", "s", "t", "k", "h")
CHANNELS = ("fediverse", "bluesky", "telegram", "email", "webform")


class Town:
    """A seeded city: its words, its citizens, what they write and answer."""

    def __init__(self, seed: int = SEED, words: int = 20_000) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - a bench, not a secret
        made = {"".join(self._syllables()) for _ in range(words)}
        self.words = list(dict.fromkeys([*COMMON, *sorted(made)]))
        self._weights = list(accumulate(1 / (rank + 4) for rank in range(len(self.words))))
        self._threads: list[tuple[int, str, str, str]] = []

    def text(self) -> str:
        """One message of some 150 bytes."""
        chance = self._chance
        count = max(3, round(chance.lognormvariate(3.05, 0.45)))
        words = chance.choices(self.words, cum_weights=self._weights, k=count)
        if chance.random() < 0.125:
            words.insert(chance.randrange(count), self._number())
        text = " ".join(words)
        return text.capitalize() + chance.choice((".", "?", "!", "", " 🙏"))

    def messages(
        self, how_many: int, *, until: datetime, span: timedelta, repeats: float = 0.1
    ) -> Iterator[dict[str, Any]]:
        """Messages as the networks tell them, rising in time; a share comes twice.

        A third goes on in an earlier thread, a fifth is a known citizen's new thread.
        """
        recent: list[dict[str, Any]] = []
        for place in range(how_many):
            if recent and self._chance.random() < repeats:
                yield self._chance.choice(recent)
                continue
            message = self._message(until - span * (how_many - place) / how_many)
            recent.append(message)
            if len(recent) > 20_000:
                recent[self._chance.randrange(20_000)] = recent.pop()
            yield message

    def _message(self, at: datetime) -> dict[str, Any]:
        chance = self._chance
        luck = chance.random()
        known = chance.choice(self._threads) if self._threads and luck < 0.55 else None
        line = known[0] if known else chance.randrange(len(CHANNELS))
        author = known[1] if known else self._person(line)
        name = self._name(line, author, at)
        thread, before = (known[2], known[3]) if known and luck < 0.35 else (name, "")
        self._threads.append((line, author, thread, name))
        if len(self._threads) > 50_000:
            self._threads[chance.randrange(50_000)] = self._threads.pop()
        return {
            "line": line,
            "id": name,
            "thread": thread,
            "answers": [before] if before else [],
            "author": author,
            "author_name": f"Warga {author[-6:]}",
            "text": self.text(),
            "sent_at": at.astimezone(UTC).isoformat(),
        }

    def _person(self, line: int) -> str:
        return f"did:plc:{self._chance.getrandbits(120):024x}"[: 32 if line == 1 else 18]

    def _name(self, line: int, author: str, at: datetime) -> str:
        moment = int(at.timestamp() * 1000)
        number = self._chance.getrandbits(48)
        match CHANNELS[line]:
            case "fediverse":  # a number that rises with time
                return str((moment << 16) + number % 65_536)
            case "bluesky":
                return f"at://{author}/app.bsky.feed.post/3l{moment:x}{number % 4096:03x}"
            case "telegram":
                return f"{author}:{moment % 10**9}{number % 100:02}"
            case _:
                return f"<{number:012x}.{moment:x}@surat.contoh.example>"

    def _number(self) -> str:
        chance = self._chance
        if chance.random() < 0.5:
            return f"08{chance.randrange(10**9, 10**10)}"
        return (
            f"327301{chance.randrange(1, 29):02}{chance.randrange(1, 13):02}"
            f"{chance.randrange(60, 100)}{chance.randrange(1, 9999):04}"
        )

    def _syllables(self) -> Iterator[str]:
        for _ in range(self._chance.choice((2, 2, 3, 3, 4))):
            yield self._chance.choice(ONSETS)
            yield self._chance.choice(VOWELS)
            yield self._chance.choice(CODAS)
