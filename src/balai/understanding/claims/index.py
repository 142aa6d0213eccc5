"""The index of known claims: which of them does a message repeat?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from balai.understanding.claims.bands import Pairs
from balai.understanding.claims.overlap import FEATURES, Asked, Said, overlap
from balai.understanding.claims.postings import best
from balai.understanding.claims.ranker import Ranker, load_ranker
from balai.understanding.claims.shelf import Claim, Contents, Shelf
from balai.understanding.claims.signatures import WORDLESS, Signed, sign
from balai.understanding.claims.spoken import words_of
from balai.understanding.shapes import ClaimMatch

Numbers = NDArray[np.int64]
Floats = NDArray[np.float32]

COPY = 0.4
"""Agreement from which on two texts are looked at as edited copies of each other."""
_CANDIDATES = 40
_AT_ONCE = 64  # posts; more would need memory for more postings at once
_POSTINGS = 60_000
"""Postings looked at for one post, the rarest words first: what keeps a big index as quick."""
_LIKE_COUNTS = 0.7  # a word that is only alike counts this much of its likeness squared
_NONE = np.zeros(0, np.int64)
_NOTHING = np.zeros(0, np.float32)
_SHOWN = [FEATURES.index(name) for name in ("cosine", "copy")]


class Copy(NamedTuple):
    """A claim that a text is an edited copy of; `agreement` is the share of common words."""

    id: str
    agreement: float


class Candidates(NamedTuple):
    """Pairs of a post and a row that are worth ranking, with their overlaps."""

    posts: Numbers
    rows: Numbers
    overlaps: Floats


class Claims:
    """An index of claims. Claims come and go at any time; the answers are those of a fresh one.

    Not safe for several threads while claims are added or removed.
    """

    def __init__(self, claims: Iterable[Claim] = (), ranker: Ranker | None = None) -> None:
        self._ranker = ranker
        self._shelf = Shelf()
        self.add(claims)

    @classmethod
    def of(cls, contents: Contents, ranker: Ranker | None = None) -> Claims:
        """An index of kept contents; raises ValueError where they do not fit together."""
        index = cls((), ranker)
        index._shelf = Shelf.of(contents)
        return index

    def contents(self) -> Contents:
        """What must be kept of the index (`claims.keeping`)."""
        self._close_up()
        return self._shelf.contents()

    @property
    def ranker(self) -> Ranker:
        """What ranks the candidates; the packaged one where none was given."""
        if self._ranker is None:
            self._ranker = load_ranker()
        return self._ranker

    def __len__(self) -> int:
        return len(self._shelf.row_of)

    def __contains__(self, key: str) -> bool:
        return key in self._shelf.row_of

    def __getitem__(self, key: str) -> Claim:
        """The claim of that id; raises KeyError."""
        return self._shelf.claim(key)

    def all(self) -> list[Claim]:
        """Every claim, in the order of coming."""
        return self._shelf.all()

    def add(self, claims: Iterable[Claim]) -> None:
        """Put claims on the shelf; a claim with a known id takes the place of the old one."""
        source = iter(claims)
        while portion := list(islice(source, 1_000)):
            latest = {claim.id: claim for claim in portion}
            self.remove([key for key in latest if key in self])
            self._shelf.put(list(latest.values()))

    def remove(self, keys: Iterable[str]) -> None:
        """Take claims off the shelf; raises KeyError for an unknown id."""
        self._shelf.take_away(keys)
        if self._shelf.empty > max(1_000, len(self) // 2):
            self._close_up()

    def match(self, texts: Sequence[str], most: int = 5) -> list[tuple[ClaimMatch, ...]]:
        """For each text the claims that it most likely repeats, the likeliest first.

        `score` is the overlap between 0 and 1, `p` the probability of a match. Most messages repeat
        no claim: what is answered without a person should have a high `p`.
        """
        found: list[tuple[ClaimMatch, ...]] = []
        for place in range(0, len(texts), _AT_ONCE):
            found += self._match(texts[place : place + _AT_ONCE], most)
        return found

    def copies(self, texts: Sequence[str], least: float = COPY) -> list[Copy | None]:
        """For each text the claim that it is an edited copy of, or None: quick, words only."""
        found: list[Copy | None] = [None] * len(texts)
        pairs = self._copies(sign(texts), least)
        for post, row, share in zip(
            pairs.queries.tolist(), pairs.rows.tolist(), pairs.agreement.tolist(), strict=True
        ):
            known = found[post]
            if known is None or share > known.agreement:
                found[post] = Copy(self._shelf.ids[row], round(share, 3))
        return found

    def candidates(self, texts: Sequence[str]) -> Candidates:
        """The claims worth a closer look for each text, with what the ranker is told of them."""
        self._shelf.settle()
        signed = sign(texts)
        pairs = self._copies(signed, COPY)
        asked = self._asked(texts)
        ranked = self._ranked(asked, len(texts))
        posts, rows, first = _joined(ranked, pairs, len(self._shelf.ids))
        copies = _agreements(posts, rows, pairs, len(self._shelf.ids))
        shelf = self._shelf
        said = Said(shelf.words.view, shelf.starts.view, shelf.rarity(), shelf.is_number.view)
        return Candidates(posts, rows, overlap(asked, said, posts, rows, first, copies))

    def keys(self, rows: Numbers) -> list[str]:
        """The ids of rows, as `candidates` gives them."""
        return [self._shelf.ids[row] for row in rows.tolist()]

    def _match(self, texts: Sequence[str], most: int) -> list[tuple[ClaimMatch, ...]]:
        found: list[tuple[ClaimMatch, ...]] = [()] * len(texts)
        posts, rows, overlaps = self.candidates(texts)
        scores = self.ranker.scores(overlaps)
        p = self.ranker.probability(scores)
        shown = np.clip(overlaps[:, _SHOWN].max(axis=1, initial=0), 0, 1)
        ends = np.searchsorted(posts, np.arange(len(texts) + 1)).tolist()
        for post in range(len(texts)):
            here = slice(ends[post], ends[post + 1])
            ranked = sorted(
                (-score, self._shelf.ids[row], row, share, chance)
                for score, row, share, chance in zip(
                    np.round(scores[here], 4).tolist(), rows[here].tolist(),
                    shown[here].tolist(), p[here].tolist(), strict=True,
                )
            )[:most]  # fmt: skip
            found[post] = tuple(
                ClaimMatch(key, round(share, 3), round(chance, 3))
                for _, key, _, share, chance in ranked
            )
        return found

    def _close_up(self) -> None:
        """A shelf without empty rows."""
        if self._shelf.empty:
            kept = self.all()
            self._shelf = Shelf()
            self.add(kept)

    def _copies(self, signed: Signed, least: float) -> Pairs:
        self._shelf.settle()
        known = self._shelf.signatures.view
        parts = [
            segment.buckets.find(signed.signatures, known, least)
            for segment in self._shelf.segments
        ]
        queries = np.concatenate([part.queries for part in parts] or [_NONE])
        rows = np.concatenate([part.rows for part in parts] or [_NONE])
        agreement = np.concatenate([part.agreement for part in parts] or [_NOTHING])
        fit = self._shelf.alive.view[rows] & (signed.whole[queries] != WORDLESS)
        return Pairs(queries[fit], rows[fit], agreement[fit])

    def _asked(self, texts: Sequence[str]) -> Asked:
        """The words of posts in the words of the claims."""
        rarity = self._shelf.rarity()
        heard = self._shelf.heard.view
        wide = len(self._shelf.vocabulary)
        keys, likeness, places, weight = [], [], [], np.zeros(len(texts), np.float32)
        said = [words_of(text) for text in texts]
        different = [list(dict.fromkeys(words)) for words in said]
        flat = [word for words in different for word in words]
        alike = iter(self._shelf.vocabulary.alike(flat))
        for post, words in enumerate(different):
            first = {word: place for place, word in reversed(list(enumerate(said[post])))}
            for word in words:
                numbers, like = next(alike)
                living = heard[numbers] > 0
                if not living.any():
                    continue
                numbers, like = numbers[living], like[living]
                weight[post] += float((rarity[numbers] * like).max())
                keys.append(numbers.astype(np.int64) + post * wide)
                likeness.append(like)
                places.append(np.full(len(numbers), first[word], np.int64))
        key = np.concatenate(keys or [_NONE])
        like_all = np.concatenate(likeness or [_NOTHING])
        place = np.concatenate(places or [_NONE])
        order = np.lexsort((place, -like_all, key))  # of several words that are like it, the best
        key, like_all, place = key[order], like_all[order], place[order]
        kept = np.concatenate(([True], key[1:] != key[:-1])) if len(key) else key.astype(bool)
        posts, numbers = np.divmod(key[kept], max(wide, 1))
        return Asked(posts, numbers.astype(np.int64), like_all[kept], place[kept], weight)

    def _ranked(self, asked: Asked, count: int) -> list[list[tuple[Numbers, Floats]]]:
        """For each segment and post the best rows by BM25 over the post's rarest words."""
        heard = self._shelf.heard.view[asked.words]
        order = np.lexsort((asked.words, heard, asked.posts))
        spent = np.cumsum(heard[order])
        starts = np.searchsorted(asked.posts, np.arange(count + 1))
        before = np.concatenate(([0], spent))[starts[:-1]]
        within = spent - before[asked.posts[order]] <= _POSTINGS
        begins = starts[:-1][np.diff(starts) > 0]
        within[begins] = True  # at least the rarest word is looked up
        chosen = np.sort(order[within])
        exact = asked.likeness[chosen] >= 1
        weights = np.where(exact, 1, _LIKE_COUNTS * asked.likeness[chosen] ** 2)
        weights = (weights * self._shelf.rarity()[asked.words[chosen]]).astype(np.float32)
        question = sparse.csr_matrix(
            (
                weights, asked.words[chosen].astype(np.int32),
                np.searchsorted(asked.posts[chosen], np.arange(count + 1)),
            ),
            (count, len(self._shelf.vocabulary)),
        )  # fmt: skip
        alive = self._shelf.alive.view
        found = []
        for segment in self._shelf.segments:
            here = best(
                segment.scores(question),
                alive[segment.first : segment.first + segment.size],
                _CANDIDATES,
            )
            found.append([(rows + segment.first, values) for rows, values in here])
        return found


def _joined(
    ranked: list[list[tuple[Numbers, Floats]]], pairs: Pairs, rows_wide: int
) -> tuple[Numbers, Numbers, Floats]:
    """All candidates of all segments and the copies, sorted by post and row."""
    keys = [pairs.queries * rows_wide + pairs.rows]
    scores = [np.zeros(len(pairs.rows), np.float32)]
    for segment in ranked:
        for post, (rows, values) in enumerate(segment):
            keys.append(rows + post * rows_wide)
            scores.append(values)
    key, score = np.concatenate(keys), np.concatenate(scores)
    order = np.lexsort((-score, key))
    key, score = key[order], score[order]
    kept = np.concatenate(([True], key[1:] != key[:-1])) if len(key) else key.astype(bool)
    posts, rows = np.divmod(key[kept], max(rows_wide, 1))
    return posts, rows, score[kept]


def _agreements(posts: Numbers, rows: Numbers, pairs: Pairs, rows_wide: int) -> Floats:
    """The agreement of each candidate pair with its copy, 0 where it is none."""
    found = np.zeros(len(posts), np.float32)
    at = np.searchsorted(posts * rows_wide + rows, pairs.queries * rows_wide + pairs.rows)
    found[at] = pairs.agreement
    return found
