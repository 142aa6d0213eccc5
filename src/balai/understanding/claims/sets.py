"""Posts and the claims that they repeat, for training and measuring rankers.

The shipped ranker learns only from sets that may be passed on: pairs of a text and its careful or
translated wording, shortened, lengthened and mistyped by chance. The sets of real claims have no
licence: from them an office trains its own ranker, and on them both are measured.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from balai.understanding.claims.bands import Buckets
from balai.understanding.claims.shelf import Claim
from balai.understanding.claims.signatures import sign
from balai.understanding.corpora import rows
from balai.understanding.packs import SetCard

_SHIPPED_SETS = (
    SetCard("STIF", "MIT", 1_920, "haryoa/stif-indonesia, Wibowo et al. 2020 (IALP)"),
    SetCard("NusaTranslation", "Apache-2.0", 46_469, "IndoNLP/nusa-writes, word counts only"),
    SetCard("IndoNLU SmSA and EmoT", "Apache-2.0", 14_117, "IndoNLP/indonlu, Wilie et al. 2020"),
    SetCard("CrisisLexT26", "MIT", 20_792, "sajao/CrisisLex, Olteanu et al. 2015 (CSCW)"),
)
_LOCAL_SETS = (
    SetCard("TurnBackHoax 2024", "none stated", 2_810, "alharkan7/turnbackhoax-analysis"),
    SetCard("TurnBackHoax 2016-2021", "none stated", 546, "jibranfawaid/turnbackhoax-dataset"),
    SetCard("Komdigi titles", "none stated", 4_162, "rendiekan/komdigihoaks"),
    SetCard("CheckThat! 2020", "general research use", 10_375, "sshaar/clef2020-factchecking"),
)
_HELD_BACK_FROM = "2024-06"  # TurnBackHoax 2024 from this month on is for validation
_NEAR = 0.6  # share of common words from which on two claims count as the same
_EASY = 0.8  # cosine from which on a post is hardly more than its headline


class Post(NamedTuple):
    """A message, the claims that it repeats (none: unrelated), and the group it is reported in.

    `claims` are those that the set names, and those worded alike; `near` also holds claims that
    share most of their words with these: the same rumour is checked by several desks.
    """

    text: str
    claims: frozenset[str]
    near: frozenset[str]
    group: str


class Task(NamedTuple):
    """A base of claims with posts about them."""

    name: str
    claims: list[Claim]
    posts: list[Post]
    held_back: frozenset[str]  # groups that no ranker learns from


def local_sets() -> tuple[SetCard, ...]:
    """The sets of `local_tasks`."""
    return _LOCAL_SETS


def shipped_sets() -> tuple[SetCard, ...]:
    """The sets of `shipped_tasks` and of the table of common words."""
    return _SHIPPED_SETS


def local_tasks(data: Path) -> list[Task]:
    """Real claims: Indonesian fact checks, and CheckThat! 2020 in English."""
    new = list(rows(data / "claims_turnbackhoax2024" / "pairs"))
    old = list(rows(data / "claims_turnbackhoax2016_2021" / "pairs"))
    titles = rows(data / "claims_komdigi" / "claims")
    claims = [Claim(row["claim_id"], row["claim"]) for row in new + old]
    claims += [Claim(f"k{row['id']}", row["claim"]) for row in titles]
    same = _Same(claims)
    posts = [
        same.post(row["text"], [row["claim"]], _group(row["date"], row["claim_text_cosine"]))
        for row in new
    ]
    posts += [same.post(row["text"], [row["claim"]], "2016-2021") for row in old]
    return [
        Task("indonesian", claims, posts, frozenset({"held back", "held back, hard"})),
        _checkthat(data),
    ]


def _checkthat(data: Path) -> Task:
    folder = data / "claims_checkthat2020_en"
    claims = [
        Claim(row[""] if "" in row else row["Unnamed: 0"], row["vclaim"], row["title"])
        for row in rows(folder / "verified_claims")
    ]
    same, wording = _Same(claims), {claim.id: claim.text for claim in claims}
    posts = []
    for split in ("train", "dev"):
        meant: dict[str, set[str]] = {}
        for row in rows(folder / f"{split}_qrels"):
            meant.setdefault(row["tweet_id"], set()).add(row["vclaim_id"])
        posts += [
            same.post(row["text"], [wording[key] for key in meant[row["tweet_id"]]], split)
            for row in rows(folder / f"{split}_queries")
        ]
    return Task("checkthat", claims, posts, frozenset({"dev"}))


def unrelated(data: Path, valid: bool) -> list[str]:
    """Messages that repeat no claim, from sets that may be passed on: reviews, moods, disasters."""
    reviews, moods, tweets = _messages(data, "valid" if valid else "train")
    return reviews[:400] + moods[:300] + tweets[:200]


def _messages(data: Path, split: str) -> tuple[list[str], list[str], list[str]]:
    stems = ("indonlu/smsa", "indonlu/emot", "crisislex_t26")
    reviews, moods, tweets = ([row["text"] for row in rows(data / f"{s}/{split}")] for s in stems)
    return reviews, moods, tweets


def background(data: Path) -> Iterable[str]:
    """Posts for the table of common words."""
    stems = (
        ("indonlu/smsa/train", "text"), ("indonlu/emot/train", "text"),
        ("nusatranslation/senti/train", "text"), ("nusatranslation/emot/train", "text"),
        ("stif_indonesia/train", "text"), ("crisislex_t26/train", "text"),
    )  # fmt: skip
    return chain.from_iterable((row[column] for row in rows(data / stem)) for stem, column in stems)


def shipped_tasks(data: Path, seed: int) -> list[Task]:
    """Claims and posts made by chance out of sets that may be passed on."""
    chance = random.Random(seed)  # noqa: S311 - examples, not secrets
    pairs: list[tuple[str, str]] = [
        (row["text"], row["formal"]) for row in rows(data / "stif_indonesia" / "train")
    ]
    reviews, moods, tweets = _messages(data, "train")
    # What is claimed, what is told around it and what is unrelated come from different messages.
    fill = reviews[1_000:3_000] + moods[1_000:2_000]
    sources = reviews[3_000:] + moods[2_000:] + tweets[1_000:]
    pairs += [(text, text) for text in chance.sample(sources, 6_000)]
    chance.shuffle(pairs)
    claims, told = [], []
    for number, (text, careful) in enumerate(pairs):
        claim = _shortened(careful, chance)
        if claim:
            claims.append(Claim(f"made-{number}", claim))
            told.append((_told(text, fill, chance), claim))
    same = _Same(claims)
    posts = [same.post(text, [claim], "made") for text, claim in chance.sample(told, 2_000)]
    return [Task("made", claims, posts, frozenset())]


def _shortened(text: str, chance: random.Random) -> str:
    """A headline out of a text: a stretch of it, with some words left out."""
    words = text.split()
    size = chance.randint(5, 14)
    if len(words) < 4:
        return ""
    start = chance.randint(0, max(0, len(words) - size))
    kept = [word for word in words[start : start + size] if chance.random() > 0.15]
    return " ".join(kept)


def _told(text: str, fill: list[str], chance: random.Random) -> str:
    """A post out of a text: words lost, moved and mistyped, other talk before and behind."""
    lost, mistyped = chance.choice((0, 0.2, 0.4, 0.6, 0.75)), chance.choice((0, 0.1, 0.25))
    words = [word for word in text.split() if chance.random() >= lost]
    words = [_mistyped(word, chance) if chance.random() < mistyped else word for word in words]
    if chance.random() < 0.3:
        middle = chance.randint(0, len(words))
        words = words[middle:] + words[:middle]
    parts = [" ".join(words)]
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        other = " ".join(chance.choice(fill).split()[: chance.randint(3, 40)])
        parts.insert(chance.randint(0, len(parts)), other)
    told = ". ".join(parts)
    return told.upper() if chance.random() < 0.15 else told


_MISTYPINGS: tuple[Callable[[str, int], str], ...] = (
    lambda word, at: word[:at] + word[at + 1 :],
    lambda word, at: word[:at] + word[at] + word[at:],
    lambda word, at: "me" + word,
    lambda word, at: "di" + word,
    lambda word, at: word + "nya",
    lambda word, at: word + "kan",
)


def _mistyped(word: str, chance: random.Random) -> str:
    return chance.choice(_MISTYPINGS)(word, chance.randrange(len(word))) if word else word


def _group(date: str, cosine: str) -> str:
    hard = "" if float(cosine or 0) >= _EASY else ", hard"
    return ("held back" if date >= _HELD_BACK_FROM else "learnt") + hard


def _bare(text: str) -> str:
    return " ".join(text.lower().split())


class _Same:
    """Which claims say the same."""

    def __init__(self, claims: list[Claim]) -> None:
        self._worded: dict[str, set[str]] = {}
        for claim in claims:
            self._worded.setdefault(_bare(claim.text), set()).add(claim.id)
        self._near: dict[str, set[str]] = {claim.id: {claim.id} for claim in claims}
        signed = sign([claim.text for claim in claims]).signatures
        pairs = Buckets(signed).find(signed, signed, _NEAR)
        for one, other in zip(pairs.queries.tolist(), pairs.rows.tolist(), strict=True):
            self._near[claims[one].id].add(claims[other].id)

    def post(self, text: str, claims: Iterable[str], group: str) -> Post:
        """A post about claims with these words."""
        alike = frozenset(key for claim in claims for key in self._worded[_bare(claim)])
        near = frozenset(other for key in alike for other in self._near[key])
        return Post(text, alike, near, group)
