"""Is an answer plain? Advice for whoever writes it, in Indonesian and English. No Django.

Advice blocks nothing: the officer knows the citizen. The lists are ours and short on purpose [D].
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

# GOV.UK, Content design: writing for GOV.UK: "do not use long sentences, check sentences with more
# than 25 words". The same figure for Indonesian is our own choice [D].
LONGEST_SENTENCE = 25  # words
PASSIVES_OF_A_HEAP = {"ind": 3, "eng": 2}  # in one sentence [D]
READ_BY_US = ("ind", "eng")


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What offices write, and what people say. The longest entry that fits is told.
JARGON: dict[str, dict[str, str]] = {
    "ind": {
        "sehubungan dengan": "tentang",
        "berkenaan dengan": "tentang",
        "dalam rangka": "untuk",
        "dikarenakan": "karena",
        "apabila": "jika",
        "guna": "untuk",
        "agar kiranya": "mohon",
        "kiranya": "mohon",
        "melakukan pengecekan": "memeriksa",
        "melakukan perbaikan": "memperbaiki",
        "melakukan pembayaran": "membayar",
        "melakukan koordinasi": "berbicara dengan",
        "berkoordinasi": "berbicara dengan",
        "ditindaklanjuti": "dikerjakan",
        "tindak lanjut": "langkah berikutnya",
        "pihak terkait": "nama unitnya",
        "instansi terkait": "nama instansinya",
        "dimaksud": "itu",
        "tersebut di atas": "itu",
        "sebagaimana": "seperti",
        "terhitung mulai tanggal": "mulai",
        "selambat-lambatnya": "paling lambat",
        "stakeholder": "pihak yang terlibat",
    },
    "eng": {
        "pursuant to": "under",
        "in accordance with": "under",
        "with regard to": "about",
        "in the event that": "if",
        "prior to": "before",
        "subsequent to": "after",
        "utilise": "use",
        "utilize": "use",
        "commence": "begin",
        "endeavour": "try",
        "facilitate": "help",
        "the aforementioned": "this",
        "stakeholders": "the people concerned",
    },
}
# Short forms that nearly everybody in the country reads without help [D].
KNOWN_SHORT_FORMS = _all(
    "KTP SIM KK NIK RT RW SD SMP SMA SMK TK WIB WITA WIT HP WA SMS PDF ATM PLN BPJS RI ID TV "
    "KM II III IV VI VII VIII IX XI XII OK"
)
GREETINGS = _all(
    "yth halo hai salam selamat assalamualaikum assalamu'alaikum bapak ibu pak bu kak terima "
    "kasih dear hello hi good thank thanks sir madam"
)
# Words by which a citizen learns what happens next, or what to do.
NEXT_STEPS = _all(
    "akan silakan silahkan mohon hubungi kunjungi kirim kirimkan datang lampirkan isi unduh "
    "cek besok pukul sebelum hari minggu tanggal segera will please call visit send attach "
    "fill tomorrow today before until by within days"
)
# Begins with di- and is no passive.
NO_PASSIVES = _all(
    "diri dinas dingin dinding disiplin digital direktur direktorat diskusi dini diam dilema "
    "dimensi diskon distrik diskominfo disdukcapil dinkes dishub dibalik diantara didik "
    "dialog diare dinamika diploma disabilitas distribusi divisi"
)

_SENTENCE_END = re.compile(r"[.!?…]+[)\"”']*(?:\s+|$)|\n+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019\-][^\W_]+)*")
_PASSIVE = {
    "ind": re.compile(r"\bdi[a-z]{4,}\b"),
    "eng": re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?\w+(?:ed|en)\b", re.I),
}
_SHORT_FORM = re.compile(r"\b[A-Z][A-Z0-9]{1,9}\b")
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55]"  # Unicode 15: emoji and symbols blocks
)
_LAUGHTER = re.compile(
    r"\b(?:(?:wk){2,}w?k?|(?:ha){2,}h?|(?:he){2,}h?|(?:hi){2,}|(?:xi){2,}|lol|lmao|ngakak)\b"
    r"|(?<!\w)[:;]-?[)DpP](?!\w)",
    re.IGNORECASE,
)
# They tell something, or thank and ask pardon as Indonesians do; they make fun of nobody.
_SOBER_SIGNS = frozenset("☎✉✓✔➡♿⚠🙏")


class Advice(NamedTuple):
    """One thing that could be plainer: which rule, the words that it is about, what to say."""

    rule: str
    words: str = ""
    instead: str = ""


def advice(text: str, language: str) -> list[Advice]:
    """What could be plainer in an answer; nothing for an empty one.

    Of languages other than Indonesian and English only the length of sentences is judged.
    """
    if not text.strip():
        return []
    return [*_of_sentences(text, language), *_of_words(text, language), *_of_whole(text, language)]


def humour(text: str) -> list[str]:
    """Laughter and pictures that make fun, each once: what hurts whoever complains."""
    signs = [match[0] for match in _EMOJI.finditer(text) if match[0] not in _SOBER_SIGNS]
    laughs = [match[0] for match in _LAUGHTER.finditer(text)]
    return list(dict.fromkeys([*signs, *laughs]))


def sentences(text: str) -> list[str]:
    """The sentences of a text: a full stop within a number or an address ends none."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def _of_sentences(text: str, language: str) -> Iterator[Advice]:
    for sentence in sentences(text):
        if len(_WORD.findall(sentence)) > LONGEST_SENTENCE:
            yield Advice("long_sentence", _beginning(sentence))
        pattern = _PASSIVE.get(language)
        if pattern is not None:
            found = [m[0] for m in pattern.finditer(sentence) if m[0] not in NO_PASSIVES]
            if len(found) >= PASSIVES_OF_A_HEAP[language]:
                yield Advice("passive_heap", ", ".join(found))


def _of_words(text: str, language: str) -> Iterator[Advice]:
    flat = " ".join(text.casefold().split())
    told: list[str] = []
    for said, instead in sorted(JARGON.get(language, {}).items(), key=lambda one: -len(one[0])):
        inside = any(said in longer for longer in told)
        if not inside and re.search(rf"\b{re.escape(said)}\b", flat):
            told.append(said)
            yield Advice("jargon", said, instead)
    if language in READ_BY_US and not text.isupper():
        for short in dict.fromkeys(_SHORT_FORM.findall(text)):
            if short not in KNOWN_SHORT_FORMS and not _is_explained(short, text):
                yield Advice("short_form", short)


def _of_whole(text: str, language: str) -> Iterator[Advice]:
    if language not in READ_BY_US:
        return
    words = [word.casefold() for word in _WORD.findall(text)]
    if not any(word in GREETINGS for word in words[:8]):
        yield Advice("no_greeting")
    if not any(word in NEXT_STEPS for word in words):
        yield Advice("no_next_step")


def _is_explained(short: str, text: str) -> bool:
    """Whether the long form stands beside it: "Layanan Aduan (SP4N)" or "SP4N (Layanan Aduan)"."""
    beside = rf"\w\s*\({re.escape(short)}\)|\b{re.escape(short)}\s*\([^)]*[a-z]{{3}}"
    return re.search(beside, text) is not None


def _beginning(sentence: str) -> str:
    return sentence if len(sentence) <= 60 else f"{sentence[:60].rpartition(' ')[0]}…"
